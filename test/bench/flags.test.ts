import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseFlags } from '../../bench/flags.ts';
import { works } from '../../bench/suites.ts';

const names = (...args: string[]): string[] => parseFlags(args).works.map((work) => work.name);

test('without flags every work is measured for five rounds of three seconds', () => {
	const flags = parseFlags([]);
	assert.deepEqual([flags.rounds, flags.warm, flags.seconds, flags.idle, flags.json], [5, 2, 3, 10_000, null]);
	assert.equal(flags.works.length, works.length);
});

test('the smoke run is one round of one second of the quick works, unless other flags say more', () => {
	const flags = parseFlags(['--smoke']);
	assert.deepEqual([flags.rounds, flags.warm, flags.seconds], [1, 1, 1]);
	assert.ok(flags.works.length > 0 && flags.works.every((work) => work.quick === true));
	assert.equal(parseFlags(['--smoke', '--rounds', '2']).rounds, 2);
	assert.deepEqual(names('--smoke', '--only', 'idle'), ['idle']);
});

test('works are chosen by name', () => {
	assert.deepEqual(names('--only', 'idle', '--only', 'hello'), ['idle', 'hello']);
	assert.throws(() => parseFlags(['--only', 'nothing']), /no work is called 'nothing'/);
});

test('re-theming is measured alone, or as a part of the smoke run', () => {
	assert.deepEqual([parseFlags([]).theme, parseFlags(['--smoke']).theme], [false, true]);
	const alone = parseFlags(['--theme']);
	assert.deepEqual([alone.theme, alone.works], [true, []]);
	assert.deepEqual(parseFlags(['--theme', '--smoke']).works, []);
	assert.equal(parseFlags(['--smoke', '--only', 'idle']).theme, false);
	assert.throws(() => parseFlags(['--theme', '--only', 'idle']), /leave --only out/);
});

test('numbers that are none are refused', () => {
	for (const text of ['0', '-1', '1.5', 'x', '', '1e9', '10000000']) {
		assert.throws(() => parseFlags([`--rounds=${text}`]), /--rounds takes a whole number/);
	}
	assert.throws(() => parseFlags(['--fast']), /--fast/);
});

test('every bar names targets of its own work', () => {
	for (const work of works) {
		const targets = new Set(work.targets.map((target) => target.name));
		assert.equal(targets.size, work.targets.length, `${work.name}: two targets of one name`);
		assert.ok(work.targets.some((target) => target.ours === true || target.missing() !== null));
		for (const bar of work.bars) {
			assert.ok(targets.has(bar.of), `${work.name}: ${bar.of}`);
			assert.ok(bar.against === null || targets.has(bar.against), `${work.name}: ${bar.against}`);
		}
	}
});
