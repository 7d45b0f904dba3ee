/** Layers that each make sense, and do not where they stand or how they are served. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compositionFaults, compositionOf, misfitsOf, raw } from '../../src/convention/index.ts';
import { exchange } from '../../src/engine/memory/index.ts';
import {
	type App,
	ask,
	clientCertificate,
	cors,
	csrf,
	explain,
	HttpError,
	layer,
	type Misfit,
	memoryLimits,
	memorySessions,
	rateLimit,
	respond,
	type Served,
	sessions,
	stack,
} from '../../src/index.ts';

const hello: App = () => respond(200, null, 'hello');
const secret = 'a secret that is long enough to be one';
const alone: Served = { workers: 1, asksForCertificates: null };
const levels = (app: App, served: Partial<Served>): Misfit['level'][] =>
	misfitsOf(app, { ...alone, ...served }).map(({ level }) => level);

test('two sessions with one cookie, one within the other, are refused; with two cookies they are not', () => {
	const [fault, ...more] = compositionFaults(stack(sessions({ secret }), sessions({ secret }))(hello));
	assert.match(fault ?? '', /^sessions: other sessions around it have the cookie __Host-session, too.*cookie\.name/);
	assert.deepEqual(more, []);
	const named = sessions({ secret, cookie: { name: '__Host-other' } });
	assert.deepEqual(compositionFaults(stack(sessions({ secret }), named)(hello)), []);
	const once = sessions({ secret });
	assert.equal(compositionFaults(stack(once, once)(hello)).length, 1);
});

test('two limits of one name are refused where answers tell both, or where they share a store', () => {
	const faults = (...layers: Parameters<typeof rateLimit>[0][]): string[] =>
		compositionFaults(stack(...layers.map((one) => rateLimit(one)))(hello));
	const limit = '10/s';
	const store = memoryLimits();
	assert.match(
		faults({ limit }, { limit: '100/h' })[0] ?? '',
		/^rateLimit: another limit of the name default .*`name`/,
	);
	assert.match(faults({ limit, store }, { limit, store, fields: false })[0] ?? '', /has the same store/);
	assert.deepEqual(faults({ limit }, { limit, name: 'hourly' }), []);
	assert.deepEqual(faults({ limit }, { limit, fields: false }), []);
});

test('what is kept in the memory of one process is a fault of sessions with several, and a warning of limits', () => {
	assert.deepEqual(levels(sessions({ store: memorySessions() })(hello), {}), []);
	assert.deepEqual(levels(sessions({ store: memorySessions() })(hello), { workers: 2 }), ['fault']);
	assert.deepEqual(levels(sessions({ secret })(hello), { workers: 2 }), []);
	assert.deepEqual(levels(rateLimit({ limit: '1/s' })(hello), { workers: 2 }), ['warning']);
	const shared = { take: () => ({ allowed: true, remaining: 1, reset: 0, retry: 0 }) };
	assert.deepEqual(levels(rateLimit({ limit: '1/s', store: shared })(hello), { workers: 2 }), []);
});

test('a client certificate that nobody is asked for is a fault, as long as that is known', () => {
	const app = clientCertificate()(hello) as App;
	assert.deepEqual(levels(app, { asksForCertificates: false }), ['fault']);
	assert.deepEqual(levels(app, { asksForCertificates: true }), []);
	assert.deepEqual(levels(app, { asksForCertificates: null }), []);
	assert.deepEqual(levels(clientCertificate({ optional: true })(hello), { asksForCertificates: false }), []);
});

test('cors may stand inside of csrf: preflights are safe requests, which pass it', async () => {
	const app = stack(csrf({ cookies: 'foreign' }), cors({ origins: ['https://app.example'] }))(hello);
	assert.deepEqual(compositionFaults(app), []);
	const fields = {
		Origin: 'https://app.example',
		'Access-Control-Request-Method': 'PUT',
		'Sec-Fetch-Site': 'cross-site',
	};
	assert.equal((await ask(app, { method: 'OPTIONS', fields })).status, 204);
});

test('a layer that passes its app through keeps its note, and so does one around another', async () => {
	const refuses = () => 'it may stand nowhere';
	const through = layer({ name: 'through', refuses }, (next) => next);
	const around = layer({ name: 'around' }, (next) => through(next) as App);
	assert.deepEqual(compositionFaults(through(hello) as App), ['through: it may stand nowhere']);
	assert.equal(compositionOf(hello), null, 'the app itself is left alone');
	const app = around(hello) as App;
	assert.equal(await (await ask(app)).text(), 'hello');
	const { request, context } = exchange(hello);
	const steps = await explain(app, raw(request), context);
	assert.deepEqual(
		steps.map(({ name }) => name),
		['around', 'through', 'hello'],
	);
	assert.deepEqual(compositionFaults(stack(through, through)(hello)), ['through: it may stand nowhere']);
});

test('an HttpError that a layer throws when it explains itself is its answer', async () => {
	const { request, context } = exchange(hello);
	const told = async (error: Error) => {
		const explains = layer(
			{
				name: 'explains',
				explain: () => {
					throw error;
				},
			},
			(next) =>
				(...args) =>
					next(...args),
		);
		return explain(explains(hello), raw(request), context);
	};
	assert.deepEqual(await told(new HttpError(421, { message: 'Not our host.' })), [
		{ name: 'explains', explanation: { does: [], answers: '421 Misdirected Request: Not our host' }, last: true },
	]);
	const [secretive] = await told(new HttpError(500, { message: 'a secret' }));
	assert.deepEqual(secretive?.explanation, { does: [], answers: '500 Internal Server Error' });
	await assert.rejects(told(new TypeError('a bug')), /a bug/);
});
