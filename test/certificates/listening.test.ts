/** Listeners with several certificates, in files that change, with HTTP/2 beside HTTP/1.1: with node's own clients. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import type { TlsOptions } from '../../src/certificates/index.ts';
import { type App, raw, respond } from '../../src/convention/index.ts';
import { h1 } from '../../src/engine/h1/index.ts';
import { alsoHttp2 } from '../../src/engine/h2/index.ts';
import type { Listener } from '../../src/engine/index.ts';
import { client as clientPair, authority as clients } from '../support/certificates.ts';
import { portOf } from '../support/engines.ts';
import { mint, minted } from '../support/minted.ts';
import { eventually, pause, until } from '../support/until.ts';

const told: App = (request, context) =>
	respond(200, null, `${context.connection.protocol} ${context.connection.tls?.sni} ${raw(request).target}`);

async function listening(t: TestContext, tls: TlsOptions, app: App = told, log: (line: string) => void = () => {}) {
	const engine = h1({ also: [alsoHttp2()], log: ({ message }) => log(message), limits: { connections: 3 } });
	const listener = await engine.listen(app, { host: '127.0.0.1', port: 0, tls });
	t.after(() => listener.close());
	return listener;
}

/** A client that has shaken hands, and what it was shown. */
async function shaken(t: TestContext, listener: Listener, more: ConnectionOptions = {}): Promise<TLSSocket> {
	const socket = connect({ port: portOf(listener), host: '127.0.0.1', rejectUnauthorized: false, ...more });
	t.after(() => socket.destroy());
	await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
	return socket;
}

async function shown(t: TestContext, listener: Listener, servername?: string): Promise<string | undefined> {
	const socket = await shaken(t, listener, { ...(servername === undefined ? {} : { servername }), ca: mint });
	const name = new X509Certificate(socket.getPeerCertificate().raw).subjectAltName;
	socket.destroy();
	return name;
}

test('clients get the certificate for the name they ask for, and the first when there is none', async (t) => {
	const certificates = ['one.example', '*.two.example', 'a.two.example'].map((name) => minted(name));
	const listener = await listening(t, { certificates });
	assert.equal(await shown(t, listener, 'one.example'), 'DNS:one.example');
	assert.equal(await shown(t, listener, 'B.Two.Example'), 'DNS:*.two.example');
	assert.equal(await shown(t, listener, 'a.two.example'), 'DNS:a.two.example');
	for (const other of ['a.b.two.example', 'two.example', 'elsewhere.example', 'example', undefined])
		assert.equal(await shown(t, listener, other), 'DNS:one.example', String(other));
});

test('files of certificates come into force when they have changed, also for clients without a name', async (t) => {
	const folder = mkdtempSync(join(tmpdir(), 'certificates-'));
	t.after(() => rmSync(folder, { recursive: true }));
	const write = (file: string, text: string): void => {
		writeFileSync(join(folder, `${file}.new`), text);
		renameSync(join(folder, `${file}.new`), join(folder, file));
	};
	const put = (file: string, name: string): void => {
		const { cert, key } = minted(name);
		write(file, `${cert}${key}`);
	};
	put('a.pem', 'a.example');
	put('b.pem', 'b.example');
	const said: string[] = [];
	const files = ['a.pem', 'b.pem'].map((file) => ({ certFile: join(folder, file) }));
	const listener = await listening(t, { certificates: files }, told, (line) => said.push(line));
	const standing = await shaken(t, listener, { servername: 'b.example' });
	assert.equal(await shown(t, listener), 'DNS:a.example');
	put('a.pem', 'new-a.example');
	put('b.pem', 'new-b.example');
	await eventually(
		async () => (await shown(t, listener, 'new-b.example')) === 'DNS:new-b.example',
		'the new one',
		8_000,
	);
	assert.equal(await shown(t, listener), 'DNS:new-a.example');
	write('a.pem', 'no certificate');
	await eventually(async () => (await shown(t, listener)) !== undefined && said.length > 0, 'a complaint', 8_000);
	assert.match(
		said.join(),
		/^tls\.certificates\[0\]: no certificate can be read: .*; what was read before stays in force$/,
	);
	assert.equal(await shown(t, listener), 'DNS:new-a.example');
	standing.write('GET /still HTTP/1.1\r\nHost: a\r\n\r\n');
	const chunk = await new Promise<Buffer | string>((resolve) => standing.once('data', resolve));
	assert.match(String(chunk), /\r\n\r\n1\.1 b\.example \/still$/);
});

