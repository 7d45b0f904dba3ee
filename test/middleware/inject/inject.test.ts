/** Who gets a credential: by host, port, path, method, client and user; and what goes out for everybody else. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
	type App,
	compositionFaults,
	compositionOf,
	explain,
	identity,
	type Middleware,
	raw,
	respond,
	stack,
} from '../../../src/convention/index.ts';
import { ask, exchange, type MemoryRequest } from '../../../src/engine/memory/index.ts';
import { type InjectHosts, type InjectRule, inject, secret } from '../../../src/middleware/inject/index.ts';
import { destination, forward } from '../../../src/proxy/index.ts';
import { resourcesOf, startAll } from '../../../src/serve/resources.ts';
import { withinForward } from '../../support/within-forward.ts';

const VALUE = 'sk-live-0123456789';
process.env['INJECT_KEY'] = VALUE;
const KEY = secret('INJECT_KEY');
const BEARER = secret.text`Bearer ${KEY}`;

interface Seen {
	readonly status: number;
	/** The request that the origin got. */
	readonly target: string | null;
	readonly authorization: string | null;
	readonly lines: readonly string[];
	readonly log: readonly string[];
	readonly text: string;
}

async function send(hosts: InjectHosts, url: string, request: MemoryRequest = {}, around?: Middleware): Promise<Seen> {
	const log: string[] = [];
	let got: { target: string; lines: string[]; authorization: string | null } | null = null;
	const origin: App = (given) => {
		const { target, fields } = raw(given);
		got = { target, lines: fields.raw, authorization: fields.get('authorization') };
		return respond(200, null, 'fine');
	};
	const layer = inject(hosts, { log: ({ message, host }) => log.push(`${host}: ${message}`) });
	const app = withinForward(layer, url, origin);
	const answer = await ask(around?.(app) ?? app, { url, ...request });
	const { target = null, authorization = null, lines = [] } = got ?? {};
	return { status: answer.status, target, authorization, lines, log, text: await answer.text() };
}

const rule = (more: Partial<InjectRule>): InjectHosts => ({
	'api.example.com': { fields: { authorization: BEARER }, ...more },
});
const gets = async (hosts: InjectHosts, url: string, request: MemoryRequest = {}, around?: Middleware) =>
	(await send(hosts, url, request, around)).authorization === `Bearer ${VALUE}`;

test('the value is set for the host, in place of a placeholder, of nothing, and of whatever the client sent', async () => {
	const hosts = { 'api.example.com': { authorization: BEARER } };
	for (const fields of [
		{},
		{ authorization: 'Bearer injected-by-proxy' },
		{ authorization: 'Bearer my own' },
		[
			['Authorization', 'one'],
			['AUTHORIZATION', 'two'],
		] as [string, string][],
	]) {
		const { lines, status } = await send(hosts, 'https://api.example.com/v1', { fields });
		const own = lines.filter((_, at) => at % 2 === 0).filter((name) => name.toLowerCase() === 'authorization');
		assert.deepEqual([status, own.length], [200, 1]);
		assert.ok(lines.includes(`Bearer ${VALUE}`));
	}
});

for (const [url, is] of [
	['https://api.example.com/', true],
	['https://API.example.com/'.toLowerCase(), true],
	['https://api.example.com:8443/', false],
	['https://api.example.com.evil.example/', false],
	['https://evil-api.example.com/', false],
	['https://x.api.example.com/', false],
	['https://example.com/', false],
	['https://192.0.2.1/', false],
] as const) {
	test(`${url} ${is ? 'gets' : 'does not get'} what is for api.example.com`, async () => {
		assert.equal(await gets(rule({}), url), is);
	});
}

