import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { ask, type CommandProcess, FIXTURES, project, start } from '../cli/command-process.ts';

const HELLO = join(FIXTURES, 'hello.ts');
const SLOW = join(FIXTURES, 'slow.ts');
const STRAY = join(FIXTURES, 'stray.ts');

/** The processes that answered, over enough connections that every worker has had one with near certainty. */
async function answering(url: string, times = 60): Promise<Set<string>> {
	const found = new Set<string>();
	for (let i = 0; i < times; i++) found.add(/\d+/.exec((await ask(url)).body)?.[0] ?? 'none');
	return found;
}

const alive = (pid: string): boolean => {
	try {
		process.kill(Number(pid), 0);
		return true;
	} catch {
		return false;
	}
};

function listeningLines(started: CommandProcess): number {
	return started.stderr.match(/listening on/g)?.length ?? 0;
}

test('several processes share a port that was free, one line says which, and all end with the first', {
	timeout: 40_000,
}, async (t) => {
	const started = start(t, ['serve', HELLO, '--listen', '127.0.0.1:0', '--workers', '2']);
	const [url = ''] = await started.listening();
	assert.match(url, /^http:\/\/127\.0\.0\.1:[1-9]\d*$/);
	const pids = await answering(url);
	assert.equal(pids.size, 2);
	assert.equal(pids.has(String(started.child.pid)), false);
	assert.equal(listeningLines(started), 1);
	started.signal('SIGTERM');
	assert.equal((await started.ended).status, 0);
	for (const pid of pids) assert.equal(alive(pid), false);
	assert.equal(listeningLines(started), 1);
});

test('workers on several listeners, one of them on all interfaces', { timeout: 40_000 }, async (t) => {
	const started = start(t, ['serve', HELLO, '--listen', ':0', '--listen', 'localhost:0', '--workers', '2']);
	const urls = await started.listening(2);
	for (const url of urls) {
		const { port, hostname } = new URL(url);
		const host = hostname === '[::]' || hostname === '0.0.0.0' ? '127.0.0.1' : hostname;
		assert.equal((await answering(`http://${host}:${port}`)).size, 2);
	}
});

test('what is under way in a worker is answered before the end', { timeout: 40_000 }, async (t) => {
	const started = start(t, ['serve', SLOW, '--listen', '0', '--workers', '2']);
	const [url = ''] = await started.listening();
	const answer = ask(url, '/slow/700');
	await started.until(() => started.stdout.includes('slow request'), 'the request');
	// To the whole group, as a terminal does on Ctrl-C.
	started.signal('SIGINT', true);
	assert.equal((await answer).body, 'slow');
	assert.equal((await started.ended).status, 0);
});

test('a second signal ends all workers at once', { timeout: 40_000 }, async (t) => {
	const started = start(t, ['serve', SLOW, '--listen', '0', '--workers', '2']);
	const [url = ''] = await started.listening();
	const answer = ask(url, '/slow/20000').then(
		() => 'answered',
		() => 'cut off',
	);
	await started.until(() => started.stdout.includes('slow request'), 'the request');
	started.signal('SIGTERM');
	await started.until(() => started.stderr.includes('answering what is under way'), 'the notice');
	await new Promise((resolve) => setTimeout(resolve, 200));
	started.signal('SIGTERM');
	assert.equal((await started.ended).status, 143);
	assert.equal(await answer, 'cut off');
	await assert.rejects(ask(url));
});

test('a worker that is lost is replaced, and its end is told', { timeout: 40_000 }, async (t) => {
	const started = start(t, ['serve', STRAY, '--listen', '0', '--workers', '2']);
	const [url = ''] = await started.listening();
	const before = await answering(url);
	assert.equal(before.size, 2);
	await ask(url, '/crash').catch(() => {});
	await started.until(
		() => /worker [12] \(process \d+\) ended, SIGKILL; starting another in 100 ms/.test(started.stderr),
		'the loss',
	);
	let after = new Set<string>();
	for (let tries = 0; tries < 50 && after.size < 2; tries++) {
		await new Promise((resolve) => setTimeout(resolve, 100));
		after = await answering(url);
	}
	assert.equal(after.size, 2);
	assert.equal(new Set([...before, ...after]).size, 3, 'one is new, one has stayed');
	started.signal('SIGTERM');
	assert.equal((await started.ended).status, 0);
});

