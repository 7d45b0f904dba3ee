/** Credentials over real sockets: a raw client, the forward proxy with all its logs, and an origin that means no good. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type Middleware, stack } from '../../../src/convention/index.ts';
import { accessLog } from '../../../src/middleware/access-log/index.ts';
import { errors } from '../../../src/middleware/errors/index.ts';
import { type InjectRule, inject, secret } from '../../../src/middleware/inject/index.ts';
import { auditLog } from '../../../src/proxy/index.ts';
import { authority, server } from '../../support/certificates.ts';
import { type ForwardProxy, forwardProxy } from '../../support/forward-proxy.ts';
import { type Answer, ok, origin, type RawServer } from '../../support/raw-server.ts';
import { until } from '../../support/until.ts';

const VALUE = 'sk-live-0123456789';
process.env['INJECT_KEY'] = VALUE;
const BEARER = secret.text`Bearer ${secret('INJECT_KEY')}`;
const MARK = 'injected-by-proxy';

interface Setting {
	readonly there: RawServer;
	readonly p: ForwardProxy;
	readonly base: string;
	/** All that was written anywhere. */
	readonly written: string[];
}

async function setting(t: TestContext, answer: Answer, rule: Partial<InjectRule> = {}, tls = true): Promise<Setting> {
	const there = await origin(t, answer, tls ? { tls: server } : {});
	const written: string[] = [];
	const write = (line: unknown): void => void written.push(typeof line === 'string' ? line : JSON.stringify(line));
	const fields = { authorization: BEARER };
	const layer = inject(
		{ [`127.0.0.1:${there.port}`]: { fields, query: { key: secret('INJECT_KEY') }, ...rule } },
		{ log: write },
	);
	const wrap = stack(
		accessLog({
			format: 'json',
			to: write,
			fields: (request) => ({ all: [...request.fields], target: request.target }),
		}),
		errors({ log: (entry) => write({ ...entry, error: String(entry.error) }) }),
	) as Middleware;
	const p = await forwardProxy(t, {
		forward: { inner: layer, tls: { ca: authority }, audit: auditLog({ to: write }), log: write },
		wrap,
	});
	return { there, p, base: `${tls ? 'https' : 'http'}://127.0.0.1:${there.port}`, written };
}

test('the origin gets the value, and neither the client nor any log does', async (t) => {
	const echo: Answer = (request) =>
		ok(`You sent ${request.get('authorization')} to ${request.target}`, `X-Echo: ${request.get('authorization')}\r\n`);
	const { there, p, base, written } = await setting(t, echo);
	const client = await p.client();
	client.send(`GET ${base}/v1?a=1&key=${MARK} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${MARK}\r\n\r\n`);
	const answer = await client.message('GET');
	assert.equal(answer.status, 200);
	assert.equal(there.requests[0]?.get('authorization'), `Bearer ${VALUE}`);
	assert.equal(there.requests[0]?.target, `/v1?a=1&key=${VALUE}`);
	assert.equal(answer.body, `You sent Bearer ${MARK} to /v1?a=1&key=${MARK}`);
	assert.equal(answer.get('x-echo'), `Bearer ${MARK}`);
	assert.ok(!client.received.includes(VALUE));
	await until(() => written.length >= 3, 'access log, audit and the note of the find');
	assert.ok(written.some((line) => line.includes('"method":"GET"')));
	assert.ok(!written.join('\n').includes(VALUE), written.join('\n'));
});

test('a gzip answer, chunks, trailers, 103 and a reason: nothing of it gets through', async (t) => {
	const body = gzipSync(VALUE.repeat(3));
	const { p, base } = await setting(t, (_request, peer) => {
		peer.send(`HTTP/1.1 103 Early Hints\r\nLink: </${VALUE}>; rel=preload\r\n\r\n`);
		peer.send(`HTTP/1.1 200 ${VALUE}\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\nX-${VALUE}: 1\r\n\r\n`);
		for (const byte of body)
			peer.send(Buffer.concat([Buffer.from('1\r\n'), Buffer.from([byte]), Buffer.from('\r\n')]).toString('latin1'));
		peer.send(`0\r\nX-Trailer: ${encodeURIComponent(VALUE)}\r\n\r\n`);
	});
	const client = await p.client();
	client.send(`GET ${base}/ HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\nTE: trailers\r\nConnection: TE\r\n\r\n`);
	const text = await client.read('0\r\n');
	await client.read('\r\n\r\n').catch(() => '');
	assert.match(text + client.received, /103 Early Hints/);
	assert.ok(client.received.includes(MARK));
	assert.ok(!client.received.includes(VALUE) && !/X-sk/.test(client.received), client.received);
});

