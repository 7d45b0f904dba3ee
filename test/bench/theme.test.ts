import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { page } from '../../bench/micro/theme-pages.ts';
import { MOST_EXPONENT, MOST_PER_MEGABYTE } from '../../bench/theme/hostile.ts';
import { hostilePages } from '../../bench/theme/hostile-pages.ts';
import { hostileRules } from '../../bench/theme/hostile-rules.ts';
import { MOST_MEMORY } from '../../bench/theme/memory.ts';
import { MOST_OF_PARSE5, SIZES } from '../../bench/theme/pages.ts';
import { themeTables } from '../../bench/theme/report.ts';
import { planOf, themedBytes } from '../../bench/theme/rule-sets.ts';
import { measureStreaming } from '../../bench/theme/streaming.ts';

test('the sets of rules have as many rules as they say, and each of them finds its place', () => {
	for (const [set, count] of [
		['8', 8],
		['36', 36],
		['xslt', 36],
		['stream', 36],
	] as const) {
		const plan = planOf(set);
		assert.equal(plan.set.rules.length, count, set);
		assert.deepEqual(plan.warnings, [], set);
		const text = Buffer.from(themedBytes(plan, page(20_000))).toString();
		assert.match(text, /<title>News[^]*id="toolbar"[^]*Item number 1[^]*class="colophon"/, set);
	}
});

test('a page of the bench is as long as it is asked to be, hostile ones too', () => {
	for (const length of [20_000, 100_000]) {
		for (const one of [page(length), ...hostilePages.map((hostile) => hostile.page(length))]) {
			assert.ok(one.length >= length * 0.99 && one.length < length + 6_000, String(one.length));
		}
	}
	for (const { plan } of hostileRules) assert.ok(plan().set.rules.length === 3);
});

test('the streaming rules begin to leave before a twentieth of the content has come', () => {
	const [whole, streamed] = measureStreaming();
	assert.equal(whole?.first, 1);
	assert.ok(streamed !== undefined && streamed.first < 0.05 && streamed.late > 0.02);
});

test('the tables say of every bar what became of it', () => {
	const spread = (median: number) => ({ min: median, median, max: median });
	const row = { kilobytes: 20, subject: '36 rules', milliseconds: spread(0.3), ratio: spread(0.95) };
	const text = themeTables({
		pages: [row],
		compile: spread(6),
		streaming: measureStreaming(),
		memory: [{ kilobytes: 20, mode: 'html', factor: 9 }],
		hostile: [{ name: 'x', perMegabyte: 300, exponent: 1, limited: 'depth' }],
	});
	assert.match(text, /\| 20 KB \| 36 rules \| 0\.300 .* \| 0\.4 ms: \*\*met\*\*, 0\.9 × parse5: \*\*missed\*\* \|/);
	assert.equal(text.match(/\*\*missed\*\*/g)?.length, 4);
});

test('the document names the bars that the bench keeps', () => {
	const text = readFileSync(new URL('../../docs/performance.md', import.meta.url), 'utf8');
	const section = text.slice(text.indexOf('## Re-theming'));
	for (const [kilobytes, most] of SIZES)
		assert.ok(section.includes(`${most} ms for ${kilobytes} KB`), String(kilobytes));
	for (const bar of [
		`${MOST_OF_PARSE5} × the time of parse5`,
		`${MOST_MEMORY} × its content`,
		`${MOST_PER_MEGABYTE} ms a megabyte`,
		`power of ${MOST_EXPONENT}`,
	]) {
		assert.ok(section.includes(bar), bar);
	}
});
