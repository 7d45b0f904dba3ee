import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { mint, minted } from '../support/minted.ts';
import { ask, FIXTURES, project, run, start } from './command-process.ts';

const HELLO = join(FIXTURES, 'hello.ts');
const STRAY = join(FIXTURES, 'stray.ts');

/** A server that answers with its name and the Host it was asked for. */
async function origin(t: TestContext, name: string): Promise<string> {
	const server = createServer((request, response) => response.end(`${name} ${request.headers.host} ${request.url}`));
	server.listen(0, '127.0.0.1');
	t.after(() => {
		server.close();
		server.closeAllConnections();
	});
	await new Promise((resolve) => server.once('listening', resolve));
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('serve: one line on standard error says the real address, and nothing else is said', {
	timeout: 30_000,
}, async (t) => {
	const started = start(t, ['serve', HELLO, '--listen', '127.0.0.1:0']);
	const [url = ''] = await started.listening();
	assert.match(url, /^http:\/\/127\.0\.0\.1:[1-9]\d*$/);
	assert.equal((await ask(url, '/a')).body, `hello from ${started.child.pid} at /a`);
	assert.equal(started.stderr, `turnabout: listening on ${url}\n`);
	assert.equal(started.stdout, '');
});

test('serve: objects with fetch, named fetch, packages and relative paths are apps, too', {
	timeout: 30_000,
}, async (t) => {
	const folder = project(t, {
		'object.ts': 'export default { name: "object", fetch() { return new Response(this.name); } };',
		'named.mjs': 'export const fetch = () => new Response("named");',
		'common.cjs': 'module.exports = () => new Response("common");',
		'node_modules/an-app/package.json': '{ "main": "main.mjs" }',
		'node_modules/an-app/main.mjs': 'export default () => new Response("package");',
	});
	const apps = {
		'object.ts': 'object',
		'./named.mjs': 'named',
		[join(folder, 'common.cjs')]: 'common',
		'an-app': 'package',
	};
	for (const [module, body] of Object.entries(apps)) {
		const started = start(t, ['serve', module, '--listen', '0'], { cwd: folder });
		const [url = ''] = await started.listening();
		assert.equal((await ask(url)).body, body);
	}
});

test('serve: new Response is light, unless the environment wants the native one', { timeout: 30_000 }, async (t) => {
	const app = "export default () => new Response(String('payload' in new Response('')));";
	const folder = project(t, { 'app.ts': app });
	for (const [env, said] of [
		[{}, 'true'],
		[{ TURNABOUT_NATIVE_RESPONSE: '1' }, 'false'],
	] as const) {
		const [url = ''] = await start(t, ['serve', 'app.ts', '--listen', '0'], { cwd: folder, env }).listening();
		assert.equal((await ask(url)).body, said);
	}
});

test('reverse: requests go to the server that was named', { timeout: 30_000 }, async (t) => {
	const upstream = await origin(t, 'one');
	const started = start(t, ['reverse', '--to', upstream, '--listen', '0']);
	const [url = ''] = await started.listening();
	const { status, body } = await ask(url, '/a%2Fb?c');
	assert.equal(status, 200);
	assert.match(body, /^one \S+ \/a%2Fb\?c$/);
});

test('reverse: --host decides what the upstream sees, and without it the client’s is kept', {
	timeout: 30_000,
}, async (t) => {
	const upstream = await origin(t, 'one');
	for (const [word, host] of [
		[null, 'old.example'],
		['keep', 'old.example'],
		['upstream', new URL(upstream).host],
	] as const) {
		const started = start(t, [
			'reverse',
			'--to',
			upstream,
			'--listen',
			'0',
			...(word === null ? [] : ['--host', word]),
		]);
		const [url = ''] = await started.listening();
		assert.equal((await ask(url, '/', { host: 'old.example' })).body, `one ${host} /`);
	}
});

test('reverse: several servers share the requests', { timeout: 30_000 }, async (t) => {
	const [one, two] = [await origin(t, 'one'), await origin(t, 'two')];
	const started = start(t, ['reverse', '--to', one, '--to', two, '--listen', '0']);
	const [url = ''] = await started.listening();
	const names = new Set<string | undefined>();
	for (let i = 0; i < 20; i++) names.add((await ask(url)).body.split(' ')[0]);
	assert.deepEqual(names, new Set(['one', 'two']));
});

test('--access-log: a line per request to a file, to standard output, or nowhere', { timeout: 30_000 }, async (t) => {
	const folder = project(t);
	for (const to of ['access.log', '-', 'off', null]) {
		const started = start(t, ['serve', HELLO, '--listen', '0', ...(to === null ? [] : ['--access-log', to])], {
			cwd: folder,
		});
		const [url = ''] = await started.listening();
		await ask(url, '/logged');
		started.signal('SIGTERM');
		const { status, stdout } = await started.ended;
		assert.equal(status, 0);
		if (to === 'access.log') assert.match(readFileSync(join(folder, to), 'utf8'), /GET \/logged.*200/);
		if (to === '-') assert.match(stdout, /GET \/logged.*200/);
		else assert.equal(stdout, '');
	}
});

test('--access-log-format: lines in JSON, to standard output where nothing else is said', {
	timeout: 30_000,
}, async (t) => {
	const started = start(t, ['serve', HELLO, '--listen', '0', '--access-log-format', 'json']);
	const [url = ''] = await started.listening();
	await ask(url, '/logged?token=abc');
	started.signal('SIGTERM');
	const { stdout } = await started.ended;
	const { level, url: target, status } = JSON.parse(stdout) as Record<string, unknown>;
	assert.deepEqual({ level, target, status }, { level: 30, target: '/logged?token=***', status: 200 });
});

test('an empty host listens on all interfaces', { timeout: 30_000 }, async (t) => {
	const started = start(t, ['serve', HELLO, '--listen', ':0']);
	const [url = ''] = await started.listening();
	assert.match(url, /^http:\/\/(\[::\]|0\.0\.0\.0):\d+$/);
	assert.equal((await ask(`http://127.0.0.1:${new URL(url).port}`)).status, 200);
});

test('a socket in the file system', { timeout: 30_000 }, async (t) => {
	const path = join(project(t), 'app.sock');
	const started = start(t, ['serve', HELLO, '--listen', `unix:${path}`]);
	assert.deepEqual(await started.listening(), [`unix:${path}`]);
	assert.equal((await ask(`unix:${path}`)).status, 200);
});

test('stray errors of an app are told and end nothing', { timeout: 30_000 }, async (t) => {
	const started = start(t, ['serve', STRAY, '--listen', '0']);
	const [url = ''] = await started.listening();
	for (const [path, said] of [
		['/rejection', /^turnabout: unhandled rejection: Error: a stray rejection\n {4}at /m],
		['/exception', /^turnabout: uncaught exception: Error: a stray exception\n {4}at /m],
	] as const) {
		await ask(url, path);
		await started.until(() => said.test(started.stderr), String(said));
	}
	assert.equal((await ask(url)).body, `alive as ${started.child.pid}`);
	started.signal('SIGTERM');
	assert.equal((await started.ended).status, 0);
});

test('resources start before the first request and stop after the last, in reverse', { timeout: 30_000 }, async (t) => {
	const folder = project(t, {
		'turnabout.config.ts': `
			const say = (text: string) => () => console.log(text);
			const app = Object.assign(() => new Response('x'), { start: say('start app'), stop: say('stop app') });
			export default {
				listen: 0,
				app,
				resources: [{ start: say('start a'), close: say('close a') }, { stop: () => { throw new Error('stuck'); } }],
			};`,
	});
	const started = start(t, ['run'], { cwd: folder });
	await started.listening();
	assert.equal(started.stdout, 'start a\nstart app\n');
	started.signal('SIGTERM');
	const { status, stdout, stderr } = await started.ended;
	assert.equal(status, 0);
	assert.equal(stdout, 'start a\nstart app\nstop app\nclose a\n');
	assert.match(stderr, /^turnabout: stopping: stuck$/m);
});

test('serve: --tls-cert speaks TLS by name and HTTP/2, with files that hold both or one each', {
	timeout: 30_000,
}, async (t) => {
	const [one, two] = [minted('one.example'), minted('two.example')];
	const folder = project(t, { 'one.pem': one.cert, 'one.key': one.key, 'two.pem': two.cert, 'two.key': two.key });
	const flags = ['one', 'two'].flatMap((name) => [
		'--tls-cert',
		join(folder, `${name}.pem`),
		'--tls-key',
		join(folder, `${name}.key`),
	]);
	const started = start(t, ['serve', HELLO, '--listen', '127.0.0.1:0', '--workers', '2', ...flags]);
	const [url = ''] = await started.listening();
	assert.match(url, /^https:/);
	for (const servername of ['one.example', 'two.example']) {
		const session = connect(url, { ca: mint, servername });
		t.after(() => session.destroy());
		const stream = session.request({ ':path': '/a' }).setEncoding('utf8');
		let body = '';
		for await (const chunk of stream) body += chunk;
		assert.match(body, /^hello from \d+ at \/a$/);
		session.destroy();
	}
});

test('certificates that are none are told in one line, with the flag', { timeout: 30_000 }, async (t) => {
	const { cert, key } = minted('one.example');
	const folder = project(t, { 'a.pem': cert, 'b.key': minted('other.example').key, 'c.pem': `${cert}${key}` });
	for (const [flags, reason] of [
		[['--tls-cert', '/nowhere/a.pem'], /--tls-cert: the file cannot be read: ENOENT.*\/nowhere\/a\.pem/],
		[['--tls-cert', join(folder, 'a.pem')], /--tls-cert: no key can be read/],
		[
			['--tls-cert', join(folder, 'a.pem'), '--tls-key', join(folder, 'b.key')],
			/--tls-cert: the key is not that of the certificate/,
		],
		[
			['--tls-cert', join(folder, 'c.pem'), '--tls-cert', join(folder, 'a.pem'), '--tls-key', join(folder, 'b.key')],
			/--tls-key: 1 of them for 2/,
		],
	] as const) {
		const { status, stderr } = await run(t, ['serve', HELLO, ...flags]);
		assert.match(stderr, reason);
		assert.ok(status === 1 || status === 2, String(status));
		assert.doesNotMatch(stderr, /\n {4}at /);
	}
});

test('reverse: the lines of a file are the servers, one that is gone is hidden, and clients stay', {
	timeout: 30_000,
}, async (t) => {
	const [one, two] = [await origin(t, 'one'), await origin(t, 'two')];
	const gone = createServer();
	gone.listen(0, '127.0.0.1');
	await new Promise((resolve) => gone.once('listening', resolve));
	const { port } = gone.address() as AddressInfo;
	gone.close();
	const folder = project(t, { list: `${one} name=one\nhttp://127.0.0.1:${port} name=gone\n${two} name=two\n` });
	const flags = ['--to-file', join(folder, 'list'), '--listen', '127.0.0.1:0', '--sticky', '--balance', 'least-active'];
	const started = start(t, ['reverse', ...flags]);
	const [url = ''] = await started.listening();
	const bodies = new Set<string>();
	for (let at = 0; at < 6; at++) bodies.add((await ask(url, '/')).body.split(' ')[0] as string);
	assert.deepEqual([...bodies].toSorted(), ['one', 'two']);
	assert.match((await fetch(url)).headers.get('set-cookie') ?? '', /^upstream=[a-z0-9]+; Path=\/; HttpOnly/);
});

test('reverse: --cache answers again without asking, and says so', { timeout: 30_000 }, async (t) => {
	let asked = 0;
	const server = createServer((_request, response) => {
		asked++;
		response.setHeader('Cache-Control', 'max-age=60').setHeader('Set-Cookie', 'a=b').end(`${asked}`);
	});
	server.listen(0, '127.0.0.1');
	t.after(() => server.close());
	await new Promise((resolve) => server.once('listening', resolve));
	const { port } = server.address() as AddressInfo;
	for (const [flags, expected] of [
		[
			['--cache', '--cache-size', '1MB'],
			['1', '2'],
		],
		[
			['--cache', '--cache-rfc'],
			['3', '3'],
		],
	] as const) {
		const started = start(t, ['reverse', '--to', `http://127.0.0.1:${port}`, '--listen', '127.0.0.1:0', ...flags]);
		const [url = ''] = await started.listening();
		const bodies = [await (await fetch(url)).text(), await (await fetch(url)).text()];
		assert.deepEqual(bodies, expected);
		assert.match((await fetch(url)).headers.get('cache-status') ?? '', /^turnabout; (?:hit|fwd=uri-miss)/);
		asked = 2;
	}
});
