/** TLS to an upstream: whom we ask for, whom we believe, who we are, and what is said when it fails. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import type { TLSSocket, TlsOptions } from 'node:tls';
import { fromIterable } from '../../src/bytes/index.ts';
import { ask, exchange } from '../../src/engine/memory/index.ts';
import { authority, client, server, stranger } from '../support/certificates.ts';
import type { RawPeer } from '../support/raw-peer.ts';
import { ok, origin as originOf, type RawServer, rawServer } from '../support/raw-server.ts';
import { until } from '../support/until.ts';
import { bodyOf, errorOf, to, told } from './asking.ts';

/** A TLS origin that tells the name it was asked for by SNI. */
function secure(t: TestContext, tls: TlsOptions = server): Promise<RawServer> {
	return originOf(t, (_request, peer) => ok(`sni ${(peer.socket as TLSSocket & { servername: string }).servername}`), {
		tls,
	});
}

/** The first connection of an origin, from its side. */
function tlsOf(origin: RawServer): TLSSocket {
	return (origin.peers[0] as RawPeer).socket as TLSSocket;
}

const trusted = { tls: { ca: authority } };

test('a verified upstream is asked by name, on one connection', async (t) => {
	const origin = await secure(t);
	const app = to(t, `https://localhost:${origin.port}`, trusted);
	assert.equal(await told(app), 'sni localhost');
	assert.equal(await told(app), 'sni localhost');
	assert.equal(origin.peers.length, 1);
	assert.equal(tlsOf(origin).alpnProtocol, false, 'this origin does not negotiate');
});

test('http/1.1 is negotiated where the upstream negotiates', async (t) => {
	const origin = await secure(t, { ...server, ALPNProtocols: ['h2', 'http/1.1'] });
	await told(to(t, `https://localhost:${origin.port}`, trusted));
	assert.equal(tlsOf(origin).alpnProtocol, 'http/1.1');
});

test('an address is no server name, and is verified all the same', async (t) => {
	const origin = await secure(t);
	assert.equal(await told(to(t, `https://127.0.0.1:${origin.port}`, trusted)), 'sni false');
	const elsewhere = await secure(t, stranger);
	assert.equal(await told(to(t, `https://127.0.0.1:${elsewhere.port}`, trusted)), '!tls_certificate_error');
});

test('another server name than the URL’s', async (t) => {
	const origin = await secure(t);
	const as = (serverName: string) =>
		told(to(t, `https://127.0.0.1:${origin.port}`, { tls: { ca: authority, serverName } }));
	assert.equal(await as('origin.example'), 'sni origin.example');
	assert.equal(await as('other.example'), '!tls_certificate_error', 'the certificate must be for that name');
});

test('a certificate that nobody vouches for: tls_certificate_error, 502, and no request is sent', async (t) => {
	for (const certificate of [stranger, server]) {
		const origin = await secure(t, certificate);
		const app = to(t, `https://localhost:${origin.port}`);
		const answer = await ask(app, '/');
		const { type, phase, details } = errorOf(answer);
		assert.deepEqual({ type, phase }, { type: 'tls_certificate_error', phase: 'tls' });
		assert.match(details ?? '', /CERT|VERIFY/);
		assert.equal(answer.status, 502);
		assert.equal(origin.requests.length, 0);
		assert.equal(app.statistics().connections, 0);
	}
});

test('a self-signed certificate can be its own authority', async (t) => {
	const origin = await secure(t, stranger);
	assert.equal(await told(to(t, `https://localhost:${origin.port}`, { tls: { ca: stranger.cert } })), 'sni localhost');
});

test('verification can be turned off', async (t) => {
	const origin = await secure(t, stranger);
	assert.equal(await told(to(t, `https://localhost:${origin.port}`, { tls: { verify: false } })), 'sni localhost');
});

