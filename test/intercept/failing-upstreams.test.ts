/** What a client inside is told of a server that cannot be reached, or that TLS cannot be spoken with (RFC 9209 section 2.3). */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { certificateAuthority, intercept } from '../../src/intercept/index.ts';
import { type AuditRecord, forward } from '../../src/proxy/index.ts';
import { authority, client as otherUse, server } from '../support/certificates.ts';
import { listen, portOf } from '../support/engines.ts';
import type { RawPeer } from '../support/raw-peer.ts';
import { type Listening, rawServer, type Script } from '../support/raw-server.ts';
import { until } from '../support/until.ts';
import { asked, secured, temporary } from './standing.ts';

async function proxy(t: TestContext) {
	const ca = certificateAuthority({ directory: temporary(t) });
	const interceptor = intercept({ hosts: ['*'], ca, log: () => {} });
	const records: AuditRecord[] = [];
	const app = forward({
		ports: null,
		allowPrivate: ['loopback'],
		tls: { ca: authority },
		timeouts: { connect: 300, firstByte: 300 },
		intercept: interceptor,
		audit: (record) => records.push(record),
		log: () => {},
	});
	t.after(() => Promise.all([app.close(), interceptor.close()]));
	return { port: portOf(await listen(t, app)), authority: await ca.load(), records };
}

/** A fatal alert: handshake_failure (RFC 8446 section 6). */
const ALERT = Uint8Array.of(0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x28);

/** Does something once this has come. */
const after =
	(pattern: string | RegExp, act: (peer: RawPeer) => unknown): Script =>
	async (peer) => {
		await peer.read(pattern);
		act(peer);
	};

const hello = /^\x16\x03/;
const tls = server;

const failing: readonly (readonly [
	what: string,
	script: Script,
	listening: Listening,
	status: number,
	error: string,
])[] = [
	['never answers the handshake', () => {}, {}, 504, 'connection_timeout'],
	['answers with an alert', after(hello, (peer) => peer.send(ALERT)), {}, 502, 'tls_alert_received'],
	['answers without TLS', after(hello, (peer) => peer.send('HTTP/1.1 400 No\r\n\r\n')), {}, 502, 'tls_protocol_error'],
	['closes in the handshake', after(hello, (peer) => peer.destroy()), {}, 502, 'connection_terminated'],
	['resets in the handshake', after(hello, (peer) => peer.reset()), {}, 502, 'connection_terminated'],
	['shows the certificate of somebody else', () => {}, { tls: otherUse }, 502, 'tls_certificate_error'],
	[
		'wants a certificate of us',
		() => {},
		{ tls: { ...tls, requestCert: true, ca: authority } },
		502,
		'tls_alert_received',
	],
	[
		'speaks TLS and no HTTP',
		after('\r\n\r\n', (peer) => peer.send('garbage\r\n\r\n')),
		{ tls },
		502,
		'http_protocol_error',
	],
	['speaks TLS and never answers', () => {}, { tls }, 504, 'http_response_timeout'],
	['closes instead of an answer', after('\r\n\r\n', (peer) => peer.finish()), { tls }, 502, 'connection_terminated'],
];

for (const [what, script, listening, status, error] of failing) {
	test(`a server that ${what}: ${status}, ${error}`, async (t) => {
		const there = await rawServer(t, script, listening);
		const stand = await proxy(t);
		const target = `localhost:${there.port}`;
		const answer = await asked(
			await secured(t, stand, target),
			`POST / HTTP/1.1\r\nHost: ${target}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
		);
		assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} [\\s\\S]*Proxy-Status: \\S+; ?error=${error}`));
		await until(() => stand.records.some((record) => record.intercepted && record.error === error), 'an audit record');
	});
}

test('a server that refuses: 502, connection_refused; a name without an address: 502, dns_error', async (t) => {
	const there = await rawServer(t);
	const { port } = there;
	there.close();
	const stand = await proxy(t);
	for (const [host, error] of [
		['localhost', 'connection_refused'],
		['nowhere.invalid', 'dns_error'],
	] as const) {
		const target = `${host}:${port}`;
		const answer = await asked(
			await secured(t, stand, target),
			`GET / HTTP/1.1\r\nHost: ${target}\r\nConnection: close\r\n\r\n`,
		);
		assert.match(answer, new RegExp(`^HTTP/1\\.1 50[24] [\\s\\S]*Proxy-Status: \\S+; ?error=(?:${error}|dns_timeout)`));
	}
});
