/** Certificates of clients: only those that TLS has verified count, whatever fields say. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import {
	type App,
	compositionFaults,
	explain,
	type Layer,
	layer,
	raw,
	respond,
} from '../../../src/convention/index.ts';
import { ask, exchange } from '../../../src/engine/memory/index.ts';
import { type ClientCertificateOptions, clientCertificate } from '../../../src/middleware/client-certificate/index.ts';
import { subjectNames } from '../../../src/middleware/client-certificate/subject-names.ts';
import { identity } from '../../../src/middleware/index.ts';
import { authority, client, server, stranger } from '../../support/certificates.ts';
import { listen, portOf } from '../../support/engines.ts';
import { connectSecurely } from '../../support/raw-client.ts';

const der = new X509Certificate(client.cert).raw;
const fingerprint = new X509Certificate(client.cert).fingerprint256;
const shown = { tls: { sni: null, alpn: null, peer: () => der } };
const none = { tls: { sni: null, alpn: null, peer: () => null } };

const who: App = (request, context) =>
	respond(200, {}, `${context.get(identity)?.name ?? 'nobody'} ${raw(request).fields.raw.join('|')}`);

const status = async (options: ClientCertificateOptions, request: object = shown) =>
	(await ask(clientCertificate(options)(who), request)).status;

test('a verified certificate comes in, with what it says', async () => {
	let facts: Readonly<Record<string, unknown>> = {};
	const app = clientCertificate()((_, context) => {
		const { name, by, claims } = context.get(identity);
		facts = { name, by, ...claims };
		return respond(204);
	});
	assert.equal((await ask(app, shown)).status, 204);
	assert.equal(facts['name'], 'client.example');
	assert.equal(facts['by'], 'certificate');
	assert.deepEqual(facts['dns'], ['client.example']);
	assert.deepEqual({ ...(facts['issuer'] as object) }, { CN: 'Test Authority' });
	assert.equal(facts['fingerprint'], fingerprint.replaceAll(':', '').toLowerCase());
});

test('none is 403 with the reason, and anonymous where that may be', async () => {
	for (const request of [{}, none]) {
		const answer = await ask(clientCertificate()(who), request);
		assert.equal(answer.status, 403);
		assert.match(await answer.text(), /needs a client certificate/);
		assert.equal(answer.fields.get('www-authenticate'), null);
		assert.match(await (await ask(clientCertificate({ optional: true })(who), request)).text(), /^nobody/);
	}
});

test('who may come in is told by names that must fit exactly', async () => {
	const rows: readonly (readonly [rule: string, fits: boolean])[] = [
		['CN=client.example', true],
		['CN=client.exampl', false],
		['CN=client.example ', false],
		['O=client.example', false],
		['constructor=client.example', false],
		['DNS:client.example', true],
		['DNS:CLIENT.example', true],
		['DNS:example', false],
		['URI:client.example', false],
		['email:client.example', false],
		[`sha256:${fingerprint}`, true],
		[`sha256:${'0'.repeat(64)}`, false],
	];
	for (const [rule, fits] of rows) assert.equal(await status({ allow: [rule] }), fits ? 200 : 403, rule);
	assert.equal(await status({ allow: ['CN=x', 'DNS:client.example'] }), 200);
	assert.equal(await status({ allow: ({ subject }) => subject['CN'] === 'client.example' }), 200);
	for (const said of [false, undefined, 'yes', 1, Promise.resolve(false), Promise.resolve('yes')])
		assert.equal(await status({ allow: (() => said) as never }), 403);
	assert.equal(await status({ allow: async () => true }), 200);
});

test('of those that TLS trusts, only what these authorities have signed', async () => {
	assert.equal(await status({ ca: authority }), 200);
	assert.equal(await status({ ca: [stranger.cert, authority] }), 200);
	assert.equal(await status({ ca: stranger.cert }), 403);
	assert.equal(await status({ ca: client.cert }), 403);
});

test('a certificate that has run out on a connection that lives is refused', async (t) => {
	const one = exchange(() => respond(204), shown);
	const app = clientCertificate()(who);
	assert.equal(((await app(one.request, one.context)) as Response).status, 200);
	t.mock.timers.enable({ apis: ['Date'], now: Date.parse('2200-01-01') });
	assert.throws(() => app(one.request, one.context), /not valid at this time/);
});

test('fields that claim a certificate are taken off every request', async () => {
	const claims = {
		'Client-Cert': ':AAAA:',
		'client-cert-chain': ':AAAA:',
		'X-SSL-Client-Verify': 'SUCCESS',
		X_SSL_CLIENT_S_DN: 'CN=admin',
		'SSL-Client-Subject-DN': 'CN=admin',
		'X-Forwarded-Client-Cert': 'Hash=1',
		'X-Client-Cert': 'x',
		'X-Other': 'stays',
	};
	for (const options of [{}, { optional: true }] as const) {
		const answer = await ask(clientCertificate(options)(who), { ...shown, fields: claims });
		assert.equal(await answer.text(), 'client.example X-Other|stays|Host|localhost');
	}
	const anonymous = await ask(clientCertificate({ optional: true })(who), { fields: claims });
	assert.equal(await anonymous.text(), 'nobody X-Other|stays|Host|localhost');
	assert.equal((await ask(clientCertificate()(who), { fields: claims })).status, 403);
});

test('a name that holds what looks like other names is one name', () => {
	assert.deepEqual(subjectNames('DNS:a.example, URI:spiffe://x/y, email:a@b, IP Address:1.2.3.4'), {
		dns: ['a.example'],
		uris: ['spiffe://x/y'],
		emails: ['a@b'],
	});
	assert.deepEqual(subjectNames('URI:"http://x/, DNS:admin.example", DNS:b.example').dns, ['b.example']);
	assert.deepEqual(subjectNames('DNS:"a.example\\", DNS:admin.example", DNS:c').dns, [
		'a.example", DNS:admin.example',
		'c',
	]);
	assert.deepEqual(subjectNames('DNS:a"b, DNS:admin').dns, []);
	assert.deepEqual(subjectNames(undefined), { dns: [], uris: [], emails: [] });
});

test('over TLS, a client is who its certificate says, and a stranger is nobody', async (t) => {
	const where = {
		host: '127.0.0.1',
		port: 0,
		tls: { cert: server.cert, key: server.key, clientAuthorities: authority },
	};
	const listener = await listen(t, clientCertificate()(who) as App, {}, where);
	const status = async (own: object) => {
		const peer = await connectSecurely(t, portOf(listener), { ca: authority, servername: 'localhost', ...own });
		peer.send('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nClient-Cert: :AAAA:\r\n\r\n');
		const { status, body } = await peer.message();
		return `${status} ${body.split(' ')[0]}`;
	};
	assert.equal(await status(client), '200 client.example');
	assert.match(await status({}), /^403 /);
	assert.match(await status(stranger), /^403 /);
});

test('options that cannot be meant are refused with their name', () => {
	const rows: readonly (readonly [options: object, reason: RegExp])[] = [
		[{ allow: [] }, /allow must be/],
		[{ allow: 'CN=x' }, /allow must be/],
		[{ allow: ['ann'] }, /allow must be of CN=/],
		[{ allow: ['IP:1.2.3.4'] }, /allow must be of CN=/],
		[{ allow: ['sha256:abc'] }, /allow must be of CN=/],
		[{ ca: 'PEM' }, /ca must be PEM/],
		[{ ca: [authority, 7] }, /ca must be PEM/],
		[{ ca: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' }, /ca holds what is no certificate/],
		[{ optional: 'yes' }, /optional/],
		[{ alow: [] }, /did you mean allow\?/],
	];
	for (const [options, reason] of rows)
		assert.throws(() => clientCertificate(options as ClientCertificateOptions), reason, reason.source);
});

test('it proves the identity, stands in no cache, and explains itself', async () => {
	const optional: Layer = clientCertificate({ optional: true });
	// @ts-expect-error -- nobody may be there
	optional((_, context) => respond(200, {}, context.get(identity).name));
	const cache = layer({ name: 'cache' }, (next) => (request, context) => next(request, context, context));
	assert.match(compositionFaults(cache(clientCertificate()(who) as App))[0] ?? '', /put the cache inside/);
	const { request, context } = exchange(() => respond(204), { fields: { 'Client-Cert': ':AAAA:' } });
	const [step] = await explain(clientCertificate()(who), request, context);
	assert.equal(step?.explanation?.answers, '403 Forbidden');
	const [open] = await explain(clientCertificate({ optional: true })(who), request, context);
	assert.equal(open?.explanation?.request?.fields.has('client-cert'), false);
	assert.deepEqual(open?.explanation?.fields, [
		{ what: 'removes', name: 'Client-Cert', on: 'request', source: 'RFC 9440 section 2.4' },
	]);
});