test('a client certificate is shown to an upstream that asks for one', async (t) => {
	const asking = { ...server, requestCert: true, rejectUnauthorized: true, ca: authority };
	const origin = await originOf(
		t,
		(_r, peer) => ok((peer.socket as TLSSocket).getPeerCertificate().subject.CN as string),
		{
			tls: asking,
		},
	);
	const app = to(t, `https://localhost:${origin.port}`, { tls: { ca: authority, ...client } });
	assert.equal(await told(app), 'client.example');
});

for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
	test(`an upstream that refuses us for want of a certificate: tls_alert_received (${version})`, async (t) => {
		const asking = { ...server, requestCert: true, rejectUnauthorized: true, ca: authority, maxVersion: version };
		const origin = await secure(t, asking);
		const app = to(t, `https://localhost:${origin.port}`, trusted);
		const answer = await ask(app, '/');
		assert.equal(errorOf(answer).type, 'tls_alert_received');
		await until(() => app.statistics().connections === 0, 'no connection');
	});
}

test('an alert in the handshake: tls_alert_received', async (t) => {
	const origin = await rawServer(t, async (peer) => {
		await peer.when(() => peer.bytes > 0, 'client hello');
		// Record type 21, fatal (2), handshake_failure (40).
		peer.send('\x15\x03\x03\x00\x02\x02\x28').finish();
	});
	const answer = await ask(to(t, `https://localhost:${origin.port}`, trusted), '/');
	assert.equal(errorOf(answer).type, 'tls_alert_received');
});

test('a plain server on an https URL: tls_protocol_error', async (t) => {
	const origin = await rawServer(t, async (peer) => {
		await peer.when(() => peer.bytes > 0, 'client hello');
		peer.send('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n');
	});
	const app = to(t, `https://localhost:${origin.port}`, trusted);
	assert.equal(await told(app), '!tls_protocol_error');
	await until(() => app.statistics().connections === 0, 'no connection');
});

test('a handshake that does not end: connection_timeout', async (t) => {
	const origin = await rawServer(t);
	const app = to(t, `https://localhost:${origin.port}`, { ...trusted, timeouts: { connect: 150 } });
	const answer = await ask(app, '/');
	assert.equal(errorOf(answer).type, 'connection_timeout');
	assert.equal(answer.status, 504);
	await (await origin.peer()).closed(2_000);
});

test('a TLS server on an http URL is no HTTP', async (t) => {
	const origin = await secure(t);
	assert.match(await told(to(t, `http://localhost:${origin.port}`)), /^!(http_protocol_error|connection_terminated)$/);
});

test('large bodies pass both ways', async (t) => {
	const hash = (text: string | Uint8Array) => createHash('sha256').update(text).digest('hex');
	const origin = await originOf(t, (request) => ok(request.body), { tls: server });
	const app = to(t, `https://localhost:${origin.port}`, trusted);
	const pieces = Array.from({ length: 40 }, (_none, index) => new Uint8Array(100_000).fill(index));
	const answer = await ask(app, { body: fromIterable(pieces) });
	assert.equal(hash(await answer.bytes()), hash(Buffer.concat(pieces)));
});

test('a client that leaves cancels upstream at once, under TLS too', async (t) => {
	const origin = await originOf(t, () => new Promise<string>(() => {}), { tls: server });
	const app = to(t, `https://localhost:${origin.port}`, trusted);
	const one = exchange(app, '/');
	await until(() => origin.requests.length === 1, 'the request at the origin');
	one.abort();
	assert.equal(await (await origin.peer()).closed(2_000), 'reset', 'which cannot be taken for an orderly end');
	await until(() => app.statistics().connections === 0, 'no connection');
});

test('an upstream that is lost under TLS is visible', async (t) => {
	const origin = await rawServer(
		t,
		async (peer) => {
			await peer.message();
			peer.send('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf').finish();
		},
		{ tls: server },
	);
	const answer = await ask(to(t, `https://localhost:${origin.port}`, trusted), '/');
	assert.equal(await bodyOf(answer), '!http_response_incomplete');
});
