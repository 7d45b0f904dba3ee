/** Tokens: which are good, and all the ways to make one that is not. */
import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { exportJWK, type JWTPayload, SignJWT } from 'jose';
import {
	type App,
	compositionFaults,
	explain,
	type Layer,
	raw,
	respond,
	stack,
} from '../../../src/convention/index.ts';
import { ask, exchange } from '../../../src/engine/memory/index.ts';
import { type BearerOptions, bearer, requireScopes } from '../../../src/middleware/bearer/index.ts';
import { identity } from '../../../src/middleware/index.ts';

const issuer = 'https://issuer.example/';
const audience = 'https://api.example/';
const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = pair.publicKey.export({ type: 'spki', format: 'pem' }) as string;
const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
const ecJwk = { ...(await exportJWK(curve.publicKey)), kid: 'two' };
const jwks = { keys: [jwk, ecJwk] } as BearerOptions['jwks'];

const now = () => Math.floor(Date.now() / 1000);

interface Signing {
	readonly header?: Record<string, unknown>;
	readonly key?: Parameters<SignJWT['sign']>[0];
}

/** A good token, but for what is said. */
function token(claims: Readonly<Record<string, unknown>> = {}, { header = {}, key = pair.privateKey }: Signing = {}) {
	const whole = { iss: issuer, aud: audience, sub: 'ann', exp: now() + 600, ...claims };
	return new SignJWT(whole as JWTPayload).setProtectedHeader({ alg: 'RS256', kid: 'one', ...header }).sign(key);
}

const sent = (text: string, field = 'Authorization') => ({ fields: { [field]: `Bearer ${text}` } });

const who: App = (request, context) =>
	respond(200, {}, `${context.get(identity)?.name ?? 'nobody'} ${raw(request).fields.get('authorization') ?? '-'}`);

/** As if `optional` were never given: tests that give it look at no identity. */
function guarded(t: TestContext, options: Partial<BearerOptions> = {}) {
	const keys = 'key' in options || 'secret' in options ? {} : { jwks };
	const layer = bearer({ issuer, audience, ...keys, ...options } as BearerOptions & { readonly optional?: false });
	t.after(() => layer.close());
	return { layer, app: layer(who) };
}

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** What is refused, and that it is said why. */
async function refuses(app: App, text: string, reason: RegExp): Promise<void> {
	const answer = await ask(app, sent(text));
	assert.equal(answer.status, 401, String(answer.error));
	const challenge = answer.fields.get('www-authenticate') ?? '';
	assert.match(challenge, /^Bearer realm="restricted", error="invalid_token", error_description="[ -!#-[\]-~]+"$/);
	assert.match(challenge, reason);
}

test('a good token comes in, and is taken off the request', async (t) => {
	const { app } = guarded(t);
	assert.equal(await (await ask(app, sent(await token()))).text(), 'ann -');
	const ec = await token({}, { header: { alg: 'ES256', kid: 'two' }, key: curve.privateKey });
	assert.equal((await ask(app, sent(ec))).status, 200);
	const passing = guarded(t, { pass: true });
	const text = await token();
	assert.equal(await (await ask(passing.app, sent(text))).text(), `ann Bearer ${text}`);
});

test('no token is asked for without an error code', async (t) => {
	const { app } = guarded(t, { realm: 'api' });
	for (const fields of [{}, { Authorization: 'Basic YTpi' }, { Authorization: 'Bearerx y' }]) {
		const answer = await ask(app, { fields });
		assert.equal(answer.status, 401);
		assert.equal(answer.fields.get('www-authenticate'), 'Bearer realm="api"');
	}
	assert.equal(await (await ask(guarded(t, { optional: true }).app)).text(), 'nobody -');
	assert.equal((await ask(guarded(t, { optional: true }).app, sent('x.y.z'))).status, 401);
});

