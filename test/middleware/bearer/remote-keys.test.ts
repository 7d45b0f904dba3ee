/** Keys that are fetched: kept, fetched anew when they rotate, and what happens when they cannot be had. */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { exportJWK, SignJWT } from 'jose';
import { type App, respond } from '../../../src/convention/index.ts';
import { ask } from '../../../src/engine/memory/index.ts';
import { type BearerOptions, bearer } from '../../../src/middleware/bearer/index.ts';
import { listen, portOf } from '../../support/engines.ts';
import { eventually } from '../../support/until.ts';

const issuer = 'https://issuer.example/';
const audience = 'api';

async function keyOf(kid: string) {
	const { publicKey, privateKey } = generateKeyPairSync('ed25519');
	const jwk = { ...(await exportJWK(publicKey)), kid };
	const sign = (claims = {}) =>
		new SignJWT({ iss: issuer, aud: audience, sub: 'ann', exp: Math.floor(Date.now() / 1000) + 600, ...claims })
			.setProtectedHeader({ alg: 'EdDSA', kid })
			.sign(privateKey);
	return { jwk, sign };
}

const [one, two] = await Promise.all([keyOf('one'), keyOf('two')]);

/** A server of keys whose answer can be changed. */
async function issuing(t: TestContext, options: Partial<BearerOptions> = {}) {
	const server = { answer: (() => respond(200, {}, JSON.stringify({ keys: [one.jwk] }))) as App, asked: 0 };
	const listener = await listen(t, (request, context) => {
		server.asked++;
		return server.answer(request, context);
	});
	const layer = bearer({ issuer, audience, jwks: `http://127.0.0.1:${portOf(listener)}/keys?v=1`, ...options });
	t.after(() => layer.close());
	const app = layer(() => respond(204));
	const status = async (token: string) => (await ask(app, { fields: { Authorization: `Bearer ${token}` } })).status;
	const keys = (...jwks: object[]) => {
		server.answer = () => respond(200, {}, JSON.stringify({ keys: jwks }));
	};
	return { server, layer, status, keys, listener };
}

test('keys are fetched once, for all tokens, and by many requests at once', async (t) => {
	const { server, status } = await issuing(t);
	const tokens = await Promise.all([1, 2, 3, 4].map((n) => one.sign({ n })));
	assert.deepEqual(await Promise.all(tokens.map(status)), [204, 204, 204, 204]);
	assert.equal(await status(await one.sign()), 204);
	assert.equal(server.asked, 1);
});

test('a new key is found when a token names it, and what was remembered by a key that is gone is forgotten', async (t) => {
	const { server, status, keys } = await issuing(t, { coolDown: 0 });
	const old = await one.sign();
	for (let i = 0; i < 3; i++) assert.equal(await status(old), 204);
	keys(two.jwk);
	assert.equal(await status(await two.sign()), 204);
	assert.equal(server.asked, 2);
	assert.equal(await status(old), 401);
});

test('tokens with made-up keys cannot make us fetch within the cool-down', async (t) => {
	const { server, status } = await issuing(t, { coolDown: 60_000 });
	assert.equal(await status(await one.sign()), 204);
	for (let i = 0; i < 5; i++) assert.equal(await status(await two.sign({ i })), 401);
	assert.equal(server.asked, 1);
});

test('keys that cannot be had are 503 and not 401, whatever is wrong with their server', async (t) => {
	const answers: Readonly<Record<string, App>> = {
		'an error': () => respond(500),
		'a redirect': () => respond(302, { location: 'https://evil.example/keys' }),
		'no JSON': () => respond(200, {}, '<html>'),
		'no keys': () => respond(200, {}, '{"keys":{}}'),
		null: () => respond(200, {}, 'null'),
		'too many keys': () => respond(200, {}, JSON.stringify({ keys: Array.from({ length: 101 }, () => one.jwk) })),
		'too much': () => respond(200, {}, new Uint8Array(600_000)),
	};
	for (const [what, answer] of Object.entries(answers)) {
		const { server, status } = await issuing(t);
		server.answer = answer;
		assert.equal(await status(await one.sign()), 503, what);
		assert.equal(await status('x.y.z'), 401, what);
	}
});

test('a server of keys that is silent is given up in time, and the client hears 503', async (t) => {
	const { server, status, layer } = await issuing(t, { timeout: 100 });
	server.answer = () => new Promise(() => {});
	assert.equal(await status(await one.sign()), 503);
	assert.deepEqual([layer.statistics().fetches, layer.statistics().failures], [1, 1]);
	// Not asked again by every request.
	assert.equal(await status(await one.sign()), 503);
	assert.equal(layer.statistics().fetches, 1);
});

test('keys that cannot be fetched anew stay good for a while, and the operator is told', async (t) => {
	const reports: Error[] = [];
	const { server, status, layer } = await issuing(t, {
		refresh: 1,
		remember: 0,
		log: (error) => reports.push(error),
	});
	assert.equal(await status(await one.sign()), 204);
	server.answer = () => respond(500);
	await eventually(async () => {
		assert.equal(await status(await one.sign()), 204);
		return reports.length > 0;
	}, 'the failure is told');
	assert.ok(layer.statistics().failures > 0);
});

test('keys that are too old are not used any more', async (t) => {
	const { server, status } = await issuing(t, { stale: 0, remember: 0 });
	assert.equal(await status(await one.sign()), 204);
	server.answer = () => respond(500);
	assert.equal(await status(await one.sign()), 503);
});

test('a secret among the fetched keys verifies nothing', async (t) => {
	const { status, keys } = await issuing(t);
	const secret = Buffer.alloc(32, 7);
	keys(one.jwk, { kty: 'oct', k: secret.toString('base64url'), kid: 'sym' });
	const claims = { iss: issuer, aud: audience, sub: 'ann', exp: Math.floor(Date.now() / 1000) + 600 };
	const token = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'sym' }).sign(secret);
	assert.equal(await status(token), 401);
	assert.equal(await status(await one.sign()), 204);
});

test('a guard of addresses holds for the server of keys', async (t) => {
	const { server, status } = await issuing(t, { upstream: { guard: () => false } });
	assert.equal(await status(await one.sign()), 503);
	assert.equal(server.asked, 0);
});