test('HTTP/2 and HTTP/1.1 are spoken on one port, and count for the same limits', async (t) => {
	const listener = await listening(t, minted('one.example'));
	const session = connectHttp2(`https://127.0.0.1:${portOf(listener)}`, {
		rejectUnauthorized: false,
		servername: 'a.example',
	});
	t.after(() => session.destroy());
	const stream = session.request({ ':path': '/two' }).setEncoding('utf8');
	let body = '';
	for await (const chunk of stream) body += chunk;
	assert.equal(body, '2 a.example /two');
	const one = await shaken(t, listener, { servername: 'a.example', ALPNProtocols: ['http/1.1'] });
	one.write('GET /one HTTP/1.1\r\nHost: a\r\n\r\n');
	const answer = await new Promise<Buffer>((resolve) => one.once('data', resolve));
	assert.match(answer.toString(), /\r\n\r\n1\.1 a\.example \/one$/);
	const { connections, requests, accepted } = listener.statistics();
	assert.deepEqual({ connections, requests, accepted }, { connections: 2, requests: 2, accepted: 2 });
	await shaken(t, listener);
	const refused = await shaken(t, listener, { ALPNProtocols: ['h2'] });
	await new Promise((resolve) => refused.resume().once('close', resolve));
	assert.equal(listener.statistics().refused, 1);
});

test('a listener that drains answers what is under way on both, and waits for neither when it is cut off', async (t) => {
	const slow: App = async () => {
		await pause(150);
		return respond(200, null, 'late');
	};
	const listener = await listening(t, minted('one.example'), slow);
	const session = connectHttp2(`https://127.0.0.1:${portOf(listener)}`, { rejectUnauthorized: false });
	t.after(() => session.destroy());
	const stream = session.request({ ':path': '/' }).setEncoding('utf8');
	await until(() => listener.statistics().active === 1, 'a request');
	const drained = listener.drain(5_000);
	let body = '';
	for await (const chunk of stream) body += chunk;
	assert.equal(body, 'late');
	await drained;
	assert.equal(listener.statistics().connections, 0);
});

test('a session is resumed by another listener with the same secret, and by none with another', async (t) => {
	const pair = minted('one.example');
	const [secret, other] = ['s', 't'].map((letter) => letter.repeat(32)) as [string, string];
	const first = await listening(t, { ...pair, ticketSecret: secret });
	const socket = await shaken(t, first, { servername: 'one.example', ALPNProtocols: ['http/1.1'] });
	const session = new Promise<Buffer>((resolve) => socket.once('session', resolve));
	socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
	const held = await session;
	for (const [ticketSecret, reused] of [
		[secret, true],
		[other, false],
	] as const) {
		const again = await listening(t, { ...pair, ticketSecret });
		const resumed = await shaken(t, again, { servername: 'one.example', session: held });
		assert.equal(resumed.isSessionReused(), reused);
	}
});

test('what an authority says of a certificate is stapled for clients that ask for it', async (t) => {
	const ocsp = Buffer.from('300302010a', 'hex');
	const certificates = [{ ...minted('one.example'), ocsp }, minted('two.example')];
	const listener = await listening(t, { certificates });
	const asked = async (servername: string): Promise<Buffer | null> => {
		const socket = connect({
			port: portOf(listener),
			host: '127.0.0.1',
			rejectUnauthorized: false,
			servername,
			requestOCSP: true,
		});
		t.after(() => socket.destroy());
		return new Promise((resolve, reject) => socket.once('OCSPResponse', resolve).once('error', reject));
	};
	assert.deepEqual(await asked('one.example'), ocsp);
	assert.equal((await asked('two.example'))?.length ?? 0, 0);
	assert.equal(await shown(t, listener, 'one.example'), 'DNS:one.example');
});

test('client certificates are asked for whichever certificate a client gets', async (t) => {
	const certificates = [minted('one.example'), minted('two.example')];
	const listener = await listening(
		t,
		{ certificates, clientAuthorities: clients, minVersion: 'TLSv1.3' },
		(_request, context) => {
			const peer = context.connection.tls?.peer() ?? null;
			return respond(200, null, peer === null ? 'nobody' : new X509Certificate(peer).subject);
		},
	);
	for (const servername of ['one.example', 'two.example']) {
		const socket = await shaken(t, listener, { servername, ...clientPair });
		assert.equal(socket.getProtocol(), 'TLSv1.3');
		socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
		const answer = await new Promise<Buffer>((resolve) => socket.once('data', resolve));
		assert.match(answer.toString(), /\r\n\r\nCN=client\.example$/, servername);
		socket.destroy();
	}
	await assert.rejects(shaken(t, listener, { maxVersion: 'TLSv1.2' }));
});

test('a certificate that ends soon, or has ended, is told when it is read', async (t) => {
	const said: string[] = [];
	await listening(t, { certificates: [minted('one.example', 2), minted('two.example', -1)] }, told, (line) =>
		said.push(line),
	);
	assert.match(said[0] ?? '', /^the certificate of one\.example ends on \d{4}-\d\d-\d\d$/);
	assert.match(said[1] ?? '', /^the certificate of two\.example has ended on \d{4}-\d\d-\d\d$/);
});