test('a port that is named is the only one, a star stands for all names below, and the nearest name counts', async () => {
	const of = (name: string): InjectHosts => ({ [name]: { authorization: BEARER } });
	assert.equal(await gets(of('api.example.com:8443'), 'https://api.example.com:8443/'), true);
	assert.equal(await gets(of('api.example.com:8443'), 'https://api.example.com/'), false);
	assert.equal(await gets(of('*.example.com'), 'https://api.example.com/'), true);
	assert.equal(await gets(of('*.example.com'), 'https://a.b.example.com/'), true);
	assert.equal(await gets(of('*.example.com'), 'https://example.com/'), false);
	assert.equal(await gets(of('*.example.com'), 'https://badexample.com/'), false);
	const other = secret.text`Other ${KEY}`;
	const both = { '*.example.com': { authorization: other }, 'api.example.com': { authorization: BEARER } };
	assert.equal(await gets(both, 'https://api.example.com/'), true);
	assert.equal(await gets(both, 'https://web.example.com/'), false);
});

for (const [path, is] of [
	['/v1', true],
	['/v1/', true],
	['/v1/chat?x=/../', true],
	['/v1?x', true],
	['/v1evil', false],
	['/', false],
	['/V1/', false],
	['/v1/../admin', false],
	['/v1/./../admin', false],
	['/v1/%2e%2e/admin', false],
	['/v1/.%2E/admin', false],
	['/v1/..', false],
	['/v1/..;/admin', false],
	['/v1/..;a=b/admin', false],
	['/v1/..%3b/admin', false],
	['/v1/..%2fadmin', false],
	['/v1/..%5Cadmin', false],
	['/v1/..\\admin', false],
	['/v1/%252e%252e/admin', false],
	['/v1//..//admin', false],
	['/v1/a..b/...', true],
	['/v1/%00/..', false],
	['/v1/a%20b', true],
] as const) {
	test(`${path} is ${is ? '' : 'not '}below /v1`, async () => {
		const { authorization } = await send(rule({ paths: ['/v1'] }), `https://api.example.com${path}`, { target: path });
		assert.equal(authorization !== null, is);
	});
}

test('methods, clients and users are asked about, and the first rule that fits counts', async () => {
	const url = 'https://api.example.com/';
	assert.equal(await gets(rule({ methods: ['GET'] }), url), true);
	assert.equal(await gets(rule({ methods: ['POST'] }), url), false);
	assert.equal(await gets(rule({}), url, { method: 'TRACE' }), false, 'an answer to TRACE is the request');
	const from = (host: string): MemoryRequest => ({ remote: { kind: 'ip', host, port: 1 } });
	const clients = ['192.0.2.0/24', '2001:db8::/64'];
	assert.equal(await gets(rule({ clients }), url, from('192.0.2.7')), true);
	assert.equal(await gets(rule({ clients }), url, from('::ffff:192.0.2.7')), true);
	assert.equal(await gets(rule({ clients }), url, from('192.0.3.7')), false);
	assert.equal(await gets(rule({ clients }), url, { remote: { kind: 'unix', path: '/x' } }), false);
	const as =
		(name: string): Middleware =>
		(next) =>
		(request, context) => {
			context.set(identity, { name, by: 'basic', claims: {} });
			return next(request, context, context);
		};
	assert.equal(await gets(rule({ users: ['ann'] }), url, {}, as('ann')), true);
	assert.equal(await gets(rule({ users: ['ann'] }), url, {}, as('bob')), false);
	assert.equal(await gets(rule({ users: ['ann'] }), url), false, 'nobody has said who it is');
	const several = {
		'api.example.com': [{ fields: { 'x-key': KEY }, paths: ['/a'] }, { fields: { authorization: BEARER } }],
	};
	assert.equal(await gets(several, 'https://api.example.com/b'), true);
	assert.equal(await gets(several, 'https://api.example.com/a'), false);
});

test('over plain http it is refused, placeholder or not, unless insecure says so', async () => {
	const seen = await send(rule({}), 'http://api.example.com/');
	assert.deepEqual([seen.status, seen.target], [403, null]);
	assert.match(seen.text, /not sent over plain http/);
	assert.equal(await gets(rule({ insecure: true }), 'http://api.example.com/'), true);
	assert.equal(await gets(rule({ insecure: true }), 'http://api.example.com:8080/'), false);
});

