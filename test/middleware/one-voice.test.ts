/** How layers explain themselves: all in one voice, so that a whole front door reads as one text. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { raw, reasonPhrase } from '../../src/convention/index.ts';
import { exchange, type MemoryRequest } from '../../src/engine/memory/index.ts';
import {
	type App,
	accessLog,
	apiKey,
	basicAuth,
	bearer,
	bodyLimit,
	budget,
	cache,
	canonicalHost,
	clientAddress,
	clientCertificate,
	compress,
	cors,
	secret as credential,
	csrf,
	decompress,
	type Explanation,
	errors,
	explain,
	faults,
	forwardAuth,
	hashPassword,
	httpsRedirect,
	inject,
	ipAllow,
	maintenance,
	mirror,
	oidc,
	rateLimit,
	redirect,
	requestId,
	requireScopes,
	respond,
	rewrite,
	securityHeaders,
	sessions,
	sqlite,
	timeout,
	tracing,
	trailingSlash,
	transaction,
} from '../../src/index.ts';

const hello: App = () => respond(200, null, 'hello');
const secret = 'a secret that is long enough to be one';
const never = (): never => assert.fail('a function that does more than choose was called');
const users = { ann: await hashPassword('secret', 'scrypt') };

const layers: Readonly<Record<string, (next: App) => unknown>> = {
	accessLog: accessLog({ to: 'a.log', sample: never }),
	apiKey: apiKey({ keys: never }),
	'apiKey in a field': apiKey({ keys: never, field: 'X-Key', optional: true }),
	basicAuth: basicAuth({ users }),
	'basicAuth of a function': basicAuth({ users: never, role: 'proxy' }),
	bearer: bearer({
		issuer: 'https://id.example',
		audience: 'shop',
		jwks: 'https://id.example/keys',
		scopes: ['read'],
	} as never),
	bodyLimit: bodyLimit(10),
	budget: budget({ requests: 10, per: '1h' }),
	cache: cache({ key: () => 'tenant' }),
	canonicalHost: canonicalHost('example.org'),
	clientAddress: clientAddress({ trust: ['loopback'], field: 'X-Forwarded-For' }),
	clientCertificate: clientCertificate({ allow: never }),
	compress: compress({ types: never }),
	cors: cors({ origins: never, credentials: true, expose: ['X-Total'], privateNetwork: true }),
	'cors of a list': cors({ origins: ['https://app.example'] }),
	csrf: csrf(),
	decompress: decompress(),
	errors: errors({ page: never, log: never }),
	faults: faults({ delay: 5, status: 503, share: never }),
	forwardAuth: forwardAuth('http://127.0.0.1:1/', { copy: ['Remote-User'] }),
	httpsRedirect: httpsRedirect({ hosts: ['example.org'] }),
	inject: inject({ 'a.example': { authorization: credential('NEVER_SHOWN') } }),
	ipAllow: ipAllow({ allow: ['10.0.0.0/8'] }),
	maintenance: maintenance({ enabled: true, except: ['/a'], page: never }),
	mirror: mirror(never, { share: never }),
	oidc: oidc({ issuer: 'https://id.example', clientId: 'shop' }),
	rateLimit: rateLimit({ limit: '10/s', concurrent: 2, cost: never, log: never }),
	redirect: redirect({ '/old': '/new' }),
	requestId: requestId(),
	requireScopes: requireScopes(['read']),
	rewrite: rewrite({ '/a': '/b' }),
	securityHeaders: securityHeaders({
		nonce: true,
		remove: ['Server'],
		contentSecurityPolicy: { 'script-src': "'nonce'" },
	}),
	sessions: sessions({ secret }),
	timeout: timeout(1000),
	tracing: tracing(),
	'tracing of an SDK': tracing({ telemetry: { trace: { getTracer: () => ({}) } } as never, trust: false }),
	trailingSlash: trailingSlash('remove'),
	transaction: transaction(sqlite({ path: ':memory:', handles: 1 })),
};

const origin = { origin: 'https://app.example' };
const asked: readonly MemoryRequest[] = [
	{ target: '/a' },
	{ target: '/old/', fields: { ...origin, accept: 'text/html', 'accept-encoding': 'gzip', host: 'example.org' } },
	{ target: '/old', method: 'POST', fields: { origin: 'https://evil.example' }, body: 'more than ten bytes' },
	{ target: '/', method: 'OPTIONS', fields: { ...origin, 'access-control-request-method': 'PUT' } },
	{
		target: '/login',
		fields: { authorization: 'Basic YW5uOnNlY3JldA==', 'x-key': 'a', 'x-forwarded-for': '192.0.2.1' },
	},
	{
		target: '/',
		fields: ['Authorization', 'Bearer a.b.c', 'Client-Cert', ':AA:'],
		remote: { kind: 'ip', host: '10.0.0.1', port: 1 },
	},
	{ target: '/', fields: ['Authorization', 'Basic a', 'Authorization', 'Basic b'] },
	{ target: '/', method: 'POST', fields: { 'content-encoding': 'gzip' }, body: 'x' },
	{ target: '/', method: 'POST', fields: { 'content-encoding': 'unknown' }, body: 'x' },
	{ target: '/', fields: { connection: 'upgrade', upgrade: 'websocket' } },
	{ target: 'a.example:443', form: 'authority', method: 'CONNECT' },
];

/** Third person, present, without a subject; or a statement about the request. */
const OPENING =
	/^(?:[A-Z][a-z]+s (?!no\b)|Does not |Passes the request on|The |It cannot |This |Maintenance is |Every page |Pages of |A client |[0-9a-f.:]+ (?:may|is) )/;

function check({ does, fields = [], answers }: Explanation, last: boolean, where: string): void {
	for (const sentence of does) {
		assert.match(sentence, /^(?:[A-Z]|\d).*\.$/s, `${where}: a whole sentence: ${sentence}`);
		assert.match(sentence, OPENING, `${where}: ${sentence}`);
		assert.doesNotMatch(sentence, /\bwould\b|\.\.$/, `${where}: present tense: ${sentence}`);
		for (const [whole, status = '', words = ''] of sentence.matchAll(/\b([45]\d\d) ((?:[A-Z][a-z]+ ?)*)/g)) {
			if (/^Answers|, or 403/.test(sentence))
				assert.equal(words.trim(), reasonPhrase(Number(status)), `${where}: ${whole}`);
		}
	}
	const end = does.at(-1) ?? '';
	if (answers === undefined)
		assert.match(end, /^Passes the request on(?: as it is|, with )/, `${where} ends otherwise: ${end}`);
	else {
		const [, status = '', words = ''] = /^(\d{3}) ([^:]+)(?:: .*[^.])?$/.exec(answers) ?? [];
		assert.equal(words, reasonPhrase(Number(status)), `${where}: ${answers}`);
		assert.equal(last, true);
		assert.doesNotMatch(does.join(' '), /Passes the request on/);
	}
	for (const field of fields) {
		assert.match(
			field.source ?? '',
			/section \d|draft-|in use, specified nowhere/,
			`${where}: ${field.name} has no source`,
		);
		if (field.when !== undefined) assert.match(field.when, /^(?:when|with) /);
	}
}

for (const [name, layer] of Object.entries(layers)) {
	test(`${name} speaks as all do, and calls nothing that does more than choose`, async () => {
		for (const [index, request] of asked.entries()) {
			const { request: given, context } = exchange(hello, request);
			const [step] = await explain(layer(hello) as App, raw(given), context);
			assert.notEqual(step?.explanation ?? null, null);
			check(step?.explanation as Explanation, step?.last === true, `${name}, request ${index}`);
		}
	});
}