test('a proxy asks with 407, for CONNECT too', async (t) => {
	const { app } = guarded(t, { role: 'proxy' });
	const request = { method: 'CONNECT', target: 'db.example:5432' };
	assert.equal((await ask(app, request)).fields.get('proxy-authenticate'), 'Bearer realm="restricted"');
	assert.equal((await ask(app, { ...request, ...sent(await token(), 'Proxy-Authorization') })).status, 200);
	assert.equal((await ask(app, { ...request, ...sent(await token()) })).status, 407);
});

test('alg none is never taken, however it is written', async (t) => {
	const { app } = guarded(t);
	const payload = base64url({ iss: issuer, aud: audience, sub: 'ann', exp: now() + 600 });
	for (const alg of ['none', 'None', 'NONE', 'nOnE', '', null, undefined, ['RS256'], { toString: 'RS256' }]) {
		const header = base64url({ alg, kid: 'one' });
		await refuses(app, `${header}.${payload}.`, /malformed|algorithm/);
		await refuses(app, `${header}.${payload}.AAAA`, /malformed|algorithm/);
		await refuses(app, `${header}.${payload}`, /malformed/);
	}
});

test('a public key is no secret: HS256 with it is refused, whatever form the key is given in', async (t) => {
	const parts = (kid?: string) =>
		`${base64url({ alg: 'HS256', kid })}.${base64url({ iss: issuer, aud: audience, sub: 'ann', exp: now() + 600 })}`;
	for (const options of [{}, { key: pem }, { key: jwk as BearerOptions['key'] }] as Partial<BearerOptions>[]) {
		const { app } = guarded(t, options);
		for (const secret of [pem, pem.trim(), JSON.stringify(jwk), String(jwk.n)]) {
			for (const kid of ['one', undefined]) {
				const signed = createHmac('sha256', secret).update(parts(kid)).digest('base64url');
				await refuses(app, `${parts(kid)}.${signed}`, /algorithm is not allowed/);
			}
		}
	}
});

test('a key is for its own kind of algorithm', async (t) => {
	const { app } = guarded(t);
	await refuses(app, await token({}, { header: { alg: 'PS256', kid: 'one' } }), /key is not known/);
	await refuses(app, await token({}, { header: { alg: 'RS512', kid: 'one' } }), /key is not known/);
	await refuses(app, await token({}, { header: { alg: 'RS256', kid: 'two' } }), /key is not known/);
	const narrow = guarded(t, { algorithms: ['ES256'] });
	await refuses(narrow.app, await token(), /algorithm is not allowed/);
});

test('kid is compared and nothing else: paths, commands and prototypes find no key', async (t) => {
	const { app } = guarded(t);
	for (const kid of [
		'../../../../dev/null',
		'/etc/passwd',
		"one' OR '1'='1",
		'http://evil.example/k',
		'__proto__',
		'constructor',
		'',
		7,
		null,
		{ a: 1 },
	]) {
		await refuses(app, await token({}, { header: { kid } }), /key is not known|malformed/);
	}
});

test('keys that the token brings itself are not used', async (t) => {
	const { app } = guarded(t);
	const evil = await exportJWK(other.publicKey);
	for (const header of [
		{ jwk: evil },
		{ jku: 'https://evil.example/keys' },
		{ x5u: 'https://evil.example/cert' },
		{ jwk: { ...evil, kid: 'one' }, kid: 'one' },
	]) {
		await refuses(app, await token({}, { header, key: other.privateKey }), /signature is wrong/);
	}
	const parts = `${base64url({ alg: 'RS256', kid: 'one', crit: ['urgent'], urgent: 1 })}.${base64url({ iss: issuer, aud: audience, sub: 'ann', exp: now() + 60 })}`;
	await refuses(
		app,
		`${parts}.${sign('sha256', Buffer.from(parts), pair.privateKey).toString('base64url')}`,
		/malformed/,
	);
});

