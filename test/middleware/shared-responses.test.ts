/** An app may give the same response to everybody: what a layer adds to one exchange must not stay on it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
	type App,
	ask,
	compress,
	cors,
	type Middleware,
	rateLimit,
	requestId,
	respond,
	securityHeaders,
} from '../../src/index.ts';

const TEXT = 'a text that is long enough '.repeat(200);

const layers: Readonly<Record<string, Middleware>> = {
	compress: compress(),
	cors: cors({ origins: ['https://a.example', 'https://b.example'], credentials: true }),
	rateLimit: rateLimit({ limit: '1000/min' }),
	requestId: requestId(),
	securityHeaders: securityHeaders({ nonce: true, contentSecurityPolicy: { 'script-src': ["'nonce'"] } }),
};

for (const [name, layer] of Object.entries(layers)) {
	test(`${name} leaves a response that is given to everybody as it was`, async () => {
		const shared = respond(200, { 'content-type': 'text/plain' }, TEXT);
		const app: App = layer(() => shared);
		const before = shared.fields.raw;
		const first = await ask(app, { fields: { 'accept-encoding': 'gzip', origin: 'https://a.example' } });
		await first.bytes();
		const second = await ask(app, { fields: { origin: 'https://b.example' } });
		assert.equal(await second.text(), TEXT);
		assert.equal(second.fields.get('content-encoding'), null);
		assert.notEqual(second.fields.get('access-control-allow-origin'), 'https://a.example');
		assert.ok(second.fields.all('ratelimit').length <= 1);
		assert.deepEqual(shared.fields.raw, before);
	});
}

test('two exchanges at once that share a response have ids of their own', async () => {
	const shared = respond(200, {}, 'x');
	const app = requestId()(() => shared);
	const [one, other] = await Promise.all([ask(app), ask(app)]);
	assert.notEqual(one.fields.get('x-request-id'), other.fields.get('x-request-id'));
});
