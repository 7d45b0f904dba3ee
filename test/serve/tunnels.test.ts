/** Other protocols behind the same front door: listeners that are tunnels, and TLS that is passed on by the name it asks for. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import { type App, respond } from '../../src/convention/index.ts';
import { proxyHeader } from '../../src/protocol/proxy-header/index.ts';
import { type Running, type ServeOptions, serve } from '../../src/serve/index.ts';
import { mint, minted } from '../support/minted.ts';
import { pause, until } from '../support/until.ts';

const app: App = () => respond(200, null, 'ours');

async function listening(t: TestContext, server: Server): Promise<number> {
	const open = new Set<Socket>();
	server.on('connection', (socket) => {
		open.add(socket);
		socket.on('error', () => {});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	t.after(() => {
		for (const socket of open) socket.destroy();
		server.close();
	});
	return (server.address() as AddressInfo).port;
}

/** Says what it has got once the client has ended its half. */
function mirror(t: TestContext): Promise<number> {
	return listening(
		t,
		createServer({ allowHalfOpen: true }, (socket) => {
			let got = '';
			socket.on('data', (chunk) => {
				got += String(chunk);
			});
			socket.on('end', () => socket.end(`got ${got}`));
		}),
	);
}

async function served(t: TestContext, options: Omit<ServeOptions, 'app'>, log: string[] = []): Promise<Running> {
	const running = await serve({ app, log: (line) => log.push(line), ...options });
	t.after(() => running.close());
	return running;
}

const portOf = ({ places }: Running, at = 0): number => (places[at] as { port: number }).port;

test('a listener that is a tunnel: bytes both ways, each half for itself, a line in the access log', async (t) => {
	const behind = await mirror(t);
	const folder = mkdtempSync(join(tmpdir(), 'tunnels-'));
	t.after(() => rmSync(folder, { recursive: true }));
	const accessLog = join(folder, 'log');
	const running = await served(t, {
		listen: [{ address: '127.0.0.1:0', tunnel: `127.0.0.1:${behind}` }, '127.0.0.1:0'],
		accessLog,
	});
	const socket = connect(portOf(running), '127.0.0.1');
	socket.end('hello');
	assert.equal(await text(socket), 'got hello');
	assert.equal(await (await fetch(`http://127.0.0.1:${portOf(running, 1)}/`)).text(), 'ours');
	await running.stop();
	assert.match(readFileSync(accessLog, 'utf8'), new RegExp(`"CONNECT 127\\.0\\.0\\.1:${behind} .*" 200`));
});

test('what it leads to speaks first, or not at all; a client that leaves is told on', async (t) => {
	let closed = 0;
	const behind = await listening(
		t,
		createServer((socket) => {
			socket.write('220 mail.example\r\n');
			socket.on('close', () => closed++);
		}),
	);
	const running = await served(t, { listen: { address: '127.0.0.1:0', tunnel: `127.0.0.1:${behind}` } });
	const socket = connect(portOf(running), '127.0.0.1');
	const [first] = (await once(socket, 'data')) as [Buffer];
	assert.equal(String(first), '220 mail.example\r\n');
	socket.destroy();
	await until(() => closed === 1, 'it has heard');
});

test('nobody there: the client is cut off, and it is logged', async (t) => {
	const gone = createServer().listen(0, '127.0.0.1');
	await once(gone, 'listening');
	const { port } = gone.address() as AddressInfo;
	await new Promise((resolve) => gone.close(resolve));
	const running = await served(t, { listen: { address: '127.0.0.1:0', tunnel: `127.0.0.1:${port}` } });
	const socket = connect(portOf(running), '127.0.0.1');
	socket.write('hello');
	await assert.rejects(text(socket), { code: 'ECONNRESET' });
});

test('with TLS we end it, and the tunnel has what is within', async (t) => {
	const behind = await mirror(t);
	const listen = { address: '127.0.0.1:0', tls: minted('localhost'), tunnel: `127.0.0.1:${behind}` };
	const running = await served(t, { listen });
	const socket = connectTls({ port: portOf(running), host: '127.0.0.1', servername: 'localhost', ca: mint });
	socket.end('secret');
	assert.equal(await text(socket), 'got secret');
});

async function legacy(t: TestContext, name: string): Promise<number> {
	return listening(
		t,
		createTlsServer(minted(name), (socket) => socket.end(`${name} itself`)),
	);
}

