/** Clients behind a balancer that says who they are, on every engine over sockets, with TLS and without. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect as dial } from 'node:http2';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { type App, raw, respond } from '../../src/convention/index.ts';
import { h1 } from '../../src/engine/h1/index.ts';
import { alsoHttp2, http2 } from '../../src/engine/h2/index.ts';
import type { Engine, Listener } from '../../src/engine/index.ts';
import { nodeHttp } from '../../src/engine/node-http/index.ts';
import { proxyHeader } from '../../src/protocol/proxy-header/index.ts';
import { portOf } from '../support/engines.ts';
import { mint, minted } from '../support/minted.ts';

const told: App = async (request, { connection: { remote, local, tls } }) => {
	const { payload } = raw(request);
	const body = payload === null ? '' : await request.text();
	const ends = [remote, local].map((one) => (one.kind === 'ip' ? `${one.host} ${one.port}` : one.kind));
	return respond(200, null, [...ends, tls?.sni ?? 'plain', body].join(', '));
};

const ends = { remote: { host: '192.0.2.7', port: 7_000 }, local: { host: '192.0.2.80', port: 80 } };
const SAID = '192.0.2.7 7000, 192.0.2.80 80';

const engines: readonly [name: string, make: () => Engine][] = [
	['h1', () => h1({ log: () => {} })],
	['h1, with HTTP/2 beside it', () => h1({ log: () => {}, also: [alsoHttp2()] })],
	['nodeHttp', () => nodeHttp({ log: () => {} })],
	['http2, asked by HTTP/1.1', () => http2({ log: () => {} })],
];

async function listening(
	t: TestContext,
	engine: Engine,
	secure: boolean,
	from: readonly string[] = ['loopback'],
): Promise<Listener> {
	const tls = secure ? { tls: minted('localhost') } : {};
	const listener = await engine.listen(told, { host: '127.0.0.1', port: 0, proxyHeaderFrom: from, ...tls });
	t.after(() => listener.close());
	return listener;
}

const REQUEST = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbody';

for (const [name, make] of engines) {
	for (const version of [1, 2] as const) {
		test(`${name}: version ${version}, however it is split`, async (t) => {
			const listener = await listening(t, make(), false);
			const all = Buffer.concat([proxyHeader(version, ends), Buffer.from(REQUEST)]);
			const header = all.length - REQUEST.length;
			for (const split of [0, 1, 5, header - 1, header, header + 1, all.length]) {
				const socket = connect(portOf(listener), '127.0.0.1').setNoDelay();
				socket.write(all.subarray(0, split));
				if (split > 0 && split < all.length) await new Promise((resolve) => setTimeout(resolve, 10));
				socket.write(all.subarray(split));
				assert.match(await text(socket), new RegExp(`${SAID}, plain, body$`), `split at ${split}`);
			}
		});
	}

	test(`${name}: before TLS`, async (t) => {
		const listener = await listening(t, make(), true);
		for (const together of [true, false]) {
			const below = connect(portOf(listener), '127.0.0.1').setNoDelay();
			below.write(proxyHeader(2, ends));
			if (!together) await new Promise((resolve) => setTimeout(resolve, 20));
			const socket = connectTls({ socket: below, servername: 'localhost', ca: mint, ALPNProtocols: ['http/1.1'] });
			socket.write(REQUEST);
			assert.match(await text(socket), new RegExp(`${SAID}, localhost, body$`));
		}
	});
}

test('HTTP/2, with prior knowledge and under TLS', async (t) => {
	for (const secure of [false, true]) {
		const listener = await listening(t, secure ? h1({ also: [alsoHttp2()] }) : http2({ log: () => {} }), secure);
		const below = connect(portOf(listener), '127.0.0.1');
		below.write(proxyHeader(1, ends));
		const socket = secure
			? connectTls({ socket: below, servername: 'localhost', ca: mint, ALPNProtocols: ['h2'] })
			: below;
		const session = dial(`http${secure ? 's' : ''}://localhost`, { createConnection: () => socket });
		for (const one of [session, socket, below]) one.on('error', () => {});
		const answer = await text(session.request({ ':path': '/' }));
		assert.equal(answer, `${SAID}, ${secure ? 'localhost' : 'plain'}, `);
		session.destroy();
	}
});

test('from anybody else it is a bad request, and no header at all is fine', async (t) => {
	const listener = await listening(t, h1({ log: () => {} }), false, ['192.0.2.1']);
	const liar = connect(portOf(listener), '127.0.0.1');
	liar.write(Buffer.concat([proxyHeader(1, ends), Buffer.from(REQUEST)]));
	assert.match(await text(liar), /^HTTP\/1\.1 400 /);
	const plain = connect(portOf(listener), '127.0.0.1');
	plain.write(REQUEST);
	assert.match(await text(plain), /127\.0\.0\.1 \d+, 127\.0\.0\.1 \d+, plain, body$/);
});

test('a balancer that sends none, or half of one, is closed, and said so', async (t) => {
	const log: string[] = [];
	const engine = h1({ timeouts: { header: 100 }, log: ({ message }) => log.push(message) });
	const listener = await listening(t, engine, false);
	const bare = connect(portOf(listener), '127.0.0.1');
	bare.on('error', () => {});
	bare.write(REQUEST);
	assert.equal(await text(bare).catch(() => ''), '');
	assert.match(log.join(), /127\.0\.0\.1 is to begin with a PROXY header: no PROXY header/);
	const half = connect(portOf(listener), '127.0.0.1');
	half.write('PROXY TC');
	assert.equal(await text(half), '');
	const gone = connect(portOf(listener), '127.0.0.1');
	gone.write('PROXY');
	gone.resetAndDestroy();
	await new Promise((resolve) => setTimeout(resolve, 150));
	assert.equal(listener.statistics().connections, 0);
});

test('limits go by the client, not by the balancer', async (t) => {
	const listener = await listening(t, h1({ log: () => {}, limits: { connectionsPerAddress: 1 } }), false);
	const begin = (host: string): ReturnType<typeof connect> => {
		const socket = connect(portOf(listener), '127.0.0.1');
		socket.on('error', () => {});
		socket.write(proxyHeader(1, { remote: { host, port: 1 }, local: ends.local }));
		return socket;
	};
	const first = begin('192.0.2.1');
	t.after(() => first.destroy());
	await new Promise((resolve) => setTimeout(resolve, 30));
	assert.match(await text(begin('192.0.2.1')), /^HTTP\/1\.1 503 /);
	const other = begin('192.0.2.2');
	other.write(REQUEST);
	assert.match(await text(other), /^HTTP\/1\.1 200 /);
});

test('IPv6 comes in its usual spelling, whichever version said it', async (t) => {
	const listener = await listening(t, h1({ log: () => {} }), false);
	for (const version of [1, 2] as const) {
		const six = { remote: { host: '2001:DB8:0::1', port: 1 }, local: { host: '::ffff:192.0.2.1', port: 2 } };
		const socket = connect(portOf(listener), '127.0.0.1');
		socket.write(proxyHeader(version, six));
		socket.write(REQUEST);
		assert.match(await text(socket), /2001:db8::1 1, 192\.0\.2\.1 2, plain, body$/);
	}
});

test('a header that speaks for the balancer itself leaves its address', async (t) => {
	const listener = await listening(t, h1({ log: () => {} }), false);
	const socket = connect(portOf(listener), '127.0.0.1');
	socket.write('PROXY UNKNOWN\r\n');
	socket.write(REQUEST);
	assert.match(await text(socket), /127\.0\.0\.1 \d+, 127\.0\.0\.1 \d+, plain, body$/);
});

test('what is no address is refused before anything listens', async () => {
	await assert.rejects(
		h1().listen(told, { host: '127.0.0.1', port: 0, proxyHeaderFrom: ['10.0.0.1/8'] }),
		/proxyHeaderFrom: "10\.0\.0\.1\/8": there are bits behind the first 8/,
	);
});

const hasCurl = spawnSync('curl', ['--version']).status === 0;

test('curl --haproxy-protocol', { skip: hasCurl ? false : 'there is no curl here' }, async (t) => {
	const listener = await listening(t, h1({ log: () => {} }), false);
	const curl = spawn('curl', ['-s', '--haproxy-protocol', `http://127.0.0.1:${portOf(listener)}/`]);
	assert.match(await text(curl.stdout), /^127\.0\.0\.1 \d+, 127\.0\.0\.1 \d+, plain, $/);
});

const haproxy = spawnSync('haproxy', ['-v']).status === 0;

test('HAProxy in front, by both versions', { skip: haproxy ? false : 'there is no haproxy here' }, async (t) => {
	const listener = await listening(t, h1({ log: () => {} }), false);
	const folder = mkdtempSync(join(tmpdir(), 'haproxy-'));
	t.after(() => rmSync(folder, { recursive: true }));
	for (const send of ['send-proxy', 'send-proxy-v2']) {
		const free = createServer().listen(0, '127.0.0.1');
		await new Promise((resolve) => free.once('listening', resolve));
		const { port } = free.address() as AddressInfo;
		await new Promise((resolve) => free.close(resolve));
		const file = join(folder, send);
		writeFileSync(
			file,
			`defaults\n  mode tcp\n  timeout connect 5s\n  timeout client 5s\n  timeout server 5s\nlisten a\n  bind 127.0.0.1:${port}\n  server s 127.0.0.1:${portOf(listener)} ${send}\n`,
		);
		const process = spawn('haproxy', ['-db', '-f', file], { stdio: 'ignore' });
		t.after(() => process.kill('SIGKILL'));
		let answer = '';
		let mine = 0;
		for (let attempt = 0; answer === '' && attempt < 100; attempt++) {
			const socket = connect(port, '127.0.0.1');
			socket.on('error', () => {});
			socket.once('connect', () => {
				mine = socket.localPort ?? 0;
			});
			socket.write(REQUEST);
			answer = await text(socket).catch(() => '');
			if (answer === '') await new Promise((resolve) => setTimeout(resolve, 50));
		}
		assert.match(answer, new RegExp(`127\\.0\\.0\\.1 ${mine}, 127\\.0\\.0\\.1 ${port}, plain, body$`), send);
	}
});
