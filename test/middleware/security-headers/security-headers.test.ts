/** What browsers are told, where, and by whom. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type App, compositionOf, HttpError, known, lint, raw, respond, stack } from '../../../src/convention/index.ts';
import { ask, type MemoryRequest } from '../../../src/engine/memory/index.ts';
import { client } from '../../../src/middleware/keys.ts';
import { nonce, type SecurityHeadersOptions, securityHeaders } from '../../../src/middleware/security-headers/index.ts';
import { listen, portOf } from '../../support/engines.ts';
import { connect } from '../../support/raw-client.ts';

const page: App = () => respond(200, { 'Content-Type': 'text/html' }, '<p>Hello</p>');
const around = (options?: SecurityHeadersOptions, app: App = page): App => lint(securityHeaders(options)(lint(app)));
const fieldsOf = async (options?: SecurityHeadersOptions, request: MemoryRequest = {}, app: App = page) =>
	(await ask(around(options, app), request)).fields;
const csp = async (options: SecurityHeadersOptions): Promise<string | null> =>
	(await fieldsOf(options)).get('content-security-policy');

const STS = 'strict-transport-security';

test('without a word, it says what nearly every site wants', async () => {
	assert.deepEqual((await fieldsOf({}, { scheme: 'https' })).raw.slice(2), [
		...['X-Content-Type-Options', 'nosniff', 'Referrer-Policy', 'strict-origin-when-cross-origin'],
		...['X-Frame-Options', 'SAMEORIGIN', 'Cross-Origin-Opener-Policy', 'same-origin'],
		...['Cross-Origin-Resource-Policy', 'same-origin', 'Strict-Transport-Security', 'max-age=31536000'],
	]);
});

test('https is asked for over https alone, as the client sees it', async () => {
	assert.equal((await fieldsOf({}, { scheme: 'http' })).has(STS), false);
	const behind =
		(scheme: 'http' | 'https'): App =>
		(request, context) => {
			context.set(client, { address: '192.0.2.1', scheme, host: null });
			return securityHeaders()(page)(request, context);
		};
	assert.equal((await ask(behind('https'), { scheme: 'http' })).fields.has(STS), true);
	assert.equal((await ask(behind('http'), { scheme: 'https' })).fields.has(STS), false);
	const forged = await fieldsOf({}, { scheme: 'http', fields: { 'X-Forwarded-Proto': 'https' } });
	assert.equal(forged.has(STS), false, 'a field of the client is no proof');
	const all = { maxAge: 63_072_000, includeSubDomains: true, preload: true };
	assert.equal(
		(await fieldsOf({ strictTransportSecurity: all }, { scheme: 'https' })).get(STS),
		'max-age=63072000; includeSubDomains; preload',
	);
	assert.equal((await fieldsOf({ strictTransportSecurity: false }, { scheme: 'https' })).has(STS), false);
});

test('everything can be left out', async () => {
	const options: SecurityHeadersOptions = {
		strictTransportSecurity: false,
		contentTypeOptions: false,
		referrerPolicy: false,
		frames: false,
		crossOriginOpenerPolicy: false,
		crossOriginResourcePolicy: false,
	};
	assert.deepEqual((await fieldsOf(options, { scheme: 'https' })).raw, ['Content-Type', 'text/html']);
});

test('what the app says stands, unless it is to be replaced', async () => {
	const app: App = () => respond(200, { 'x-frame-options': 'DENY', 'Referrer-Policy': 'no-referrer' });
	const kept = await fieldsOf({}, {}, app);
	assert.deepEqual([kept.all('x-frame-options'), kept.get('referrer-policy')], [['DENY'], 'no-referrer']);
	const replaced = await fieldsOf({ override: true }, {}, app);
	assert.deepEqual(replaced.all('x-frame-options'), ['SAMEORIGIN']);
	assert.equal(replaced.get('referrer-policy'), 'strict-origin-when-cross-origin');
});

test('what an upstream tells about itself is taken out where that is wanted', async () => {
	const app: App = () =>
		respond(200, ['Server', 'x/1.2', 'X-Powered-By', 'PHP/8', 'x-powered-by', 'more', 'Date', 'now']);
	assert.equal((await fieldsOf({}, {}, app)).get('server'), 'x/1.2');
	const { raw: left } = await fieldsOf({ remove: ['Server', 'X-Powered-By'] }, {}, app);
	assert.deepEqual(left.slice(0, 2), ['Date', 'now']);
});

test('a policy is written from its directives', async () => {
	const contentSecurityPolicy = {
		'default-src': "'self'",
		'img-src': ["'self'", 'data:', 'https://*.example.org:8443/x'],
		'upgrade-insecure-requests': true,
	} as const;
	assert.equal(
		await csp({ contentSecurityPolicy }),
		"default-src 'self'; img-src 'self' data: https://*.example.org:8443/x; upgrade-insecure-requests; frame-ancestors 'self'",
	);
	assert.equal(await csp({ contentSecurityPolicy: { 'frame-ancestors': "'none'" } }), "frame-ancestors 'none'");
	const reported = await fieldsOf({ contentSecurityPolicy, reportOnly: true });
	assert.equal(reported.has('content-security-policy'), false);
	assert.match(reported.get('content-security-policy-report-only') ?? '', /^default-src 'self'/);
});

test('frames are said in both ways, where both can say it', async () => {
	assert.equal((await fieldsOf({ frames: 'none' })).get('x-frame-options'), 'DENY');
	assert.equal(await csp({ frames: 'none' }), null);
	const some = await fieldsOf({ frames: ["'self'", 'https://partner.example'] });
	assert.equal(some.has('x-frame-options'), false);
	assert.equal(some.get('content-security-policy'), "frame-ancestors 'self' https://partner.example");
});

test('a nonce is another one for each page, known within, and in the policy', async () => {
	const app = stack(
		securityHeaders({
			nonce: true,
			contentSecurityPolicy: { 'script-src': ["'nonce'", "'strict-dynamic'"], 'style-src': "'nonce'" },
		}),
	)((_request, context) => {
		const text: string = context.get(nonce);
		return respond(200, { 'Content-Type': 'text/html' }, `<script nonce="${text}">`);
	});
	const seen = new Set<string>();
	for (let i = 0; i < 300; i++) {
		const answer = await ask(app, {});
		const [, text = ''] = /nonce="([A-Za-z0-9_-]{24})"/.exec(await answer.text()) ?? [];
		assert.equal(
			answer.fields.get('content-security-policy'),
			`script-src 'nonce-${text}' 'strict-dynamic'; style-src 'nonce-${text}'; frame-ancestors 'self'`,
		);
		seen.add(text);
	}
	assert.equal(seen.size, 300);
});

test('without the option there is no nonce to rely on', async () => {
	const app = securityHeaders()((_request, context) => respond(200, null, known(context, nonce)));
	assert.match(String((await ask(app, {})).error), /Nothing has set nonce/);
});

test('errors say it, too, and stay what they are', async () => {
	const error = new HttpError(404, { fields: { 'X-Frame-Options': 'DENY' } });
	for (let i = 0; i < 3; i++) {
		const answer = await ask(
			around({}, () => Promise.reject(error)),
			{},
		);
		assert.equal(answer.error, error);
		assert.equal(answer.fields.get('x-content-type-options'), 'nosniff');
		assert.deepEqual(answer.fields.all('x-frame-options'), ['DENY'], 'what it says itself stands');
		assert.equal(answer.fields.all('x-content-type-options').length, 1, 'once, however often it is thrown');
	}
});

test('permissions are written as structured fields', async () => {
	const permissionsPolicy = { camera: [], geolocation: ['self', 'https://maps.example'], fullscreen: '*' } as const;
	assert.equal(
		(await fieldsOf({ permissionsPolicy })).get('permissions-policy'),
		'camera=(), geolocation=(self "https://maps.example"), fullscreen=*',
	);
});

const bad: readonly (readonly [options: unknown, message: RegExp])[] = [
	[null, /options/],
	[{ contentTypeOption: true }, /did you mean contentTypeOptions\?/],
	[{ contentTypeOptions: 'nosniff' }, /contentTypeOptions/],
	[{ referrerPolicy: 'none' }, /referrerPolicy/],
	[{ referrerPolicy: 'no-referrer\r\nX: y' }, /referrerPolicy/],
	[{ crossOriginOpenerPolicy: true }, /crossOriginOpenerPolicy/],
	[{ crossOriginResourcePolicy: 'x' }, /crossOriginResourcePolicy/],
	[{ crossOriginEmbedderPolicy: 'x' }, /crossOriginEmbedderPolicy/],
	[{ frames: 'sameorigin' }, /frames/],
	[{ frames: [] }, /frames/],
	[{ frames: ['https://a.example; script-src *'] }, /frames/],
	[{ frames: ['https://a.example\r\nX: y'] }, /frames/],
	[{ strictTransportSecurity: true }, /strictTransportSecurity/],
	[{ strictTransportSecurity: { maxAge: -1 } }, /strictTransportSecurity.maxAge/],
	[{ strictTransportSecurity: { maxage: 1 } }, /did you mean maxAge\?/],
	[{ strictTransportSecurity: { preload: true } }, /preload/],
	[{ strictTransportSecurity: { includeSubDomains: 1 } }, /includeSubDomains/],
	[{ contentSecurityPolicy: "default-src 'self'" }, /contentSecurityPolicy/],
	[{ contentSecurityPolicy: null }, /contentSecurityPolicy/],
	[{ contentSecurityPolicy: { 'script-src': 'self' } }, /script-src.*'self' in its quotes/],
	[{ contentSecurityPolicy: { 'script-src': ["'self'; img-src *"] } }, /script-src/],
	[{ contentSecurityPolicy: { 'script-src': ["'self',"] } }, /script-src/],
	[{ contentSecurityPolicy: { 'script-src': ['a\r\nX: y'] } }, /script-src/],
	[{ contentSecurityPolicy: { 'script-src\r\nX': '*' } }, /directive/],
	[{ contentSecurityPolicy: { 'scrip-src': '*' } }, /"scrip-src", which is no directive; did you mean script-src\?/],
	[{ contentSecurityPolicy: { 'plugin-types': '*' } }, /"plugin-types", which is no directive/],
	[{ contentSecurityPolicy: { 'script-src': 7 } }, /script-src/],
	[{ contentSecurityPolicy: { 'script-src': "'nonce'" } }, /nonce is not true/],
	[{ contentSecurityPolicy: { 'script-src': "'self'" }, nonce: true }, /no 'nonce'/],
	[{ nonce: true }, /no 'nonce'/],
	[{ permissionsPolicy: 'camera=()' }, /permissionsPolicy/],
	[{ permissionsPolicy: { camera: 'self' } }, /permissionsPolicy.camera/],
	[{ permissionsPolicy: { camera: ['"x'] } }, /permissionsPolicy.camera/],
	[{ permissionsPolicy: { 'Camera ': [] } }, /permissionsPolicy/],
	[{ remove: 'Server' }, /remove/],
	[{ remove: ['Ser ver'] }, /remove/],
	[{ override: 1 }, /override/],
];

test('options that cannot be meant are refused, by name', () => {
	for (const [options, message] of bad) {
		assert.throws(
			() => securityHeaders(options as SecurityHeadersOptions),
			(error: Error) => error.message.startsWith('securityHeaders: ') && message.test(error.message),
			JSON.stringify(options),
		);
	}
});

test('what it would do is told, with where it is asked for', async () => {
	const app = securityHeaders({ remove: ['Server'], contentSecurityPolicy: { 'script-src': "'nonce'" }, nonce: true })(
		page as never,
	);
	const { note } = compositionOf(app) ?? assert.fail();
	assert.deepEqual(note.proves, [nonce]);
	await ask(async (request, context) => {
		const told = await note.explain?.(raw(request), context);
		const lines = told?.fields?.map(({ what, name, value }) => `${what} ${name} ${value ?? ''}`) ?? [];
		assert.ok(lines.includes('removes Server '));
		assert.ok(lines.includes('adds X-Frame-Options SAMEORIGIN'));
		assert.ok(lines.includes("adds Content-Security-Policy script-src 'nonce-…'; frame-ancestors 'self'"));
		assert.ok(!lines.some((one) => one.includes('Strict-Transport')));
		assert.equal(context.has(nonce), false, 'nothing was set');
		return respond(204);
	}, {});
});

test('a tunnel has no fields of ours, an answer on a real socket has', async (t) => {
	const app = securityHeaders()((_request, context) =>
		context.offers.length === 0
			? respond(200, null, 'page')
			: respond(101, { upgrade: 'echo' }, null, { tunnel: (stream) => stream.writable.end() }),
	);
	const port = portOf(await listen(t, app));
	const plain = await (await connect(t, port)).send('GET / HTTP/1.1\r\nHost: a\r\n\r\n').message();
	assert.equal(plain.get('x-content-type-options'), 'nosniff');
	const upgrade = await connect(t, port);
	upgrade.send('GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n');
	const head = await upgrade.read('\r\n\r\n');
	assert.match(head, /^HTTP\/1\.1 101 /);
	assert.doesNotMatch(head, /nosniff/);
});