test('a placeholder that is going elsewhere is refused, and told without what else was in the field', async () => {
	const fields = { authorization: 'Bearer injected-by-proxy and-something' };
	for (const [hosts, url] of [
		[rule({}), 'https://evil.example/'],
		[rule({ paths: ['/v1'] }), 'https://api.example.com/v1/../admin'],
		[rule({ methods: ['POST'] }), 'https://api.example.com/'],
	] as const) {
		const seen = await send(hosts, url, { fields });
		assert.deepEqual([seen.status, seen.target], [403, null]);
		assert.match(seen.text, /placeholder/);
		assert.equal(seen.log.length, 1);
		assert.ok(!seen.log.join().includes('and-something'));
	}
	const own = { authorization: 'Bearer of the client' };
	assert.equal((await send(rule({}), 'https://evil.example/', { fields: own })).status, 200);
	assert.equal((await send(rule({ placeholder: 'mine-0' }), 'https://evil.example/', { fields })).status, 200);
});

test('parameters of a query are set in place of all spellings of theirs, and the rest stays byte for byte', async () => {
	process.env['INJECT_ODD'] = 'a&b=c#d %é+12';
	const hosts: InjectHosts = { 'api.example.com': { query: { 'api key': secret('INJECT_ODD') } } };
	const target = '/a/%7e?x=%2f&api%20key=1&api+key&%61pi%20key=3&&y';
	const seen = await send(hosts, 'https://api.example.com/', { target });
	assert.equal(seen.target, '/a/%7e?x=%2f&y&api%20key=a%26b%3Dc%23d%20%25%C3%A9%2B12');
	const absolute = await send(hosts, 'https://api.example.com/', {
		target: 'http://api.example.com/p',
		form: 'absolute',
	});
	assert.match(absolute.target as string, /^http:\/\/api\.example\.com\/p\?api%20key=a%26b/);
	const stray = await send(hosts, 'https://evil.example/', { target: '/?api%20key=injected%2Dby-proxy' });
	assert.equal(stray.status, 403);
});

test('a host whose answers are searched is asked for no coding and no range, with or without a credential', async () => {
	const fields = { 'accept-encoding': 'gzip', range: 'bytes=0-5', 'if-range': '"x"' };
	for (const path of ['/v1', '/other']) {
		const { lines } = await send(rule({ paths: ['/v1'] }), `https://api.example.com${path}`, { target: path, fields });
		const list = lines.map((one) => one.toLowerCase());
		assert.equal(list[list.indexOf('accept-encoding') + 1], 'identity');
		assert.ok(!list.includes('range') && !list.includes('if-range'));
	}
	const free = await send(rule({ scrub: false }), 'https://api.example.com/', { fields });
	assert.ok(free.lines.includes('bytes=0-5') && free.lines.includes('gzip'));
});

test('a tunnel is left alone and counted, and explained as what it is', async () => {
	const layer = inject(rule({}));
	const app = withinForward(layer, 'api.example.com:443', () => respond(200));
	const answer = await ask(app, { method: 'CONNECT', target: 'api.example.com:443', form: 'authority' });
	assert.equal(answer.status, 200);
	assert.equal(layer.statistics().opaque, 1);
	assert.equal(layer.statistics().injected, 0);
});

test('the client’s request stays as it was: whoever logs it outside sees no value', async () => {
	let outside: string[] = [];
	const watch: Middleware = (next) => async (request, context) => {
		const response = await next(request, context, context);
		outside = [...raw(request).fields.raw, raw(request).target];
		return response;
	};
	const hosts: InjectHosts = { 'api.example.com': { fields: { authorization: BEARER }, query: { key: KEY } } };
	const { authorization } = await send(hosts, 'https://api.example.com/', { fields: { authorization: 'mine' } }, watch);
	assert.equal(authorization, `Bearer ${VALUE}`);
	assert.ok(!outside.join().includes(VALUE));
	assert.ok(outside.includes('mine'));
});

