import assert from 'node:assert/strict';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { until } from '../support/until.ts';
import { ask, type CommandProcess, FIXTURES, project, start } from './command-process.ts';

const SLOW = join(FIXTURES, 'slow.ts');

interface Waiting {
	/** The body, or why there is none. */
	readonly answer: Promise<string>;
}

/** Asks for a slow answer, and resolves when the app is at work on it. */
async function slowRequest(started: CommandProcess, url: string, milliseconds: number): Promise<Waiting> {
	const before = started.stdout.length;
	const answer = ask(url, `/slow/${milliseconds}`).then(
		({ body }) => body,
		(error: Error) => `cut off: ${error.message}`,
	);
	await started.until(() => started.stdout.slice(before).includes('slow request'), 'the request');
	return { answer };
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
	test(`${signal}: what is under way is answered, new connections are refused, the status is 0`, {
		timeout: 30_000,
	}, async (t) => {
		const started = start(t, ['serve', SLOW, '--listen', '0']);
		const [url = ''] = await started.listening();
		const { answer } = await slowRequest(started, url, 700);
		started.signal(signal);
		await started.until(
			() => started.stderr.includes(`${signal}: answering what is under way, for at most 10 s`),
			'the notice',
		);
		await assert.rejects(ask(url), { code: /^ECONN(REFUSED|RESET)$/ });
		assert.equal(await answer, 'slow');
		const { status, signal: by } = await started.ended;
		assert.deepEqual({ status, by }, { status: 0, by: null });
	});
}

for (const workers of ['1', '2']) {
	test(`SIGHUP without a terminal: logs that were moved away are begun anew (workers: ${workers})`, {
		timeout: 30_000,
	}, async (t) => {
		const cwd = project(t);
		const file = join(cwd, 'access.log');
		const args = ['serve', SLOW, '--listen', '0', '--access-log', 'access.log', '--workers', workers];
		const started = start(t, args, { cwd });
		const [url = ''] = await started.listening();
		await ask(url, '/first');
		await until(() => existsSync(file) && readFileSync(file, 'utf8').includes('/first'), 'the first line');
		renameSync(file, `${file}.1`);
		started.signal('SIGHUP', workers !== '1');
		await until(() => existsSync(file), 'the new file');
		for (let i = 0; i < 8; i++) await ask(url, '/second');
		started.signal('SIGTERM');
		const { status, signal } = await started.ended;
		assert.deepEqual({ status, signal }, { status: 0, signal: null });
		const second = (path: string): number => readFileSync(path, 'utf8').split('/second').length - 1;
		assert.equal(second(file) + second(`${file}.1`), 8);
		if (workers === '1') assert.equal(second(file), 8);
	});
}

test('idle connections do not hold up the end', { timeout: 30_000 }, async (t) => {
	const started = start(t, ['serve', SLOW, '--listen', '0']);
	const [url = ''] = await started.listening();
	const agent = new Agent({ keepAlive: true });
	t.after(() => agent.destroy());
	await new Promise((resolve) => get(url, { agent }, (response) => response.resume().once('end', resolve)));
	const silent = connect(Number(new URL(url).port), '127.0.0.1');
	silent.on('error', () => {});
	t.after(() => silent.destroy());
	await new Promise((resolve) => silent.once('connect', resolve));
	const sent = performance.now();
	started.signal('SIGTERM');
	assert.equal((await started.ended).status, 0);
	assert.ok(performance.now() - sent < 9000, 'before the deadline of the drain');
});

test('what is not done at the deadline is cut off, and the status is 0', { timeout: 30_000 }, async (t) => {
	const started = start(t, ['serve', SLOW, '--listen', '0', '--drain', '300ms']);
	const [url = ''] = await started.listening();
	const { answer } = await slowRequest(started, url, 20_000);
	started.signal('SIGTERM');
	assert.equal((await started.ended).status, 0);
	assert.match(await answer, /^cut off/);
});

test('a second signal stops at once, and the status says which', { timeout: 30_000 }, async (t) => {
	for (const [signal, status] of [
		['SIGTERM', 143],
		['SIGINT', 130],
	] as const) {
		const started = start(t, ['serve', SLOW, '--listen', '0']);
		const [url = ''] = await started.listening();
		const { answer } = await slowRequest(started, url, 20_000);
		started.signal(signal);
		await started.until(() => started.stderr.includes('answering what is under way'), 'the notice');
		// Later than a terminal's and npm's copies of the first one would come.
		await new Promise((resolve) => setTimeout(resolve, 200));
		started.signal(signal);
		assert.equal((await started.ended).status, status);
		assert.match(await answer, /^cut off/);
		assert.match(started.stderr, new RegExp(`^turnabout: ${signal} again: stopping at once$`, 'm'));
	}
});

test('one press of Ctrl-C that comes twice, as under npm, is one', { timeout: 30_000 }, async (t) => {
	const started = start(t, ['serve', SLOW, '--listen', '0']);
	const [url = ''] = await started.listening();
	const { answer } = await slowRequest(started, url, 500);
	started.signal('SIGINT');
	await started.until(() => started.stderr.includes('answering what is under way'), 'the notice');
	started.signal('SIGINT');
	assert.equal(await answer, 'slow');
	assert.equal((await started.ended).status, 0);
});
