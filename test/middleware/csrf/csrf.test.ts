import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
	type App,
	compositionFaults,
	explain,
	type Middleware,
	respond,
	stack,
} from '../../../src/convention/index.ts';
import { ask, exchange, type MemoryRequest } from '../../../src/engine/memory/index.ts';
import { type CsrfOptions, csrf } from '../../../src/middleware/csrf/index.ts';
import { client } from '../../../src/middleware/keys.ts';
import { sessions } from '../../../src/middleware/sessions/index.ts';
import { listen, portOf } from '../../support/engines.ts';
import { connect } from '../../support/raw-client.ts';

const inner = () => respond(200, null, 'done');
const upgradeTo = (token: string) => ({ upgrade: token, connection: 'upgrade' });

async function statusOf(
	fields: Record<string, string>,
	more: MemoryRequest = {},
	options: CsrfOptions = {},
): Promise<number> {
	const app = csrf({ ...options, cookies: 'foreign' })(inner);
	const request = { scheme: 'https', authority: 'app.example', method: 'POST', ...more, fields } as const;
	return (await ask(app, request)).status;
}

const own = 'https://app.example';

const rows: readonly [
	what: string,
	status: number,
	fields: Record<string, string>,
	more?: MemoryRequest,
	options?: CsrfOptions,
][] = [
	['from our own page', 200, { 'sec-fetch-site': 'same-origin', origin: own }],
	['from our own page that hides where it is', 200, { 'sec-fetch-site': 'same-origin', origin: 'null' }],
	['by the user, from no page', 200, { 'sec-fetch-site': 'none' }],
	['from another site', 403, { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
	[
		'from a neighbour under the same domain',
		403,
		{ 'sec-fetch-site': 'same-site', origin: 'https://evil.app.example' },
	],
	['from another site that has our origin, by a redirect', 403, { 'sec-fetch-site': 'cross-site', origin: own }],
	['with a Sec-Fetch-Site that says two things', 403, { 'sec-fetch-site': 'same-origin, cross-site' }],
	['with a Sec-Fetch-Site that nobody knows', 403, { 'sec-fetch-site': 'Same-Origin' }],
	['with our Origin alone', 200, { origin: own }],
	['with another Origin alone', 403, { origin: 'https://evil.example' }],
	['with Origin: null', 403, { origin: 'null' }],
	['with an empty Origin', 403, { origin: '' }],
	['with our Origin, by http', 403, { origin: 'http://app.example' }],
	['with our Origin at another port', 403, { origin: 'https://app.example:8443' }],
	['with an Origin that begins as ours does', 403, { origin: 'https://app.example.evil.example' }],
	['with two Origins', 403, { origin: `${own}, https://evil.example` }],
	['with our Origin in capitals, which no browser sends', 403, { origin: 'HTTPS://APP.EXAMPLE' }],
	['with neither', 403, {}],
	['with neither, where that is allowed', 200, {}, {}, { allowMissing: true }],
	['from another site, where missing is allowed', 403, { origin: 'https://evil.example' }, {}, { allowMissing: true }],
	['with Origin: null, where missing is allowed', 403, { origin: 'null' }, {}, { allowMissing: true }],
	[
		'from a site that is trusted',
		200,
		{ 'sec-fetch-site': 'cross-site', origin: 'https://a.example' },
		{},
		{ trust: ['https://a.example'] },
	],
	[
		'from a site that looks like a trusted one',
		403,
		{ origin: 'https://a.example.evil.example' },
		{},
		{ trust: ['https://a.example'] },
	],
	['with the default port in Host', 200, { origin: own }, { authority: 'app.example:443' }],
	['with Host in capitals', 200, { origin: own }, { authority: 'APP.example' }],
	['without a Host, and Origin: null', 403, { origin: 'null' }, { authority: '' }],
	['with a Host that is none', 403, { origin: own }, { authority: 'app.example@evil.example' }],
	['DELETE from another site', 403, { origin: 'https://evil.example' }, { method: 'DELETE' }],
	['an unknown method from another site', 403, { origin: 'https://evil.example' }, { method: 'FROBNICATE' }],
	['get in lower case, which is another method', 403, { origin: 'https://evil.example' }, { method: 'get' }],
	['GET from another site', 200, { 'sec-fetch-site': 'cross-site' }, { method: 'GET' }],
	['HEAD from another site', 200, { origin: 'https://evil.example' }, { method: 'HEAD' }],
	['OPTIONS from another site', 200, { origin: 'https://evil.example' }, { method: 'OPTIONS' }],
	[
		'a WebSocket from another site',
		403,
		{ ...upgradeTo('websocket'), origin: 'https://evil.example' },
		{ method: 'GET' },
	],
	['a WebSocket with neither', 403, upgradeTo('websocket'), { method: 'GET' }],
	['a WebSocket from our own page', 200, { ...upgradeTo('websocket'), origin: own }, { method: 'GET' }],
	[
		'a WebSocket by extended CONNECT from another site',
		403,
		{ origin: 'https://evil.example' },
		{ method: 'CONNECT', offers: ['websocket'], target: '/' },
	],
];
for (const [what, status, ...rest] of rows) {
	test(`${status}: ${what}`, async () => assert.equal(await statusOf(...rest), status));
}

test('behind a trusted proxy, our origin is the one that the client sees', async () => {
	const behind: Middleware = (next) => (request, context) => {
		context.set(client, { address: '192.0.2.1', scheme: 'https', host: 'public.example' });
		return next(request, context, context);
	};
	const app = stack(behind, csrf({ cookies: 'foreign' }))(inner);
	const post = async (origin: string): Promise<number> =>
		(await ask(app, { method: 'POST', authority: 'internal:8080', fields: { origin } })).status;
	assert.equal(await post('https://public.example'), 200);
	assert.equal(await post('http://internal:8080'), 403);
});

test('the app is not asked, and what was sent is not echoed', async () => {
	const app = csrf({ cookies: 'foreign' })(() => assert.fail('asked'));
	const answer = await ask(app, { method: 'POST', fields: { origin: 'https://<script>' }, body: 'x' });
	assert.equal(answer.status, 403);
	assert.equal(await answer.text(), 'Another site has sent this request: its Origin is not this one\n');
});

test('on a socket, a WebSocket that another site opens gets no 101', async (t) => {
	const app = csrf({ cookies: 'foreign' })(() =>
		respond(101, { upgrade: 'websocket' }, null, { tunnel: (stream) => stream.writable.end() }),
	);
	const port = portOf(await listen(t, app));
	for (const [origin, status] of [
		['https://evil.example', '403'],
		[`http://127.0.0.1:${port}`, '101'],
	]) {
		const peer = await connect(t, port);
		peer.send(
			`GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: upgrade\r\nUpgrade: websocket\r\nOrigin: ${origin}\r\n\r\n`,
		);
		assert.match(await peer.read('\r\n'), new RegExp(`^HTTP/1.1 ${status} `));
	}
});

const refused: readonly [unknown, RegExp][] = [
	[null, /options are no object/],
	[{ trusted: [] }, /trusted: no such option.*did you mean trust\?/],
	[{ trust: 'https://a.example' }, /trust must be a list/],
	[{ trust: ['a.example'] }, /trust must hold origins/],
	[{ trust: ['https://a.example/'] }, /did you mean https:\/\/a\.example\?/],
	[{ trust: ['https://A.example:443'] }, /did you mean https:\/\/a\.example\?/],
	[{ trust: ['null'] }, /trust must hold origins/],
	[{ trust: ['file:///x'] }, /trust must hold origins/],
	[{ trust: ['*'] }, /trust must hold origins/],
	[{ allowMissing: 1 }, /allowMissing must be true or false/],
	[{ cookies: 'none' }, /cookies must be 'own' or 'foreign'/],
];
for (const [options, message] of refused) {
	test(`csrf refuses ${JSON.stringify(options)}`, () => {
		assert.throws(() => csrf(options as never), { name: 'TypeError', message });
	});
}

test('without sessions around it, it is refused at the start, with a reason', () => {
	const secret = 'x'.repeat(32);
	assert.match(compositionFaults(csrf()(inner)).join(), /csrf: put sessions\(\.\.\.\) around it/);
	assert.match(compositionFaults(stack(csrf(), sessions({ secret }))(inner)).join(), /csrf: put sessions/);
	assert.deepEqual(compositionFaults(stack(sessions({ secret }), csrf())(inner)), []);
	assert.deepEqual(compositionFaults(csrf({ cookies: 'foreign' })(inner)), []);
});

test('and by the compiler', () => {
	// @ts-expect-error -- nothing proves the session
	const app: App = csrf()(inner);
	assert.equal(typeof app, 'function');
});

test('it explains what it would answer', async () => {
	const app = csrf({ cookies: 'foreign' })(inner);
	for (const [origin, expected] of [
		['https://evil.example', /"answers":"403 Forbidden: Another site has sent this request/],
		['http://localhost', /comes from our own pages/],
	] as const) {
		const { request, context } = exchange(inner, { method: 'POST', fields: { origin } });
		const [step] = await explain(app, request, context);
		assert.match(JSON.stringify(step), expected);
	}
});