test('what somebody put on Object.prototype opens nothing', async (t) => {
	const prototype = Object.prototype as unknown as Record<string, unknown>;
	t.after(() => {
		delete prototype['insecure'];
		delete prototype['evil.example'];
	});
	prototype['insecure'] = true;
	prototype['evil.example'] = { fields: { authorization: BEARER } };
	const hosts = rule({});
	assert.equal((await send(hosts, 'http://api.example.com/')).status, 403);
	assert.equal((await send(hosts, 'https://evil.example/')).authorization, null);
	assert.equal((await send(hosts, 'https://__proto__/')).authorization, null);
});

test('it stands within a forward proxy: check says so where it does not, and a request is a 500', async () => {
	const layer = inject(rule({}));
	assert.deepEqual(compositionFaults(layer(() => respond(200))), [
		'inject: it stands within a forward proxy: forward({ inner: inject({ … }) })',
	]);
	assert.equal((await ask(layer(() => respond(200)))).status, 500);
	const proxy = forward({ inner: stack(layer) as Middleware });
	assert.deepEqual(compositionFaults(proxy), []);
	await proxy.close();
});

test('a server looks at every secret before it listens, and explain goes through the proxy to the wire', async (t) => {
	const layer = inject({ 'api.example.com': { authorization: secret('INJECT_NOT_SET') } });
	const proxy = forward({ inner: layer });
	t.after(() => proxy.close());
	const [own, ...rest] = resourcesOf(proxy);
	assert.deepEqual([own, rest], [proxy, [layer]]);
	await assert.rejects(async () => startAll([layer]), /INJECT_NOT_SET is not set/);
	const open = exchange(() => respond(204), {
		url: 'https://api.example.com/',
		form: 'absolute',
		target: 'https://api.example.com/',
	});
	await open.answer;
	const steps = await explain(proxy, open.request, open.context);
	assert.deepEqual(
		steps.map(({ name }) => name),
		['forward', 'inject', 'outward'],
	);
	assert.match(JSON.stringify(steps[1]), /\[secret INJECT_NOT_SET\]/);
	assert.equal(open.context.get(destination), undefined, 'the context that was asked about stays as it was');
});

test('explain names secrets and shows none', async () => {
	const hosts: InjectHosts = {
		'api.example.com': { fields: { authorization: BEARER }, query: { key: KEY }, paths: ['/v1'] },
	};
	const layer = inject(hosts);
	const explained = async (url: string, request: MemoryRequest = {}): Promise<string> => {
		let text = '';
		const app = withinForward(
			(next) => (asked, context) => {
				const note = compositionOf(layer(next))?.note;
				text = JSON.stringify(note?.explain?.(raw(asked), context));
				return respond(204);
			},
			url,
			() => respond(204),
		);
		await ask(app, request);
		assert.ok(!text.includes(VALUE));
		return text;
	};
	const set = await explained('https://api.example.com/v1');
	assert.match(set, /"name":"authorization","value":"\[secret Bearer \$\{INJECT_KEY\}\]"/);
	assert.match(set, /the parameter key of the query to \[secret INJECT_KEY\]/);
	assert.match(set, /takes the secrets out of the answer/);
	assert.match(await explained('https://api.example.com/'), /but none for this path/);
	assert.match(await explained('http://api.example.com/v1'), /plain http.*"answers":"403 Forbidden"/);
	assert.match(await explained('https://evil.example/'), /no credentials for this host/);
	assert.match(
		await explained('https://evil.example/', { fields: { authorization: 'injected-by-proxy' } }),
		/placeholder.*"answers":"403 Forbidden"/,
	);
	assert.match(await explained('api.example.com:443'), /tunnel: nothing can be set within it/);
});

