/** `turnabout forward` and `turnabout through`, as processes. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { DeniedHosts } from '../../src/cli/forward/denied.ts';
import { readHostPattern } from '../../src/cli/forward/host-patterns.ts';
import { proxyEnvironment } from '../../src/cli/forward/proxy-environment.ts';
import { connect as connectRaw } from '../support/raw-client.ts';
import { connect5 } from '../support/socks-client.ts';
import { ask, project, run, start } from './command-process.ts';

async function origin(t: TestContext): Promise<number> {
	const server = createServer((request, response) => response.end(`asked for ${request.url}`));
	server.listen(0, '127.0.0.1');
	t.after(() => {
		server.close();
		server.closeAllConnections();
	});
	await new Promise((resolve) => server.once('listening', resolve));
	return (server.address() as AddressInfo).port;
}

/** One request in absolute-form; resolves to the head and the body. */
function through(proxy: string, target: string, fields = ''): Promise<string> {
	const { hostname, port } = new URL(proxy);
	return new Promise((resolve, reject) => {
		const socket = connect(Number(port), hostname, () =>
			socket.write(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${fields}\r\n`),
		);
		let text = '';
		socket.on('data', (chunk) => {
			text += chunk.toString('latin1');
		});
		socket.once('error', reject);
		socket.once('end', () => resolve(text));
	});
}

test('forward: closed to private addresses, and audited', { timeout: 30_000 }, async (t) => {
	const port = await origin(t);
	const folder = project(t);
	const audit = join(folder, 'audit.log');
	const started = start(t, ['forward', '--listen', '127.0.0.1:0', '--ports', 'all', '--audit', audit]);
	const [url = ''] = await started.listening();
	assert.match(await through(url, `http://127.0.0.1:${port}/?token=1`), /^HTTP\/1\.1 403 .*destination_ip_prohibited/s);
	started.signal('SIGTERM');
	assert.equal((await started.ended).status, 0);
	const record = JSON.parse(readFileSync(audit, 'utf8')) as Record<string, unknown>;
	assert.deepEqual([record['outcome'], record['target']], ['denied', `http://127.0.0.1:${port}/`]);
});

test('forward: --allow, --deny, --ports, --allow-private and --user say who goes where', {
	timeout: 30_000,
}, async (t) => {
	const port = await origin(t);
	const started = start(t, [
		...['forward', '--listen', '127.0.0.1:0', '--user', 'ann:secret', '--allow-private', '127.0.0.0/8'],
		...['--allow', `127.0.0.1:${port}`, '--deny', 'localhost'],
	]);
	const [url = ''] = await started.listening();
	assert.match(await through(url, `http://127.0.0.1:${port}/a`), /^HTTP\/1\.1 407 /);
	const wrong = `Proxy-Authorization: Basic ${btoa('ann:guess')}\r\n`;
	assert.match(await through(url, `http://127.0.0.1:${port}/a`, wrong), /^HTTP\/1\.1 407 /);
	const right = `Proxy-Authorization: Basic ${btoa('ann:secret')}\r\n`;
	assert.match(await through(url, `http://127.0.0.1:${port}/a`, right), /^HTTP\/1\.1 200 .*asked for \/a/s);
	assert.match(await through(url, `http://localhost:${port}/`, right), /^HTTP\/1\.1 403 .*"deny localhost"/s);
	assert.match(await through(url, 'http://127.0.0.1:1/', right), /^HTTP\/1\.1 403 .*"port 1"/s);
	assert.match(await through(url, 'http://127.0.0.1/', right), /^HTTP\/1\.1 403 .*"no rule allows it"/s);
	assert.ok(!started.stderr.includes('secret'));
});

/** Asks by SOCKS5 for a tunnel to 127.0.0.1, and resolves to the number of the reply; null when nobody speaks it. */
async function bySocks(t: TestContext, proxy: string, port: number): Promise<number | null> {
	const url = new URL(proxy);
	const client = await connectRaw(t, Number(url.port));
	const who = url.username === '' ? null : { user: url.username, password: url.password };
	return connect5(client, '127.0.0.1', port, who).catch(() => null);
}

test('forward: SOCKS on the same port, by the same users and rules', { timeout: 30_000 }, async (t) => {
	const port = await origin(t);
	const started = start(t, [
		...['forward', '--listen', '127.0.0.1:0', '--user', 'ann:secret', '--allow-private', '127.0.0.0/8'],
		...['--allow', `127.0.0.1:${port}`],
	]);
	const [url = ''] = await started.listening();
	assert.equal(await bySocks(t, url, port), 2);
	assert.equal(await bySocks(t, url.replace('://', '://ann:guess@'), port), 2);
	assert.equal(await bySocks(t, url.replace('://', '://ann:secret@'), port), 0);
	assert.equal(await bySocks(t, url.replace('://', '://ann:secret@'), 1), 2);
});

test('forward: no SOCKS on an engine that cannot', { timeout: 30_000 }, async (t) => {
	const started = start(t, ['forward', '--listen', '127.0.0.1:0', '--engine', 'node-http']);
	const [url = ''] = await started.listening();
	assert.equal(await bySocks(t, url, 80), null);
});

test('through: SOCKS on the same port, with the same password', { timeout: 30_000 }, async (t) => {
	const port = await origin(t);
	const program = `import { connect } from 'node:net';
		const { port, password } = new URL(process.env.ALL_PROXY);
		const login = [1, 7, ...Buffer.from('through'), password.length, ...Buffer.from(password)];
		const socket = connect(Number(port), '127.0.0.1');
		socket.write(Buffer.from([5, 1, 2, ...login, 5, 1, 0, 1, 127, 0, 0, 1, ${port >> 8}, ${port & 255}]));
		let bytes = '';
		socket.on('data', (chunk) => {
			bytes += chunk.toString('hex');
			if (bytes.length < 28) return;
			console.log(bytes);
			socket.destroy();
		});`;
	const args = ['through', '--allow', `127.0.0.1:${port}`, '--allow-private', 'loopback', '--'];
	const { status, stdout } = await run(t, [...args, process.execPath, '--input-type=module', '-e', program]);
	assert.deepEqual([status, stdout.trim()], [0, '0502010005000001000000000000']);
});

test('forward: a request for the proxy itself is told what this is', { timeout: 30_000 }, async (t) => {
	const started = start(t, ['forward', '--listen', '127.0.0.1:0']);
	const [url = ''] = await started.listening();
	const { status, body } = await ask(url);
	assert.equal(status, 404);
	assert.match(body, /forward proxy/);
});

test('forward: /proxy.pac names the address it was asked at, and wants no password', { timeout: 30_000 }, async (t) => {
	const started = start(t, ['forward', '--listen', '127.0.0.1:0', '--user', 'ann:secret']);
	const [url = ''] = await started.listening();
	const { status, body } = await ask(url, '/proxy.pac');
	assert.equal(status, 200);
	assert.ok(body.includes(`PROXY ${new URL(url).host}`), body);
	assert.match(body, /FindProxyForURL/);
	// That of another host is asked for like anything else.
	assert.match(await through(url, 'http://192.0.2.1/proxy.pac'), /^HTTP\/1\.1 407 /);
});

test('forward: an open proxy is one only when somebody says so', { timeout: 30_000 }, async (t) => {
	for (const address of [':0', '0.0.0.0:0', '[::]:0', 'localhost.example:0']) {
		const { status, stderr } = await run(t, ['forward', '--listen', '127.0.0.1:0', '--listen', address]);
		assert.equal(status, 2);
		assert.match(stderr, /other machines reach it, and nothing says who may use this proxy/);
		assert.match(stderr, /--users FILE.*--open/);
	}
	await start(t, ['forward', '--listen', '0.0.0.0:0', '--open']).listening();
	await start(t, ['forward', '--listen', '0.0.0.0:0', '--user', 'ann:secret']).listening();
	await start(t, ['forward', '--listen', 'localhost:0', '--listen', '127.0.0.1:0']).listening();
});

for (const [args, said] of [
	[['--open', '--user', 'ann:secret'], /--open and users: one of them/],
	[['--user', 'ann'], /--user NAME:PASSWORD: no name and password/],
	[['--parent', 'proxy:3128'], /--parent URL\|env: .*Did you mean http:\/\/proxy:3128\?/],
	[['--allow', 'two words'], /--allow two words: .*Write example\.org/s],
	[['--allow', '0x7f.1'], /hexadecimal/],
	[['--ports', '80,0'], /"0" is no port/],
	[['--deny', '@'], /--deny @: @ without a file/],
	[['--allow-private', '10.0.0.0/40'], /--allow-private 10\.0\.0\.0\/40/],
	[['--user', 'a:b', '--users', 'f'], /--user and --users/],
	[['--denny', 'x'], /Did you mean --deny\?/],
] as const) {
	test(`forward: ${args.join(' ')} is refused with a hint`, { timeout: 30_000 }, async (t) => {
		const { status, stderr } = await run(t, ['forward', ...args]);
		assert.equal(status, 2);
		assert.match(stderr, said);
	});
}

test('a password in a flag that is refused is not shown', { timeout: 30_000 }, async (t) => {
	for (const args of [
		['--user', ':hush'],
		['--parent', 'ftp://ann:hush@proxy'],
	]) {
		const { status, stderr } = await run(t, ['forward', ...args]);
		assert.equal(status, 2);
		assert.doesNotMatch(stderr, /hush/);
	}
});

test('forward: --parent goes through another proxy', { timeout: 30_000 }, async (t) => {
	const port = await origin(t);
	const reach = ['--listen', '127.0.0.1:0', '--ports', 'all', '--allow-private', 'loopback'];
	const env = { TURNABOUT_NAME: undefined };
	const outer = start(t, ['forward', ...reach, '--user', 'ann:secret'], { env });
	const [there = ''] = await outer.listening();
	const inner = start(t, ['forward', ...reach, '--parent', there.replace('://', '://ann:secret@')], { env });
	const [url = ''] = await inner.listening();
	assert.match(await through(url, `http://127.0.0.1:${port}/a`), /^HTTP\/1\.1 200 .*asked for \/a/s);
});

test('patterns of hosts with and without ports', () => {
	for (const [text, host, port] of [
		['example.org', 'example.org', null],
		['*.example.org:8443', '*.example.org', 8443],
		['example.org:*', 'example.org', '*'],
		['192.0.2.0/24', '192.0.2.0/24', null],
		['2001:db8::1', '2001:db8::1', null],
		['[2001:db8::1]:443', '[2001:db8::1]', 443],
	] as const) {
		assert.deepEqual(readHostPattern(text), { host, port }, text);
	}
});

test('a program that is run through a proxy does not bear its name', () => {
	const environment = proxyEnvironment({ TURNABOUT_NAME: 'turnabout-abcdef', PATH: '/bin' }, 'http://127.0.0.1:1');
	assert.deepEqual([environment['TURNABOUT_NAME'], environment['PATH']], [undefined, '/bin']);
});

const PRINT = `for (const name of ['HTTP_PROXY', 'https_proxy', 'ALL_PROXY', 'NO_PROXY', 'NODE_USE_ENV_PROXY']) console.log(name, process.env[name]);`;

test('through: the program has the variables, and ends the command with its own status', {
	timeout: 30_000,
}, async (t) => {
	const env = { NO_PROXY: 'of.another.example' };
	const { status, stdout, stderr } = await run(
		t,
		['through', '--', process.execPath, '-e', `${PRINT} process.exit(7)`],
		{ env },
	);
	assert.equal(status, 7);
	const url = /^HTTP_PROXY (http:\/\/through:[0-9a-f]{32}@127\.0\.0\.1:\d+)$/m.exec(stdout)?.[1];
	assert.ok(url !== undefined, stdout);
	assert.ok(stdout.includes(`https_proxy ${url}\nALL_PROXY ${url}\nNO_PROXY \nNODE_USE_ENV_PROXY 1\n`));
	assert.equal(stderr, '');
	const direct = ['--direct', 'here.example', '--direct', '10.0.0.0/8'];
	const some = await run(t, ['through', ...direct, '--', process.execPath, '-e', PRINT], { env });
	assert.match(some.stdout, /^NO_PROXY here\.example,10\.0\.0\.0\/8$/m);
});

test("through: node's own fetch goes where it may, and what was denied is told with its cure", {
	timeout: 30_000,
}, async (t) => {
	const port = await origin(t);
	const code = `for (const url of ['http://127.0.0.1:${port}/ok', 'http://denied.example:${port}/', 'http://denied.example:${port}/'])
		console.log(await fetch(url).then((r) => r.status, (e) => e.message));`;
	const flags = ['--allow-private', 'loopback', '--allow', `127.0.0.1:${port}`];
	const args = ['through', ...flags, '--', process.execPath, '--input-type=module', '-e', code];
	const { status, stdout, stderr } = await run(t, args);
	assert.equal(status, 0, stderr);
	assert.match(stdout, /^200\n/);
	const told = `turnabout: denied 2 times: denied.example:${port} (no rule allows it); to allow it: --allow denied.example:${port}\n`;
	assert.ok(stderr.includes(told), stderr);
});

test('through: the statuses of programs that are not there, or that a signal ends', { timeout: 30_000 }, async (t) => {
	const missing = await run(t, ['through', '--', 'no-such-program']);
	assert.equal(missing.status, 127);
	assert.match(missing.stderr, /no-such-program: there is no such command/);
	const killed = await run(t, [
		'through',
		'--',
		process.execPath,
		'-e',
		`process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1e6)`,
	]);
	assert.equal(killed.status, 143);
	const none = await run(t, ['through']);
	assert.equal(none.status, 2);
});

test('through: a signal to the command is passed on to the program', { timeout: 30_000 }, async (t) => {
	const code = `process.on('SIGTERM', () => { console.log('told'); process.exit(3); }); console.log('up'); setInterval(() => {}, 1e6)`;
	const started = start(t, ['through', '--', process.execPath, '-e', code]);
	await started.until(() => started.stdout.includes('up'), 'up');
	started.signal('SIGTERM');
	const { status, stdout } = await started.ended;
	assert.equal(status, 3);
	assert.match(stdout, /told/);
});

test('through: nobody but the program uses its proxy', { timeout: 30_000 }, async (t) => {
	const code = `console.log(process.env.HTTP_PROXY); process.stdin.resume(); setInterval(() => {}, 1e6)`;
	const started = start(t, ['through', '--allow-private', 'loopback', '--', process.execPath, '-e', code]);
	await started.until(() => started.stdout.includes('\n'), 'the address');
	const { host } = new URL(started.stdout.trim());
	assert.match(await through(`http://${host}`, 'http://127.0.0.1/'), /^HTTP\/1\.1 407 /);
});

test('what is denied is kept within bounds', () => {
	const denied = new DeniedHosts();
	for (let i = 0; i < 1_000; i++)
		denied.note({ outcome: 'denied', target: `h${i}.example:443`, rule: 'no rule allows it', error: null } as never);
	const lines = denied.lines();
	assert.equal(lines.length, 101);
	assert.match(lines[0] ?? '', /^denied once: h0\.example:443 .*--allow h0\.example$/);
	assert.match(lines[100] ?? '', /900 more/);
});