test('claims are checked: who issued it, for whom, from when, until when', async (t) => {
	const { app } = guarded(t);
	await refuses(app, await token({ exp: now() - 60 }), /expired/);
	await refuses(app, await token({ nbf: now() + 60 }), /not valid yet/);
	await refuses(app, await token({ iss: 'https://issuer.example' }), /somebody else/);
	await refuses(app, await token({ aud: 'https://other.example/' }), /another audience/);
	await refuses(app, await token({ aud: [] }), /another audience/);
	await refuses(app, await token({ exp: undefined }), /does not say when/);
	await refuses(app, await token({ sub: undefined }), /lacks a claim/);
	await refuses(app, await token({ exp: 'never' }), /does not say when|malformed/);
	assert.equal((await ask(app, sent(await token({ aud: ['x', audience] })))).status, 200);
	assert.equal((await ask(app, sent(await token({ exp: now() - 2 })))).status, 200, 'clocks may differ by seconds');
	await refuses(guarded(t, { clockTolerance: 0 }).app, await token({ exp: now() - 2 }), /expired/);
	await refuses(guarded(t, { require: ['tenant'] }).app, await token(), /lacks a claim/);
	await refuses(guarded(t, { typ: 'at+jwt' }).app, await token(), /another type/);
	const access = await token({ client: 'app' }, { header: { typ: 'at+jwt' } });
	assert.equal(await (await ask(guarded(t, { typ: 'at+jwt', nameClaim: 'client' }).app, sent(access))).text(), 'app -');
});

test('a token is refused when a single character is another', async (t) => {
	const { app } = guarded(t);
	const text = await token();
	assert.equal((await ask(app, sent(text))).status, 200);
	for (const at of [0, 10, text.indexOf('.') + 3, text.lastIndexOf('.') + 5]) {
		const changed = text[at] === 'A' ? 'B' : 'A';
		assert.equal((await ask(app, sent(text.slice(0, at) + changed + text.slice(at + 1)))).status, 401);
	}
});

test('whatever is sent as a token is refused with 401 and never an error of ours', async (t) => {
	const { app } = guarded(t);
	const piece = fc.oneof(
		fc.string({ unit: 'grapheme-ascii' }),
		fc.json().map((json) => Buffer.from(json).toString('base64url')),
	);
	await fc.assert(
		fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 5 }), async (pieces) => {
			const answer = await ask(app, sent(pieces.join('.').replaceAll(',', '')));
			assert.equal(answer.status, 401);
		}),
		{ numRuns: 200 },
	);
	await refuses(app, 'x'.repeat(100_000), /too long/);
	await refuses(app, '.'.repeat(8_000), /malformed/);
	await refuses(app, `${base64url({ alg: 'RS256', kid: 'one' })}.${'A'.repeat(7_000)}.AAAA`, /signature|malformed/);
	await refuses(app, '', /malformed/);
});

test('two fields of credentials are refused', async (t) => {
	const { app } = guarded(t);
	const good = `Bearer ${await token()}`;
	for (const second of [good, 'Basic YTpi', ''])
		assert.equal((await ask(app, { fields: ['Authorization', good, 'Authorization', second] })).status, 400);
});

test('claims are data without prototypes, all the way down', async (t) => {
	const { layer } = guarded(t);
	let claims: Readonly<Record<string, unknown>> = {};
	const app = layer((_, context) => {
		({ claims } = context.get(identity));
		return respond(204);
	});
	const evil = JSON.parse(
		'{"__proto__":{"admin":true},"nested":{"__proto__":{"admin":true},"constructor":{"prototype":1}},"list":[{"__proto__":1}]}',
	);
	assert.equal((await ask(app, sent(await token(evil)))).status, 204);
	assert.equal(Object.getPrototypeOf(claims), null);
	assert.equal(Object.getPrototypeOf(claims['nested']), null);
	assert.equal(Object.getPrototypeOf((claims['list'] as object[])[0]), null);
	assert.equal((claims as { admin?: unknown }).admin, undefined);
	assert.equal(({} as { admin?: unknown }).admin, undefined);
});