const sound = { authorization: BEARER };
for (const [hosts, options, reason] of [
	[null, {}, /the hosts must be an object/],
	[[], {}, /the hosts must be an object/],
	[KEY, {}, /the hosts must be an object/],
	[{}, {}, /there is no host/],
	[{ 'api.example.com': sound }, null, /the options must be an object/],
	[{ 'api.example.com': sound }, { logg: 1 }, /logg: no such option; there is log; did you mean log\?/],
	[{ 'api.example.com': sound }, { log: 1 }, /log must be a function/],
	[{ '127.1': sound }, {}, /"127\.1": .*number/],
	[{ '*.127.0.0.1': sound }, {}, /no names below an address/],
	[{ '*': sound }, {}, /"\*": /],
	[{ 'api.*.com': sound }, {}, /character/],
	[{ 'https://api.example.com': sound }, {}, /"https/],
	[{ 'api.example.com:0': sound }, {}, /Ports go from 1/],
	[{ 'api.example.com:99999': sound }, {}, /Ports go from 1/],
	[{ 'api.example.com/v1': sound }, {}, /character/],
	[JSON.parse('{"__proto__": {"x": 1}}'), {}, /__proto__": |x: must be a secret/],
	[{ 'api.example.com': 'sk-live-1' }, {}, /must be a rule/],
	[{ 'api.example.com': KEY }, {}, /must be a rule/],
	[{ 'api.example.com': {} }, {}, /nothing to inject/],
	[{ 'api.example.com': { fields: {} } }, {}, /nothing to inject/],
	[{ 'api.example.com': [] }, {}, /there is no rule/],
	[{ 'api.example.com': { authorization: 'Bearer sk-live-1' } }, {}, /fields\.authorization: must be a secret/],
	[{ 'api.example.com': { authorization: `Bearer ${String(KEY)}` } }, {}, /secret\.text/],
	[{ 'api.example.com': { 'bad name': KEY } }, {}, /no name of a field/],
	[{ 'api.example.com': { 'x\r\ny': KEY } }, {}, /no name of a field/],
	[{ 'api.example.com': { host: KEY } }, {}, /not ours to set/],
	[{ 'api.example.com': { connection: KEY } }, {}, /not ours to set/],
	[{ 'api.example.com': { 'content-length': KEY } }, {}, /not ours to set/],
	[{ 'api.example.com': { 'proxy-authorization': KEY } }, {}, /not ours to set/],
	[{ 'api.example.com': { fields: sound, path: ['/'] } }, {}, /path: no such option; .*did you mean paths\?/],
	[{ 'api.example.com': { fields: sound, paths: [] } }, {}, /paths must be a list of paths/],
	[{ 'api.example.com': { fields: sound, paths: ['v1'] } }, {}, /paths must be a list of paths/],
	[{ 'api.example.com': { fields: sound, paths: '/v1' } }, {}, /paths must be a list of paths/],
	[{ 'api.example.com': { fields: sound, methods: ['TRACE'] } }, {}, /methods must be a list of methods/],
	[{ 'api.example.com': { fields: sound, methods: ['G T'] } }, {}, /methods must be a list of methods/],
	[{ 'api.example.com': { fields: sound, clients: ['nobody'] } }, {}, /clients/],
	[{ 'api.example.com': { fields: sound, clients: [] } }, {}, /clients must be a list/],
	[{ 'api.example.com': { fields: sound, users: [''] } }, {}, /users must be a list/],
	[{ 'api.example.com': { fields: sound, placeholder: 'a b' } }, {}, /placeholder must be/],
	[{ 'api.example.com': { fields: sound, insecure: 1 } }, {}, /insecure must be true or false/],
	[{ 'api.example.com': { fields: sound, scrub: 'no' } }, {}, /scrub must be true or false/],
	[{ 'api.example.com': { query: { 'a\n': KEY } } }, {}, /visible ASCII/],
] as const) {
	test(`refused at the start: ${JSON.stringify(hosts)} ${JSON.stringify(options)}`, () => {
		assert.throws(
			() => inject(hosts as never, options as never),
			(error: Error) =>
				error instanceof TypeError && reason.test(error.message) && !error.message.includes('sk-live')
					? true
					: assert.fail(error.message),
		);
	});
}
