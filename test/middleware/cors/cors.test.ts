/** Cross-origin requests as browsers send them, and as those send them who are none. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
	type App,
	compositionFaults,
	compositionOf,
	HttpError,
	type Layer,
	layer,
	lint,
	raw,
	respond,
	stack,
} from '../../../src/convention/index.ts';
import { ask, type MemoryRequest } from '../../../src/engine/memory/index.ts';
import { type CorsOptions, cors } from '../../../src/middleware/cors/index.ts';
import { identity } from '../../../src/middleware/keys.ts';
import { listen, portOf } from '../../support/engines.ts';
import { connect } from '../../support/raw-client.ts';

const hello: App = () => respond(200, null, 'Hello, world!');
const APP = 'https://app.example.org';

const from = (origin: string, more: Readonly<Record<string, string>> = {}): MemoryRequest => ({
	fields: { Origin: origin, ...more },
});
const preflight = (origin: string, more: Readonly<Record<string, string>> = {}): MemoryRequest => ({
	method: 'OPTIONS',
	fields: { Origin: origin, 'Access-Control-Request-Method': 'PUT', ...more },
});

const around = (options: CorsOptions, app: App = hello): App => lint(cors(options)(lint(app)));
const allowed = async (options: CorsOptions, request: MemoryRequest, app: App = hello): Promise<string | null> =>
	(await ask(around(options, app), request)).fields.get('access-control-allow-origin');

test('an origin of the list is told so, others and none are not, and caches know of it', async () => {
	const options = { origins: [APP, 'http://localhost:5173'] };
	const yes = await ask(around(options), from(APP));
	assert.equal(yes.fields.get('access-control-allow-origin'), APP);
	assert.equal(yes.fields.get('vary'), 'Origin');
	assert.equal(yes.fields.has('access-control-allow-credentials'), false);
	assert.equal(await yes.text(), 'Hello, world!');
	for (const request of [from('https://other.example'), {}]) {
		const no = await ask(around(options), request);
		assert.equal(no.status, 200);
		assert.equal(no.fields.has('access-control-allow-origin'), false);
		assert.equal(no.fields.get('vary'), 'Origin');
	}
});

test('everybody is everybody, and nothing depends on who it is', async () => {
	const { fields } = await ask(around({ origins: '*', expose: ['X-Total', 'Link'] }), from('https://a.example'));
	assert.equal(fields.get('access-control-allow-origin'), '*');
	assert.equal(fields.get('access-control-expose-headers'), 'X-Total, Link');
	assert.equal(fields.has('vary'), false);
});

const lookAlikes = [
	'https://example.org.evil.example',
	'https://evilexample.org',
	'https://app.example.org.evil.example',
	'https://app.example.orgevil.example',
	'https://appxexample.org',
	'https://app.example.org:8443',
	'http://app.example.org',
	'HTTPS://APP.EXAMPLE.ORG',
	'https://app.example.org/',
	'https://app.example.org.',
	'https://.example.org',
	'https://a..example.org',
	'https://-.evil.example/.example.org',
	'https://evil.example#.example.org',
	'https://evil.example?.example.org',
	'https://evil.example\\.example.org',
	'https://evil.example%2f.example.org',
	'https://user@evil.example:443.example.org',
	'https://evil.example@sub.example.org',
	'https://[::1].example.org',
	'https://evil.example:8443.example.org',
	'https://\u00e9vil.example.org',
	'https://evil.example`.example.org',
	'null',
	'',
	'https://',
	'*',
	'https://*.example.org',
	'https://app.example.org, https://evil.example',
	'https://evil.example, https://sub.example.org',
	'file://',
	'data:.example.org',
	`https://${'a'.repeat(100_000)}.example.org`,
];

for (const origin of lookAlikes) {
	test(`a look-alike is nobody: ${origin.slice(0, 60)}`, async () => {
		const options = { origins: ['https://app.example.org', 'https://*.example.org'] };
		const exact = origin === APP;
		assert.equal(exact, false);
		assert.equal(await allowed(options, from(origin)), null);
		const answer = await ask(around(options), preflight(origin));
		assert.deepEqual([answer.status, answer.fields.has('access-control-allow-origin')], [403, false]);
	});
}

test('two Origin lines are no origin', async () => {
	assert.equal(await allowed({ origins: [APP] }, { fields: ['Origin', APP, 'Origin', APP] }), null);
});

test('a pattern is every name below, at any depth, and not the name itself', async () => {
	const options = { origins: ['https://*.example.org', 'http://*.localhost:3000'] };
	for (const yes of ['https://a.example.org', 'https://a-1.b_2.example.org', 'http://x.localhost:3000']) {
		assert.equal(await allowed(options, from(yes)), yes);
	}
	for (const no of [
		'https://example.org',
		'https://localhost:3000',
		'http://x.localhost',
		'http://x.localhost:30000',
	]) {
		assert.equal(await allowed(options, from(no)), null);
	}
});

test('the null origin is somebody only where it is named', async () => {
	assert.equal(await allowed({ origins: ['null'] }, from('null')), 'null');
	assert.equal(await allowed({ origins: () => true }, from('null')), null);
});

test('a function is asked about what looks like an origin; at once or later, and only true is yes', async () => {
	const asked: string[] = [];
	const origins = (answer: unknown) => (origin: string) => {
		asked.push(origin);
		return answer as boolean;
	};
	for (const yes of [true, Promise.resolve(true)])
		assert.equal(await allowed({ origins: origins(yes) }, from(APP)), APP);
	for (const no of [false, Promise.resolve(false), 1, 'true', {}, undefined]) {
		assert.equal(await allowed({ origins: origins(no) }, from(APP)), null);
	}
	const before = asked.length;
	for (const odd of ['', 'null', 'https://a b', `https://a/x`, 'https://a, https://b', '*'.repeat(50_000)]) {
		assert.equal(await allowed({ origins: origins(true) }, from(odd)), null);
	}
	assert.equal(asked.length, before);
	const broken = await ask(
		around({
			origins: () => {
				throw new Error('no database');
			},
		}),
		from(APP),
	);
	assert.equal(broken.status, 500);
});

test('a preflight is answered without the app, and what is allowed is said', async () => {
	const app = around(
		{ origins: [APP], credentials: true, methods: ['PUT'], headers: ['X-Api', 'Content-Type'], maxAge: 60 },
		() => assert.fail('asked'),
	);
	const answer = await ask(app, preflight(APP, { 'Access-Control-Request-Headers': 'x-api, x-evil' }));
	assert.equal(answer.status, 204);
	assert.deepEqual(answer.fields.raw, [
		...['Access-Control-Allow-Origin', APP, 'Access-Control-Allow-Credentials', 'true'],
		...['Access-Control-Allow-Methods', 'PUT', 'Access-Control-Allow-Headers', 'X-Api, Content-Type'],
		...['Access-Control-Max-Age', '60', 'Vary', 'Origin'],
	]);
});

test('the wildcards are said as browsers read them', async () => {
	const { fields } = await ask(around({ origins: '*', methods: '*', headers: '*', expose: '*' }), preflight(APP));
	assert.equal(fields.get('access-control-allow-methods'), '*');
	assert.equal(fields.get('access-control-allow-headers'), '*, Authorization');
	assert.equal(fields.get('access-control-max-age'), '600');
});

test('OPTIONS that is no preflight is for the app', async () => {
	const app: App = () => respond(200, { allow: 'GET, OPTIONS' }, 'options');
	for (const fields of [{}, { Origin: APP }, { 'Access-Control-Request-Method': 'PUT' }]) {
		const answer = await ask(around({ origins: [APP] }, app), { method: 'OPTIONS', fields });
		assert.deepEqual([answer.status, await answer.text()], [200, 'options']);
	}
});

test('a private network is opened only where that is wanted, and to those who may', async () => {
	const wish = { 'Access-Control-Request-Private-Network': 'true' };
	const name = 'access-control-allow-private-network';
	const options = { origins: [APP], privateNetwork: true };
	assert.equal((await ask(around(options), preflight(APP, wish))).fields.get(name), 'true');
	assert.equal((await ask(around(options), preflight(APP))).fields.has(name), false);
	assert.equal((await ask(around(options), preflight('https://evil.example', wish))).fields.has(name), false);
	assert.equal((await ask(around({ origins: [APP] }), preflight(APP, wish))).fields.has(name), false);
});

test('what the app says about readers is replaced, for those who may and those who may not', async () => {
	const app: App = () =>
		respond(200, {
			'Access-Control-Allow-Origin': '*',
			'Access-Control-Allow-Credentials': 'true',
			'Access-Control-Expose-Headers': 'Set-Cookie',
			Vary: 'Accept',
		});
	const yes = await ask(around({ origins: [APP] }, app), from(APP));
	assert.deepEqual(yes.fields.all('access-control-allow-origin'), [APP]);
	assert.equal(yes.fields.get('vary'), 'Accept, Origin');
	const no = await ask(around({ origins: [APP] }, app), from('https://evil.example'));
	assert.deepEqual(no.fields.raw, ['Vary', 'Accept, Origin']);
});

test('Vary is not said twice, and * says it all', async () => {
	for (const vary of ['origin', 'Accept, ORIGIN', '*']) {
		const app: App = () => respond(200, { Vary: vary });
		assert.equal((await ask(around({ origins: [APP] }, app), from(APP))).fields.get('vary'), vary);
	}
});

test('errors can be read by those who may, whatever was thrown and when', async () => {
	const errors = [new HttpError(403, { message: 'No.', fields: { Vary: 'Cookie' } }), new TypeError('secret')];
	for (const error of errors) {
		const apps: App[] = [
			() => {
				throw error;
			},
			() => Promise.reject(error),
		];
		for (const app of apps) {
			const yes = await ask(around({ origins: [APP], credentials: true }, app), from(APP));
			assert.equal(yes.error, error, 'it is the error that it was');
			assert.equal(yes.fields.get('access-control-allow-origin'), APP);
			assert.equal(yes.fields.get('access-control-allow-credentials'), 'true');
			assert.match(yes.fields.get('vary') ?? '', /Origin/);
			assert.doesNotMatch(await yes.text(), /secret/);
			const no = await ask(around({ origins: [APP] }, app), from('https://evil.example'));
			assert.equal(no.fields.has('access-control-allow-origin'), false);
			assert.equal(no.fields.has('access-control-allow-credentials'), false);
		}
	}
	const { fields } = await ask(
		around({ origins: '*' }, () => {
			throw Object.freeze(new Error('frozen'));
		}),
		from(APP),
	);
	assert.equal(fields.get('access-control-allow-origin'), '*', 'whatever was thrown');
});

test('nothing that a client or an option says can end a line', async () => {
	for (const origin of ['https://a\r\nX-Evil: 1', 'https://a\nb', 'https://a\0b']) {
		assert.throws(() => cors({ origins: [origin] }), TypeError);
	}
	assert.throws(() => cors({ origins: '*', headers: ['X\r\nY: z'] }), /headers/);
	assert.throws(() => cors({ origins: '*', expose: ['X, Y\n'] }), /expose/);
	const answer = await ask(
		around({ origins: [APP] }),
		preflight(APP, { 'Access-Control-Request-Headers': 'x-a, evil;\tq' }),
	);
	assert.doesNotMatch(answer.fields.raw.join('\n'), /evil/);
});

const bad: readonly (readonly [options: unknown, message: RegExp])[] = [
	[null, /options/],
	[{}, /origins/],
	[{ origins: [] }, /origins/],
	[{ origins: 'https://a.example' }, /origins/],
	[{ origins: /a/ }, /origins/],
	[{ origins: [7] }, /origins/],
	[{ origins: ['*'] }, /origins.*alone/],
	[{ origins: ['example.org'] }, /origins/],
	[{ origins: ['https://example.org/'] }, /https:\/\/example\.org/],
	[{ origins: ['https://Example.org'] }, /https:\/\/example\.org/],
	[{ origins: ['https://example.org:443'] }, /https:\/\/example\.org/],
	[{ origins: ['https://example.org/path'] }, /origins/],
	[{ origins: ['https://user@example.org'] }, /origins/],
	[{ origins: ['https://*'] }, /origins/],
	[{ origins: ['https://*.org'] }, /all the world/],
	[{ origins: ['https://*.*.example.org'] }, /one \*/],
	[{ origins: ['https://a.*.example.org'] }, /origins/],
	[{ origins: ['https://*.127.0.0.1'] }, /origins/],
	[{ origins: ['https://*example.org'] }, /origins/],
	[{ origins: '*', credentials: true }, /origins.*credentials/],
	[{ origins: ['null'], credentials: true }, /null.*credentials/],
	[{ origins: [APP], credentials: true, headers: '*' }, /headers/],
	[{ origins: [APP], credentials: true, methods: '*' }, /methods/],
	[{ origins: [APP], credentials: true, expose: '*' }, /expose/],
	[{ origins: [APP], credentials: 'yes' }, /credentials/],
	[{ origins: [APP], methods: 'GET' }, /methods/],
	[{ origins: [APP], methods: ['GET', 'G T'] }, /methods/],
	[{ origins: [APP], methods: ['patch'] }, /methods has patch, and browsers send PATCH as it is written.*write PATCH/],
	[{ origins: [APP], methods: ['TRACE'] }, /methods.*TRACE/],
	[{ origins: [APP], headers: ['*'] }, /headers/],
	[{ origins: [APP], maxAge: -1 }, /maxAge/],
	[{ origins: [APP], maxAge: 1.5 }, /maxAge/],
	[{ origins: [APP], maxAge: '60' }, /maxAge/],
	[{ origins: [APP], privateNetwork: 1 }, /privateNetwork/],
	[{ origin: [APP] }, /did you mean origins\?/],
];