test('workers end when their parent is killed', { timeout: 40_000 }, async (t) => {
	const started = start(t, ['serve', HELLO, '--listen', '0', '--workers', '2']);
	const [url = ''] = await started.listening();
	started.signal('SIGKILL');
	// Its output closes when the last worker has let go of it.
	await started.ended;
	await assert.rejects(ask(url), { code: 'ECONNREFUSED' });
});

test('a worker that cannot start ends the command with the reason', { timeout: 40_000 }, async (t) => {
	const folder = project(t, { 'app.ts': 'export const x = 1;', 'throws.ts': 'throw new Error("boom");' });
	for (const [file, said] of [
		['app.ts', /^turnabout: app\.ts has no default export\n {2}Write/],
		['throws.ts', /^turnabout: throws\.ts:1:7: Error: boom\n$/],
	] as const) {
		const { status, stderr } = await start(t, ['serve', file, '--listen', '0', '--workers', '2'], { cwd: folder })
			.ended;
		assert.equal(status, 1);
		assert.match(stderr, said);
	}
});

test('a worker that dies before it listens ends the command', { timeout: 40_000 }, async (t) => {
	const folder = project(t, { 'app.ts': 'process.kill(process.pid, "SIGKILL"); export default 1;' });
	const { status, stderr } = await start(t, ['serve', 'app.ts', '--listen', '0', '--workers', '2'], { cwd: folder })
		.ended;
	assert.equal(status, 1);
	assert.match(stderr, /^turnabout: worker 1 ended before it listened, SIGKILL$/m);
});

test('a port that another group of workers has is taken', { timeout: 40_000 }, async (t) => {
	const first = start(t, ['serve', HELLO, '--listen', '0', '--workers', '2']);
	const [url = ''] = await first.listening();
	const { status, stderr } = await start(t, ['serve', HELLO, '--listen', new URL(url).port, '--workers', '2']).ended;
	assert.equal(status, 1);
	assert.match(stderr, /the port is taken \(EADDRINUSE\)/);
});

test('a configuration can ask for workers, but not on a socket', { timeout: 40_000 }, async (t) => {
	const folder = project(t, {
		'two.ts': 'export default { listen: 0, workers: 2, app: () => new Response(String(process.pid)) };',
		'socket.ts': 'export default { listen: "unix:x.sock", workers: 2, app: () => new Response() };',
	});
	const started = start(t, ['run', 'two.ts'], { cwd: folder });
	const [url = ''] = await started.listening();
	assert.equal((await answering(url)).size, 2);
	const { status, stderr } = await start(t, ['run', 'socket.ts'], { cwd: folder }).ended;
	assert.equal(status, 1);
	assert.match(stderr, /^turnabout: socket\.ts: workers: several processes cannot share a unix: socket/);
});

test('children of an app do not take themselves for workers', { timeout: 40_000 }, async (t) => {
	const folder = project(t, {
		'app.ts': 'const text = String(process.env["TURNABOUT_WORKER"]); export default () => new Response(text);',
	});
	const started = start(t, ['serve', 'app.ts', '--listen', '0', '--workers', '2'], { cwd: folder });
	const [url = ''] = await started.listening();
	assert.equal((await ask(url)).body, 'undefined');
});

test('a free port is taken without a moment in which another could take it', { timeout: 40_000 }, async (t) => {
	// The port stays bound from the first worker on: an exclusive listener fails as long as the command lives.
	const started = start(t, ['serve', HELLO, '--listen', '127.0.0.1:0', '--workers', '2']);
	const [url = ''] = await started.listening();
	const other = createServer();
	const failed = new Promise<Error & { code?: string }>((resolve) => other.once('error', resolve));
	other.listen(Number(new URL(url).port), '127.0.0.1');
	assert.equal((await failed).code, 'EADDRINUSE');
});