test('a verified token is remembered until it expires, and its signature checked once', async (t) => {
	const { app, layer } = guarded(t, { clockTolerance: 0 });
	const text = await token({ exp: now() + 2 });
	for (let i = 0; i < 3; i++) assert.equal((await ask(app, sent(text))).status, 200);
	assert.deepEqual([layer.statistics().verified, layer.statistics().remembered], [1, 1]);
	t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 3_000 });
	assert.equal((await ask(app, sent(text))).status, 401);
	t.mock.timers.reset();
	const forgetful = guarded(t, { remember: 0 });
	for (let i = 0; i < 2; i++) await ask(forgetful.app, sent(text));
	assert.equal(forgetful.layer.statistics().remembered, 0);
	assert.equal(forgetful.layer.statistics().verified, 2);
});

test('a token that allows too little is 403 and says what is needed', async (t) => {
	const { app } = guarded(t, { scopes: ['read', 'write'] });
	const refused = await ask(app, sent(await token({ scope: 'read rewrite' })));
	assert.equal(refused.status, 403);
	assert.equal(
		refused.fields.get('www-authenticate'),
		'Bearer realm="restricted", error="insufficient_scope", scope="read write"',
	);
	assert.equal((await ask(app, sent(await token({ scope: 'write read' })))).status, 200);
	assert.equal((await ask(app, sent(await token({ scp: ['write', 'read'] })))).status, 200);
	assert.equal((await ask(app, sent(await token({ scope: { read: 1, write: 1 } })))).status, 403);
});

test('requireScopes asks further in, and stands in what proves an identity', async (t) => {
	const { layer } = guarded(t);
	const app = stack(layer, requireScopes(['orders:write']))(who);
	assert.equal((await ask(app, sent(await token()))).status, 403);
	assert.equal((await ask(app, sent(await token({ scope: 'orders:write' })))).status, 200);
	assert.deepEqual(compositionFaults(app), []);
	const alone = requireScopes(['a'])(who) as App;
	assert.match(compositionFaults(alone)[0] ?? '', /put bearer\(\) around it/);
	assert.equal((await ask(alone)).status, 403);
	assert.throws(() => requireScopes(['a"b']), /scopes must be a list of scopes/);
	for (const [options, reason] of [
		['shop', /requireScopes: the options are no object/],
		[{ reallm: 'shop' }, /requireScopes: reallm: no such option; .*did you mean realm\?/],
		[{ realm: 'a\nb' }, /requireScopes: realm must be visible ASCII/],
		[{ role: 'server' }, /requireScopes: role must be 'origin' or 'proxy'/],
	] as const)
		assert.throws(() => requireScopes(['a'], options as never), reason);
});

test('requireScopes speaks in the role and the realm that it is given', async () => {
	const challenge = 'Bearer realm="shop", error="insufficient_scope", scope="a b"';
	for (const [role, field] of [
		['origin', 'www-authenticate'],
		['proxy', 'proxy-authenticate'],
	] as const) {
		const answer = await ask(requireScopes(['a', 'b'], { role, realm: 'shop' })(who) as App);
		assert.deepEqual([answer.status, answer.fields.get(field)], [403, challenge]);
	}
});

test('a shared secret verifies HS256 and nothing else', async (t) => {
	const secret = 'a secret of thirty-two bytes or more';
	const { app } = guarded(t, { secret });
	const key = Buffer.from(secret);
	assert.equal((await ask(app, sent(await token({}, { header: { alg: 'HS256' }, key })))).status, 200);
	await refuses(app, await token({}, { header: { alg: 'HS256' }, key: Buffer.alloc(32, 1) }), /signature/);
	await refuses(app, await token(), /algorithm is not allowed/);
});

