/** A program of somebody's as an app: its life, its place, and what requests see of both. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { lint } from '../../../src/convention/index.ts';
import { ask } from '../../../src/engine/memory/index.ts';
import { type Program, type ProgramOptions, program } from '../../../src/frameworks/program/index.ts';
import { until } from '../../support/until.ts';

const path = fileURLToPath(new URL('answers.ts', import.meta.url));

interface Answer {
	readonly pid: number;
	readonly url: string;
	readonly headers: Readonly<Record<string, string>>;
}

function started(t: TestContext, options: Partial<ProgramOptions> = {}): { app: Program; lines: string[] } {
	const lines: string[] = [];
	const app = program({ command: [process.execPath, path], log: (line) => lines.push(line), ...options });
	t.after(() => app.stop());
	return { app, lines };
}

async function answerOf(app: Program, target = '/'): Promise<Answer> {
	const answer = await ask(lint(app), { target, fields: { Host: 'example.org' } });
	assert.equal(answer.status, 200);
	return (await answer.json()) as Answer;
}

const isAlive = (pid: number): boolean => {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
};

for (const listen of ['socket', 'port'] as const) {
	test(`a program on a ${listen} is started, asked and stopped`, async (t) => {
		const { app, lines } = started(t, { listen });
		await app.start();
		const { pid, url, headers } = await answerOf(app, '/a?b');
		assert.equal(url, '/a?b');
		assert.deepEqual([headers['host'], headers['via']], ['example.org', undefined]);
		assert.equal(app.statistics().pid, pid);
		assert.equal(app.statistics().state, 'ready');
		await app.stop();
		assert.equal(isAlive(pid), false);
		assert.deepEqual(lines, ['begun', 'ending']);
		assert.equal(app.statistics().state, 'stopped');
	});
}

test('the place is told in the command, too, and its folder is gone in the end', async (t) => {
	const { app } = started(t, {
		command: ['/bin/sh', '-c', `SOCKET="$1" exec "$2" "$3"`, 'sh', '{socket}', process.execPath, path],
	});
	await app.start();
	const { pid } = await answerOf(app);
	assert.ok(isAlive(pid));
	await app.stop();
	assert.equal(isAlive(pid), false);
});

test('a first request starts what nobody has started', async (t) => {
	const { app } = started(t);
	assert.equal((await answerOf(app, '/first')).url, '/first');
	assert.equal(app.statistics().starts, 1);
});

test('it is ready when it answers the path below 500, not before', async (t) => {
	const { app } = started(t, { env: { DELAY: '200' }, ready: '/health' });
	await app.start();
	assert.equal((await answerOf(app)).url, '/');
	const never = started(t, { ready: '/unready', timeouts: { start: 400 } });
	await assert.rejects(never.app.start(), /does not answer after 400 ms/);
	assert.equal(never.app.statistics().state, 'stopped');
});

test('a program that cannot start says why, with its last words', async (t) => {
	const { app, lines } = started(t, { env: { FAIL: '7' } });
	await assert.rejects(app.start(), /exited with status 7\nbegun\nno luck: 7/);
	assert.deepEqual(lines, ['begun', 'no luck: 7']);
	const { app: absent } = started(t, { command: ['/no/such/program'] });
	await assert.rejects(absent.start(), /program could not be started: .*ENOENT/);
});

test('a program that ends is started again, and requests wait for it', async (t) => {
	const { app, lines } = started(t, { timeouts: { restart: 20 } });
	await app.start();
	const { pid } = await answerOf(app);
	const lost = await ask(lint(app), '/exit');
	assert.equal(lost.status, 502);
	await until(() => app.statistics().failures === 1, 'its end is seen');
	const again = await answerOf(app);
	assert.notEqual(again.pid, pid);
	assert.deepEqual([app.statistics().starts, app.statistics().failures], [2, 1]);
	assert.ok(
		lines.some((line) => line === 'exited with status 4; it is started again in 20 ms'),
		lines.join('\n'),
	);
});

test('a request that has waited long enough is told to come again', async (t) => {
	const { app } = started(t, { timeouts: { restart: 60_000, longestRestart: 60_000, wait: 50 } });
	await app.start();
	await ask(lint(app), '/exit');
	await until(() => app.statistics().state === 'waiting', 'its end is seen');
	const answer = await ask(lint(app), '/');
	assert.deepEqual([answer.status, answer.fields.get('retry-after')], [503, '60']);
});

test('what is under way is answered before it ends; what will not end is killed', async (t) => {
	const { app } = started(t);
	await app.start();
	const slow = ask(lint(app), '/slow');
	await until(() => app.statistics().state === 'ready', 'ready');
	const answer = await slow;
	await app.stop();
	assert.equal(await answer.text(), 'slow');
	const stubborn = started(t, { env: { STUBBORN: '1' }, timeouts: { stop: 200 } });
	await stubborn.app.start();
	const { pid } = await answerOf(stubborn.app);
	await stubborn.app.stop();
	assert.equal(isAlive(pid), false);
});

test('what it has started itself ends with it', async (t) => {
	const { app, lines } = started(t, {
		command: ['/bin/sh', '-c', 'sleep 1000 & echo "child $!"; exec "$0" "$1"', process.execPath, path],
		listen: 'socket',
	});
	await app.start();
	await answerOf(app);
	const child = Number(lines.find((line) => line.startsWith('child'))?.split(' ')[1]);
	assert.ok(isAlive(child));
	await app.stop();
	await until(() => !isRunning(child), 'the grandchild is gone');
});

/** Killed, and perhaps not yet waited for by whoever inherits orphans. */
function isRunning(pid: number): boolean {
	return existsSync(`/proc/${pid}/exe`) && isAlive(pid);
}

test('options that cannot be meant are refused with their name', () => {
	const refused: readonly (readonly [object, RegExp])[] = [
		[{ command: ['a'], redy: '/health' }, /program: redy: no such option; .*did you mean ready\?/],
		[{ command: [] }, /program: command must be the program/],
		[{ command: ['a', 1] }, /command/],
		[{ command: ['a', '{socket}'], listen: 'port' }, /listen must be 'socket', since/],
		[{ command: ['a'], listen: 'pipe' }, /listen/],
		[{ command: ['a'], ready: 'health' }, /ready must be a path/],
		[{ command: ['a'], env: { A: 1 } }, /env/],
		[{ command: ['a'], timeouts: { stop: -1 } }, /timeouts\.stop must be milliseconds/],
		[{ command: ['a'], timeouts: { sotp: 1 } }, /timeouts must be one of start, stop/],
	];
	for (const [options, message] of refused)
		assert.throws(() => program(options as ProgramOptions), { name: 'TypeError', message });
});
