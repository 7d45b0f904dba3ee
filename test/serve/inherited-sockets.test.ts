/** Sockets that are passed on: nobody is refused while one process takes the place of another. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { inheritedSocket } from '../../src/serve/inherited-sockets.ts';

/** A supervisor as systemd is one: it makes the sockets, says where they are, and runs the command again and again with them. */
const SUPERVISOR = `
import os, socket, sys
names, count = sys.argv[1], int(sys.argv[2])
places, command = sys.argv[3:3 + count], sys.argv[3 + count:]
made = []
for place in places:
    if place == 'tcp':
        one = socket.socket()
        one.bind(('127.0.0.1', 0))
    else:
        one = socket.socket(socket.AF_UNIX)
        one.bind(place)
    one.listen(100)
    made.append(one)
print(made[0].getsockname()[1], flush=True)
while True:
    child = os.fork()
    if child == 0:
        for at, one in enumerate(made):
            os.dup2(one.fileno(), 3 + at)
            os.set_inheritable(3 + at, True)
        os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(count), LISTEN_FDNAMES=names)
        os.execv(command[0], command)
    os.waitpid(child, 0)
    print('ended', flush=True)
`;

const skip = spawnSync('python3', ['--version']).error === undefined ? false : 'there is no python3 here';

function supervised(t: TestContext, names: string, places: readonly string[], args: readonly string[]): ChildProcess {
	const command = [process.execPath, 'bin/turnabout', 'serve', ...args];
	const child = spawn('python3', ['-c', SUPERVISOR, names, String(places.length), ...places, ...command], {
		cwd: new URL('../..', import.meta.url),
		stdio: ['ignore', 'pipe', 'pipe'],
		detached: true,
	});
	t.after(() => process.kill(-(child.pid as number), 'SIGKILL'));
	return child;
}

/** The next that it, or what it runs, has to say. */
async function said(child: ChildProcess, where: 'stdout' | 'stderr' = 'stdout'): Promise<string> {
	const [line] = (await once(child[where] as NonNullable<ChildProcess['stdout']>, 'data')) as [Buffer];
	return String(line);
}

async function asked(place: number | string): Promise<string> {
	const socket = typeof place === 'number' ? connect(place, '127.0.0.1') : connect(place);
	socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
	return (await text(socket)).split('\r\n\r\n')[1] ?? '';
}

function app(t: TestContext): string {
	const folder = mkdtempSync(join(tmpdir(), 'inherited-'));
	t.after(() => rmSync(folder, { recursive: true }));
	return folder;
}

test('a process is replaced, and who comes meanwhile waits', { skip, timeout: 60_000 }, async (t) => {
	const folder = app(t);
	const module = join(folder, 'app.mjs');
	writeFileSync(module, 'export default () => new Response(String(process.pid));\n');
	const child = supervised(t, 'web', ['tcp'], [module, '--listen', 'systemd']);
	const port = Number(await said(child));
	assert.match(await said(child, 'stderr'), new RegExp(`http://127\\.0\\.0\\.1:${port}`));
	const first = await asked(port);
	process.kill(Number(first), 'SIGTERM');
	assert.match(await said(child), /ended/);
	// The second is still starting.
	const second = await asked(port);
	assert.notEqual(second, first);
	assert.match(second, /^\d+$/);
});

test('a socket in the file system stays when we end: it is not ours', { skip, timeout: 60_000 }, async (t) => {
	const folder = app(t);
	const module = join(folder, 'app.mjs');
	writeFileSync(module, 'export default () => new Response(String(process.pid));\n');
	const path = join(folder, 'web.sock');
	const child = supervised(t, 'a:b', ['tcp', path], [module, '--listen', 'systemd:1', '--listen', 'systemd:b']);
	await said(child);
	await said(child, 'stderr');
	process.kill(Number(await asked(path)), 'SIGTERM');
	assert.match(await said(child), /ended/);
	assert.ok(existsSync(path));
	assert.match(await asked(path), /^\d+$/, 'and the next one answers there');
});

test('what has not been passed on is said, with what has', () => {
	const passed = { LISTEN_PID: String(process.pid), LISTEN_FDS: '2', LISTEN_FDNAMES: 'web:admin' };
	assert.deepEqual(
		['web', 'admin', '1', '2'].map((name) => inheritedSocket(name, passed)),
		[3, 4, 3, 4],
	);
	assert.equal(inheritedSocket(null, { ...passed, LISTEN_FDS: '1' }), 3);
	const rows: readonly [name: string | null, environment: object, reason: RegExp][] = [
		[null, {}, /listen on systemd: no socket has been passed on/],
		[null, { ...passed, LISTEN_PID: '1' }, /no socket has been passed on/],
		[null, passed, /several sockets have been passed on/],
		['x', passed, /listen on systemd:x: no such socket/],
		['0', passed, /no such socket/],
		['3', passed, /no such socket/],
		['web', { ...passed, LISTEN_FDS: '9'.repeat(9) }, /no socket has been passed on/],
	];
	for (const [name, environment, reason] of rows)
		assert.throws(() => inheritedSocket(name, environment as NodeJS.ProcessEnv), reason);
});
