/** Ids of requests: new ones for strangers, those of trusted clients taken over when they are sane, and the same one everywhere. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
	type App,
	compositionFaults,
	HttpError,
	lint,
	PendingResponse,
	partsOf,
	type RawRequest,
	raw,
	respond,
	stack,
} from '../../../src/convention/index.ts';
import { ask, exchange } from '../../../src/engine/memory/index.ts';
import { errors } from '../../../src/middleware/errors/index.ts';
import * as keys from '../../../src/middleware/keys.ts';
import { type RequestIdOptions, requestId } from '../../../src/middleware/request-id/index.ts';
import { reverse } from '../../../src/proxy/index.ts';
import { listen, portOf } from '../../support/engines.ts';
import { connect } from '../../support/raw-client.ts';

const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/** What the app sees of its id, in the key and in the field. */
const told: App = (request, context) =>
	respond(200, {}, JSON.stringify([context.get(keys.requestId), raw(request).fields.all('x-request-id')]));

async function seen(options: RequestIdOptions, fields: readonly string[] = []) {
	const answer = await ask(requestId(options)(told), { fields });
	const [key, inField] = JSON.parse(await answer.text()) as [string, string[]];
	return { key, inField, answered: answer.fields.all('x-request-id') };
}

test('a request gets an id: in the key, in its field, and in that of the response', async () => {
	const { key, inField, answered } = await seen({});
	assert.match(key, ULID);
	assert.deepEqual([inField, answered], [[key], [key]]);
});

test('ids are all different, and later ones sort behind earlier ones', async () => {
	const app = requestId()((_, context) => respond(200, {}, context.get(keys.requestId)));
	const ids: string[] = [];
	for (let i = 0; i < 2_000; i++) ids.push(await (await ask(app)).text());
	assert.equal(new Set(ids).size, ids.length);
	const before = Date.now();
	while (Date.now() === before);
	assert.ok((ids[0] as string) < (await (await ask(app)).text()));
	const digits = new Set(ids.map((id) => id.slice(10)).join(''));
	assert.equal(digits.size, 32, 'the random part uses every digit');
});

test('what a stranger calls its request is not believed, and goes no further', async () => {
	const { key, inField, answered } = await seen({}, ['x-request-id', 'mine', 'X-Request-ID', 'mine, too']);
	assert.match(key, ULID);
	assert.deepEqual([inField, answered], [[key], [key]]);
});

test('a trusted client names its request', async () => {
	const id = 'f3a1:b/c_d.e~f=g+h@i-J';
	for (const trust of [true, () => true]) {
		const { key, inField, answered } = await seen({ trust }, ['X-Request-Id', id]);
		assert.deepEqual([key, inField, answered], [id, [id], [id]]);
	}
	assert.match((await seen({ trust: () => false }, ['X-Request-Id', id])).key, ULID);
});

test('trust is asked with the request and its circumstances', async () => {
	const trust = (request: RawRequest, context: { connection: { remote: { kind: string } } }) =>
		request.target === '/inner' && context.connection.remote.kind === 'ip';
	const app = requestId({ trust })(told);
	const fields = { 'X-Request-Id': 'mine' };
	const remote = { kind: 'ip', host: '10.0.0.1', port: 1 } as const;
	assert.equal((await ask(app, { target: '/inner', remote, fields })).fields.get('x-request-id'), 'mine');
	assert.notEqual((await ask(app, { target: '/inner', fields })).fields.get('x-request-id'), 'mine');
	assert.notEqual((await ask(app, { target: '/', remote, fields })).fields.get('x-request-id'), 'mine');
});

const insane: readonly string[] = [
	'',
	'x'.repeat(129),
	'a b',
	'a"b',
	'a<script>',
	'a,b',
	'a;b',
	"a'b",
	'\xe9',
	'a\tb',
	'a\\b',
	'${jndi:ldap://a}',
];
for (const id of insane) {
	test(`even a trusted client cannot name its request ${JSON.stringify(id.slice(0, 20))}`, async () => {
		const { key, inField } = await seen({ trust: true }, ['X-Request-Id', id]);
		assert.match(key, ULID);
		assert.deepEqual(inField, [key]);
	});
}

test('two ids are none', async () => {
	assert.match((await seen({ trust: true }, ['X-Request-Id', 'a', 'X-Request-Id', 'b'])).key, ULID);
});

test('another field can carry the id', async () => {
	const app = requestId({ field: 'X-Trace' })((request) => respond(200, {}, raw(request).fields.get('x-trace')));
	const answer = await ask(app, { fields: { 'X-Trace': 'mine', 'X-Request-Id': 'other' } });
	assert.equal(await answer.text(), answer.fields.get('x-trace'));
	assert.equal(answer.fields.get('x-request-id'), null);
});

