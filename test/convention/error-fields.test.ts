/** Fields that a layer wants in the answer to an error that it passes on. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
	type App,
	addErrorFields,
	type Context,
	errorFields,
	errorResponse,
	HttpError,
	respond,
	UpstreamError,
} from '../../src/convention/index.ts';
import { exchange } from '../../src/engine/memory/index.ts';
import { FieldList } from '../../src/fields/index.ts';
import { ask, cors, errors, type Middleware, routes, securityHeaders, stack, toFetch } from '../../src/index.ts';

const fresh = (): Context => exchange(() => respond(204)).context;

test('what was noted for an error is in its answer, whatever it is', () => {
	const frozen = Object.freeze(new Error('x'));
	for (const error of [new HttpError(404), new UpstreamError('dns_error'), { thrown: true }, frozen, 'text', null]) {
		const context = fresh();
		errorFields(error, context).set('X-Noted', 'yes');
		assert.equal(errorResponse(error, context)?.fields.get('x-noted'), 'yes');
		assert.equal(errorFields(error, context).get('x-noted'), 'yes', 'it is one list');
		if (typeof error === 'object' && error !== null) {
			assert.deepEqual(
				Object.getOwnPropertySymbols(error)
					.map(String)
					.filter((name) => name.includes('fields')),
				[],
			);
		}
	}
});

test('it replaces what the error says itself, and adds to Vary', () => {
	const context = fresh();
	const error = new HttpError(401, { fields: { Vary: 'Cookie', 'X-Who': 'error' } });
	errorFields(error, context).set('Vary', 'Origin, cookie');
	errorFields(error, context).set('X-Who', 'layer');
	const fields = errorResponse(error, context)?.fields;
	assert.deepEqual([fields?.get('vary'), fields?.get('x-who')], ['Cookie, Origin', 'layer']);
	assert.equal(error.fields.get('vary'), 'Cookie', 'the error stays as it was');
});

test('what was noted in one exchange, or for another error, is not in this answer', () => {
	const error = new HttpError(404);
	const context = fresh();
	errorFields(error, context).set('X-Noted', 'yes');
	for (const [thrown, where] of [
		[error, fresh()],
		[new HttpError(404), context],
	] as const) {
		const fields = FieldList.empty();
		addErrorFields(thrown, where, fields);
		assert.equal(fields.size, 0);
	}
});

const GONE = new HttpError(410, { message: 'It is gone.' });
const fail: App = () => {
	throw GONE;
};
const ORIGINS = ['https://a.example', 'https://b.example'];
const shared = cors({ origins: ORIGINS, credentials: true });
const table = routes({
	'GET /open': shared(fail),
	'GET /closed': fail,
	'GET /framed': securityHeaders({ frames: 'none' })(fail),
});
const kinds: Readonly<Record<string, Middleware>> = { engine: (next) => next, errors: errors({ log: false }) };

for (const [kind, around] of Object.entries(kinds)) {
	test(`one error object thrown on several routes collects nothing (answered by ${kind})`, async () => {
		const app = around(table);
		const at = async (target: string, origin: string) => (await ask(app, { target, fields: { origin } })).fields;
		const first = await at('/open', 'https://a.example');
		assert.equal(first.get('access-control-allow-origin'), 'https://a.example');
		assert.equal((await at('/framed', 'https://a.example')).get('x-frame-options'), 'DENY');
		const closed = await at('/closed', 'https://a.example');
		assert.equal(closed.get('access-control-allow-origin'), null);
		assert.equal(closed.get('x-frame-options'), null);
		const [one, other, none] = await Promise.all(
			['https://a.example', 'https://b.example', 'https://evil.example'].map((origin) => at('/open', origin)),
		);
		assert.equal(one?.get('access-control-allow-origin'), 'https://a.example');
		assert.equal(other?.get('access-control-allow-origin'), 'https://b.example');
		assert.equal(none?.get('access-control-allow-origin'), null);
		assert.equal(none?.get('access-control-allow-credentials'), null);
	});
}

test('a fetch handler made of an app answers with the fields, too', async () => {
	const handler = toFetch(stack(shared)(fail));
	const answer = await handler(new Request('http://x.example/', { headers: { origin: 'https://a.example' } }));
	assert.equal(answer.status, 410);
	assert.equal(answer.headers.get('access-control-allow-origin'), 'https://a.example');
});

test('two securityHeaders around each other are as they are for an answer: the inner one decides, unless the outer overrides', async () => {
	const inner = securityHeaders({ frames: 'none' })(fail);
	assert.equal((await ask(securityHeaders()(inner))).fields.get('x-frame-options'), 'DENY');
	assert.equal((await ask(securityHeaders({ override: true })(inner))).fields.get('x-frame-options'), 'SAMEORIGIN');
});