async function answerFor(port: number, servername: string, header?: Uint8Array): Promise<string> {
	const below = connect(port, '127.0.0.1').setNoDelay();
	below.on('error', () => {});
	if (header !== undefined) below.write(header);
	const socket = connectTls({ socket: below, servername, ca: mint });
	socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
	return (await text(socket)).split('\r\n\r\n').at(-1) as string;
}

test('TLS is passed on by the name it asks for, untouched; all others are ours', async (t) => {
	const [one, two] = [await legacy(t, 'legacy.example'), await legacy(t, 'a.old.example')];
	const running = await served(t, {
		listen: {
			address: '127.0.0.1:0',
			tls: minted('new.example'),
			proxyHeaderFrom: ['192.0.2.1'],
			passThrough: { 'Legacy.example': `127.0.0.1:${one}`, '*.old.example': `127.0.0.1:${two}` },
		},
	});
	const port = portOf(running);
	assert.equal(await answerFor(port, 'legacy.example'), 'legacy.example itself');
	assert.equal(await answerFor(port, 'a.old.example'), 'a.old.example itself');
	assert.equal(await answerFor(port, 'new.example'), 'ours');
	const statistics = () => Object.values(running.statistics().listeners)[0];
	assert.equal(statistics()?.requests, 3);
	await until(() => statistics()?.connections === 0, 'all are over');
});

test('behind a PROXY header as well, and in whatever pieces the ClientHello comes', async (t) => {
	const one = await legacy(t, 'legacy.example');
	const running = await served(t, {
		listen: {
			address: '127.0.0.1:0',
			tls: minted('new.example'),
			proxyHeaderFrom: ['loopback'],
			passThrough: { 'legacy.example': `127.0.0.1:${one}` },
		},
	});
	const ends = { remote: { host: '192.0.2.7', port: 1 }, local: { host: '192.0.2.8', port: 2 } };
	for (const name of ['legacy.example', 'new.example'])
		assert.match(await answerFor(portOf(running), name, proxyHeader(2, ends)), /itself|ours/);
	// Byte by byte, through somebody in between.
	const slow = await listening(
		t,
		createServer((socket) => {
			const there = connect(portOf(running), '127.0.0.1').setNoDelay();
			there.on('error', () => {});
			there.write(proxyHeader(1, ends));
			there.pipe(socket);
			const slowly = async (): Promise<void> => {
				for await (const chunk of socket as AsyncIterable<Buffer>) {
					for (let at = 0; at < chunk.length; at += 37) {
						there.write(chunk.subarray(at, at + 37));
						await pause(1);
					}
				}
			};
			// It ends when whoever asked has gone.
			slowly().catch(() => {});
		}),
	);
	assert.equal(await answerFor(slow, 'legacy.example'), 'legacy.example itself');
});

test('what is no TLS, and who says nothing, is ended as on any listener', async (t) => {
	const running = await served(t, {
		listen: { address: '127.0.0.1:0', tls: minted('new.example'), passThrough: { '*': '127.0.0.1:1' } },
		timeouts: { header: 100 },
	});
	const plain = connect(portOf(running), '127.0.0.1');
	plain.on('error', () => {});
	plain.write('GET / HTTP/1.1\r\n\r\n');
	await once(plain, 'close');
	const silent = connect(portOf(running), '127.0.0.1');
	await once(silent, 'close');
});

test('stopping waits for tunnels as long as the drain is, and closing cuts them off', async (t) => {
	const behind = await mirror(t);
	const running = await served(t, { listen: { address: '127.0.0.1:0', tunnel: `127.0.0.1:${behind}` }, drain: 200 });
	const socket = connect(portOf(running), '127.0.0.1');
	socket.write('x');
	await until(() => Object.values(running.statistics().listeners)[0]?.active === 1, 'a tunnel');
	const began = performance.now();
	socket.on('error', () => {});
	await running.stop();
	assert.ok(performance.now() - began >= 150);
});

test('an app that is replaced leaves tunnels standing', async (t) => {
	const behind = await mirror(t);
	const options = { app, listen: { address: '127.0.0.1:0', tunnel: `127.0.0.1:${behind}` } };
	const running = await served(t, options);
	const socket = connect(portOf(running), '127.0.0.1');
	socket.write('before, ');
	await until(() => Object.values(running.statistics().listeners)[0]?.active === 1, 'a tunnel');
	await running.replace(options);
	socket.end('after');
	assert.equal(await text(socket), 'got before, after');
});
