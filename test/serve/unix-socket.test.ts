import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { claimSocket, ownSocket } from '../../src/serve/unix-socket.ts';

function place(t: TestContext): string {
	const folder = mkdtempSync(join(tmpdir(), 'turnabout-socket-'));
	t.after(() => rmSync(folder, { recursive: true, force: true }));
	return join(folder, 'app.sock');
}

/** A socket file as a killed process leaves it. */
function abandon(path: string): void {
	const script = 'require("net").createServer().listen(process.argv[1], () => process.kill(process.pid, "SIGKILL"))';
	spawnSync(process.execPath, ['-e', script, path], { timeout: 10_000 });
	assert.ok(existsSync(path));
}

test('nothing there: nothing to do', async (t) => claimSocket(place(t)));

test('a socket on which nobody answers is removed', async (t) => {
	const path = place(t);
	abandon(path);
	await claimSocket(path);
	assert.equal(existsSync(path), false);
});

test('a socket on which somebody answers is left alone', async (t) => {
	const path = place(t);
	const server = createServer().listen(path);
	t.after(() => server.close());
	await new Promise((resolve) => server.once('listening', resolve));
	await assert.rejects(claimSocket(path), { name: 'StartError', message: /somebody listens there already/ });
	assert.equal(existsSync(path), true);
});

test('a file that is no socket is left alone', async (t) => {
	const path = place(t);
	writeFileSync(path, 'precious');
	await assert.rejects(claimSocket(path), { name: 'StartError', message: /exists and is not a socket/ });
	assert.equal(existsSync(path), true);
});

test('ours is removed at the end, but not what has taken its place', (t) => {
	const path = place(t);
	abandon(path);
	const remove = ownSocket(path);
	rmSync(path);
	writeFileSync(path, 'another');
	remove();
	assert.equal(existsSync(path), true);
	rmSync(path);
	abandon(path);
	ownSocket(path)();
	assert.equal(existsSync(path), false);
});