test('options that cannot be meant are refused, by name', () => {
	for (const [options, message] of bad) {
		assert.throws(
			() => cors(options as CorsOptions),
			(error: Error) => error.message.startsWith('cors: ') && message.test(error.message),
			JSON.stringify(options),
		);
	}
});

test('it refuses to stand where preflights never reach it', () => {
	const guard: Layer<typeof identity> = layer(
		{ name: 'basic', proves: [identity] },
		(next) =>
			(...all) =>
				next(...all),
	);
	const inside = stack(guard, cors({ origins: '*' }))(hello as never);
	assert.match(compositionFaults(inside).join(), /cors: preflights carry no credentials, and basic/);
	assert.match(
		compositionFaults(stack(cors({ origins: '*' }), cors({ origins: [APP] }))(hello)).join(),
		/another cors/,
	);
	assert.deepEqual(compositionFaults(stack(cors({ origins: '*' }), guard as never)(hello)), []);
});

test('what it would do is told without doing it', async () => {
	const explain = async (options: CorsOptions, request: MemoryRequest) => {
		let told: unknown;
		const app = cors(options)(() => assert.fail('asked'));
		await ask(async (given, context) => {
			told = await compositionOf(app)?.note.explain?.(raw(given), context);
			return respond(204);
		}, request);
		return told as { does: string[]; fields?: { name: string; value?: string }[]; answers?: string };
	};
	const yes = await explain({ origins: [APP] }, preflight(APP));
	assert.match(yes.answers ?? '', /^204/);
	assert.deepEqual(
		yes.fields?.map(({ name, value }) => [name, value]),
		[
			['Access-Control-Allow-Origin', APP],
			['Access-Control-Allow-Methods', 'GET, HEAD, POST, PUT, PATCH, DELETE'],
			['Access-Control-Allow-Headers', 'Content-Type'],
			['Access-Control-Max-Age', '600'],
			['Vary', 'Origin'],
		],
	);
	assert.match((await explain({ origins: [APP] }, preflight('https://evil.example'))).answers ?? '', /^403/);
	assert.equal((await explain({ origins: '*' }, from(APP))).fields?.[0]?.value, '*');
	const judged = await explain({ origins: () => assert.fail('asked') }, from(APP));
	assert.match(judged.does.join(), /function/);
});

test('methods that browsers put into upper case are written so', async () => {
	const { fields } = await ask(around({ origins: [APP], methods: ['get', 'Put', 'PATCH'] }), preflight(APP));
	assert.equal(fields.get('access-control-allow-methods'), 'GET, PUT, PATCH');
});

test('an answer that comes at once is passed on at once', () => {
	const app = cors({ origins: [APP] })(hello);
	const seen: unknown[] = [];
	void ask((request, context) => {
		const answer = app(request, context);
		seen.push(answer instanceof Promise);
		return answer;
	}, from(APP));
	assert.deepEqual(seen, [false]);
});

test('a WebSocket is not touched, on a real socket', async (t) => {
	const app = cors({ origins: [APP] })(() =>
		respond(101, { upgrade: 'echo' }, null, { tunnel: (stream) => stream.writable.end() }),
	);
	const client = await connect(t, portOf(await listen(t, app)));
	client.send(`GET / HTTP/1.1\r\nHost: a\r\nOrigin: ${APP}\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n`);
	const head = await client.read('\r\n\r\n');
	assert.match(head, /^HTTP\/1\.1 101 /);
	assert.doesNotMatch(head, /access-control|vary/i);
});