test('a stream of events goes through as it comes, event by event', async (t) => {
	let next: (() => void) | null = null;
	const { p, base } = await setting(t, async (_request, peer) => {
		peer.send('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n');
		for (const event of ['data: one\n\n', `data: ${VALUE}\n\n`]) {
			peer.send(`${event.length.toString(16)}\r\n${event}\r\n`);
			await new Promise<void>((resolve) => (next = resolve));
		}
		peer.send('0\r\n\r\n');
	});
	const client = await p.client();
	client.send(`GET ${base}/ HTTP/1.1\r\nHost: x\r\n\r\n`);
	await client.read('data: one\n\n');
	(next as (() => void) | null)?.();
	await client.read(`${MARK}\r\n2\r\n\n\n`);
	await new Promise((resolve) => setTimeout(resolve, 10));
	(next as (() => void) | null)?.();
	await client.read('0\r\n\r\n');
	assert.ok(!client.received.includes(VALUE));
});

test('an origin that answers with garbage in which the secret is gets it into no log and no page', async (t) => {
	for (const garbage of [
		`HTTP/1.1 200 OK\r\nX: ${VALUE}\r\nBad ${VALUE}\r\n\r\n`,
		`${VALUE}\r\n\r\n`,
		`HTTP/1.1 200 OK\r\nContent-Length: ${VALUE}\r\n\r\n`,
		`HTTP/1.1 200 OK\r\nContent-Encoding: ${VALUE}\r\nContent-Length: 1\r\n\r\nx`,
	]) {
		const { p, base, written } = await setting(t, (_request, peer) => {
			peer.send(garbage);
			peer.finish();
		});
		const client = await p.client();
		client.send(`GET ${base}/ HTTP/1.1\r\nHost: x\r\n\r\n`);
		assert.equal((await client.message('GET')).status, 502);
		await until(() => written.some((line) => line.includes('"status":502')), 'the log');
		assert.ok(!(written.join('\n') + client.received).includes(VALUE), written.join('\n'));
	}
});

test('a client that nominates the field in Connection has it taken off, and nothing else changes', async (t) => {
	const { there, p, base } = await setting(t, () => ok('fine'));
	const client = await p.client();
	client.send(`GET ${base}/ HTTP/1.1\r\nHost: x\r\nConnection: authorization, accept-encoding\r\n\r\n`);
	await client.message('GET');
	assert.equal(there.requests[0]?.get('authorization'), null);
	assert.ok(!client.received.includes(VALUE));
});

test('a redirection is the client’s to follow: what it points to gets nothing', async (t) => {
	const other = await origin(t, () => ok('other'), { tls: server });
	const { p, base } = await setting(
		t,
		() => `HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1:${other.port}/?k=${VALUE}\r\nContent-Length: 0\r\n\r\n`,
	);
	const client = await p.client();
	client.send(`GET ${base}/ HTTP/1.1\r\nHost: x\r\n\r\n`);
	const to = (await client.message('GET')).get('location') as string;
	assert.ok(to.endsWith(`?k=${MARK}`));
	client.send(`GET ${to} HTTP/1.1\r\nHost: x\r\n\r\n`);
	assert.equal((await client.message('GET')).status, 200);
	assert.ok(!other.received.includes(VALUE));
});

test('over plain http nothing is sent: 403', async (t) => {
	const { there, p, base } = await setting(t, () => ok('fine'), {}, false);
	const client = await p.client();
	client.send(`GET ${base}/ HTTP/1.1\r\nHost: x\r\n\r\n`);
	assert.equal((await client.message('GET')).status, 403);
	assert.equal(there.received, '');
});

test('an origin whose certificate is not the host’s never sees the value', async (t) => {
	const { there } = await setting(t, () => ok('fine'));
	const layer = inject({ [`evil.example:${there.port}`]: { authorization: BEARER } });
	const q = await forwardProxy(t, {
		forward: { inner: layer, tls: { ca: authority }, resolve: async () => ['127.0.0.1'] },
	});
	const client = await q.client();
	client.send(`GET https://evil.example:${there.port}/ HTTP/1.1\r\nHost: x\r\n\r\n`);
	assert.equal((await client.message('GET')).status, 502);
	assert.equal(there.received, '');
});

test('a handshake is given the credential, and its bytes go both ways untouched', async (t) => {
	const { there, p, base } = await setting(t, (request, peer) => {
		peer.send(
			`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nX-Echo: ${request.get('authorization')}\r\n\r\n${VALUE}`,
		);
	});
	const client = await p.client();
	client.send(`GET ${base}/ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
	const head = await client.read('\r\n\r\n');
	assert.match(head, /^HTTP\/1\.1 101 /);
	assert.ok(head.includes(`X-Echo: Bearer ${MARK}`));
	assert.equal(there.requests[0]?.get('authorization'), `Bearer ${VALUE}`);
	await client.read(VALUE);
});

test('a client that leaves in the middle ends it upstream, too', async (t) => {
	const { there, p, base } = await setting(t, (_request, peer) => {
		peer.send(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n`);
	});
	const client = await p.client();
	client.send(`GET ${base}/ HTTP/1.1\r\nHost: x\r\n\r\n`);
	await client.read('200');
	client.destroy();
	await until(() => there.peers[0]?.over === true, 'the end of the connection to the origin');
});