test('options that cannot be meant are refused with their name, and secrets are not quoted', async () => {
	const good = { issuer, audience, jwks };
	const weak = await exportJWK(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey);
	const rows: readonly (readonly [options: object, reason: RegExp])[] = [
		[{ audience, jwks }, /issuer must be given/],
		[{ issuer, jwks }, /audience must be given/],
		[{ ...good, issuer: [] }, /issuer/],
		[{ ...good, audience: [''] }, /audience/],
		[{ issuer, audience }, /one of jwks, key and secret/],
		[{ ...good, secret: 'x'.repeat(32) }, /one of jwks, key and secret/],
		[{ ...good, algorithms: ['none'] }, /"none": a token that nobody signed/],
		[{ ...good, algorithms: ['HS256'] }, /"HS256": with public keys/],
		[{ ...good, algorithms: [] }, /algorithms/],
		[{ issuer, audience, secret: 'hunter2' }, /secret must have at least 32 bytes for HS256$/],
		[{ issuer, audience, secret: 'x'.repeat(40), algorithms: ['RS256'] }, /"RS256": with a secret/],
		[{ issuer, audience, secret: 'x'.repeat(40), algorithms: ['HS512'] }, /64 bytes/],
		[{ issuer, audience, secret: 7 }, /secret must be text or bytes/],
		[{ issuer, audience, jwks: 'http://issuer.example/keys' }, /https/],
		[{ issuer, audience, jwks: 'https://a:b@issuer.example/keys' }, /credentials/],
		[{ issuer, audience, jwks: 'keys' }, /jwks must be a URL/],
		[{ issuer, audience, jwks: { keys: [] } }, /at least one/],
		[{ issuer, audience, jwks: { keys: [{ kty: 'oct', k: 'c2VjcmV0' }] } }, /keys\[0\] holds a secret/],
		[{ issuer, audience, jwks: { keys: [await exportJWK(pair.privateKey)] } }, /keys\[0\] holds a secret/],
		[{ issuer, audience, key: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }) }, /private key/],
		[{ issuer, audience, key: 'PEM' }, /key is no public key/],
		[{ issuer, audience, key: weak }, /1024 bits/],
		[{ ...good, clockTolerance: -1 }, /clockTolerance/],
		[{ ...good, clockTolerance: '5s' }, /clockTolerance/],
		[{ ...good, typ: '' }, /typ/],
		[{ ...good, nameClaim: 7 }, /nameClaim must be/],
		[{ ...good, scopes: ['a b'] }, /scopes/],
		[{ ...good, scopes: ['a\r\nX: y'] }, /scopes/],
		[{ ...good, realm: 'a\nb' }, /realm/],
		[{ ...good, audiance: 'x' }, /did you mean audience\?/],
		[{ ...good, limit: 1 }, /limit/],
		[{ ...good, log: 1 }, /log/],
	];
	for (const [options, reason] of rows) {
		assert.throws(
			() => bearer(options as BearerOptions),
			(error: Error) => reason.test(error.message) && !error.message.includes('hunter2'),
			reason.source,
		);
	}
});

test('it proves the identity, and explain says what would be verified without doing it', async (t) => {
	const { app, layer } = guarded(t, { scopes: ['read'] });
	layer((_, context) => respond(200, {}, context.get(identity).name));
	const optional: Layer = bearer({ issuer, audience, jwks: jwks as never, optional: true });
	// @ts-expect-error -- nobody may be there
	optional((_, context) => respond(200, {}, context.get(identity).name));
	const secret = await token();
	const { request, context } = exchange(() => respond(204), sent(secret));
	const [step] = await explain(app, request, context);
	assert.match(step?.explanation?.does[0] ?? '', /issued|by https:\/\/issuer\.example\/ for https:\/\/api\.example\//);
	assert.equal(step?.explanation?.request?.fields.has('authorization'), false);
	assert.equal(JSON.stringify(step?.explanation?.does).includes(secret), false);
	assert.equal(layer.statistics().verified, 0);
});