test('what an upstream says in the field is replaced', async () => {
	const answers: readonly App[] = [
		() => respond(200, { 'x-request-id': 'theirs' }, 'a'),
		async () => respond(200, { 'x-request-id': 'theirs' }, 'a'),
		() => new Response('a', { headers: { 'x-request-id': 'theirs' } }),
		() => {
			const pending = new PendingResponse();
			setImmediate(() => pending.resolve(respond(200, { 'x-request-id': 'theirs' }, 'a')));
			return pending;
		},
	];
	for (const app of answers) {
		const answer = await ask(lint(requestId()(app)));
		assert.match(answer.fields.all('x-request-id').join(), ULID);
		assert.equal(await answer.text(), 'a');
	}
});

test('an app that answers at once is not made to wait', () => {
	const app = requestId()(() => respond(200));
	const { request, context } = exchange(app);
	assert.ok(!(app(request, context) instanceof Promise));
});

test('a request that passes two layers has one id', async () => {
	const app = requestId()(requestId({ field: 'X-Trace' })(told));
	const answer = await ask(app);
	assert.equal(answer.fields.get('x-trace'), answer.fields.get('x-request-id'));
});

test('an upstream behind a proxy reads the id, and error pages carry it', async (t) => {
	const upstream = await listen(t, (request) => respond(200, {}, raw(request).fields.all('x-request-id').join()));
	const proxy = reverse(`http://127.0.0.1:${portOf(upstream)}`);
	t.after(() => proxy.close());
	const failing: App = () => {
		throw new HttpError(404);
	};
	const app = stack(
		requestId(),
		errors({ log: false }),
	)((request, context) => (raw(request).target === '/404' ? failing : proxy)(request, context));
	const client = await connect(t, portOf(await listen(t, app)));
	client.send('GET / HTTP/1.1\r\nHost: a\r\nX-Request-Id: forged\r\n\r\n');
	const first = await client.message();
	assert.match(first.body, ULID);
	assert.equal(first.get('x-request-id'), first.body);
	const second = await client.send('GET /404 HTTP/1.1\r\nHost: a\r\n\r\n').message();
	assert.equal(second.status, 404);
	assert.match(second.get('x-request-id') ?? '', ULID);
	assert.notEqual(second.get('x-request-id'), first.body);
});

test('tunnels keep their tunnel', async (t) => {
	const app = requestId()(() =>
		respond(101, { upgrade: 'echo' }, null, { tunnel: (stream) => stream.readable.start(stream.writable) }),
	);
	const client = await connect(t, portOf(await listen(t, app)));
	client.send('GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n');
	const { fields } = await client.head();
	assert.match(fields.find(([name]) => name === 'X-Request-Id')?.[1] ?? '', ULID);
	client.send('hello');
	await client.read('hello');
});

const bad: readonly [options: unknown, message: RegExp][] = [
	[null, /the options are no object/],
	[{ fields: 'X-Id' }, /requestId: fields: no such option; .*did you mean field\?/],
	[{ field: 'X Id' }, /requestId: field must be a field name, not "X Id"/],
	[{ field: 'X-Id\r\nSet-Cookie: a' }, /field must be a field name/],
	[{ field: '' }, /field must be a field name/],
	[{ field: 7 }, /field must be a field name, not 7/],
	[{ field: 'content-length' }, /field must not be content-length/],
	[{ trust: 'yes' }, /requestId: trust must be true, false or a function of the request, not "yes"/],
];
for (const [options, message] of bad) {
	test(`refused: ${JSON.stringify(options)}`, () => {
		assert.throws(() => requestId(options as RequestIdOptions), { name: 'TypeError', message });
	});
}

test('it proves the id, and does not stand within errors unless another stands around', () => {
	const app: App = () => respond(200);
	const [part] = partsOf(requestId()(app));
	assert.deepEqual(part?.composition?.note.proves, [keys.requestId]);
	assert.deepEqual(compositionFaults(stack(requestId(), errors())(app)), []);
	assert.deepEqual(compositionFaults(stack(requestId(), errors(), requestId())(app)), []);
	const [fault = ''] = compositionFaults(stack(errors(), requestId())(app));
	assert.match(fault, /requestId: stands within errors/);
});

test('explain says whose id it would be', async () => {
	const explained = async (options: RequestIdOptions, fields: Record<string, string>) => {
		const [part] = partsOf(requestId(options)(told));
		const { request, context } = exchange(told, { fields });
		const explanation = await part?.composition?.note.explain?.(request, context);
		assert.equal(request.fields.has('x-request-id'), 'X-Request-Id' in fields, 'nothing has changed');
		return explanation;
	};
	const fresh = await explained({}, {});
	assert.deepEqual(fresh?.does, ['Gives the request an id of its own.', 'Passes the request on, with the id.']);
	assert.deepEqual(
		fresh?.fields?.map(({ what, name, on }) => [what, name, on]),
		[
			['sets', 'X-Request-Id', 'request'],
			['sets', 'X-Request-Id', 'response'],
		],
	);
	assert.match((await explained({}, { 'X-Request-Id': 'a' }))?.does.join() ?? '', /whatever X-Request-Id says/);
	const taken = await explained({ trust: true }, { 'X-Request-Id': 'a' });
	assert.match(taken?.does.join() ?? '', /Takes over the id/);
	assert.equal(taken?.fields?.[0]?.value, 'a');
});
