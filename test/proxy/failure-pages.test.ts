/** What clients and operators are told when an upstream fails. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { proxyStatusErrors, UpstreamError } from '../../src/convention/index.ts';
import { structured } from '../../src/fields/index.ts';
import { proxyStatus } from '../../src/proxy/proxy-status.ts';
import { type ProxyLogEntry, reverse } from '../../src/proxy/reverse/index.ts';
import { exchange, gateway, get, plainGateway } from '../support/gateway.ts';
import { until } from '../support/until.ts';

/** Name and parameters of the last member of Proxy-Status, read by the parser of structured fields. */
function lastMember(value: string | null): { name: unknown; parameters: Map<string, unknown> } {
	const list = structured.parseList(value ?? '');
	const item = list?.at(-1);
	assert.ok(item !== undefined && 'value' in item, `not a list: ${value}`);
	const plain = (bare: unknown) => (bare instanceof structured.Token ? bare.value : bare);
	return {
		name: plain(item.value),
		parameters: new Map([...item.parameters].map(([key, bare]) => [key, plain(bare)])),
	};
}

test('every error type makes a Proxy-Status that its grammar reads back', () => {
	for (const type of Object.keys(proxyStatusErrors) as (keyof typeof proxyStatusErrors)[]) {
		for (const details of [undefined, '', 'ECONNREFUSED', 'with "quotes" and \\']) {
			const error = new UpstreamError(type, details === undefined ? {} : { details });
			const { name, parameters } = lastMember(proxyStatus('turnabout', error));
			assert.equal(name, 'turnabout');
			assert.equal(parameters.get('error'), type);
			assert.equal(parameters.get('details'), details || undefined);
		}
	}
});

for (const name of ['turnabout', 'proxy-1.example', '10.0.0.1:8080', '3com', '[::1]:80', '*x']) {
	test(`a proxy called ${name} says so in Via and in Proxy-Status`, async (t) => {
		const g = await plainGateway(t, { reverse: { name } });
		const fine = await exchange(g, get('/'));
		assert.equal(fine.answer.get('via'), `1.1 ${name}`);
		g.origin.close();
		const { answer } = await exchange(g, get('/'));
		assert.equal(lastMember(answer.get('proxy-status')).name, name);
	});
}

for (const name of ['', 'two words', 'a\r\nb', 'a,b', 'a;b', 'ü']) {
	test(`a name that Via cannot hold is refused when the proxy is made: ${JSON.stringify(name)}`, () => {
		assert.throws(() => reverse('http://a.example', { name }), { name: 'TypeError' });
	});
}

const accepts: [accept: string | null, type: RegExp][] = [
	[null, /^text\/plain/],
	['*/*', /^text\/plain/],
	['application/json', /^text\/plain/],
	['text/html,application/xhtml+xml;q=0.9,*/*;q=0.8', /^text\/html/],
	['TEXT/HTML', /^text\/html/],
];

for (const [accept, type] of accepts) {
	test(`the page for Accept: ${accept}`, async (t) => {
		const g = await plainGateway(t);
		g.origin.close();
		const { answer } = await exchange(g, get('/secret-path?token=1', accept === null ? '' : `Accept: ${accept}\r\n`));
		assert.equal(answer.status, 502);
		assert.match(answer.get('content-type') ?? '', type);
		assert.equal(answer.get('content-length'), String(answer.body.length));
		assert.equal(answer.get('cache-control'), 'no-store');
		assert.match(answer.body, /502 Bad Gateway/);
		assert.doesNotMatch(answer.body, /secret|127\.0\.0\.1|undefined/);
		assert.equal(answer.body.startsWith('<!doctype html>'), type.test('text/html'));
	});
}

test('HEAD gets the head of the page only', async (t) => {
	const g = await plainGateway(t);
	g.origin.close();
	const { answer, client } = await exchange(g, 'HEAD / HTTP/1.1\r\nHost: a\r\n\r\n');
	assert.equal(answer.status, 502);
	assert.equal(client.unread, '');
});

test('a pool that is full: 503 with Retry-After', async (t) => {
	const g = await gateway(t, () => new Promise<string>(() => {}), { reverse: { pool: { connections: 1, queue: 0 } } });
	const first = (await g.client()).send(get('/'));
	await until(() => g.origin.requests.length === 1, 'the first request at the origin');
	const { answer } = await exchange(g, get('/'));
	assert.equal(answer.status, 503);
	assert.equal(answer.get('retry-after'), '1');
	assert.equal(lastMember(answer.get('proxy-status')).parameters.get('error'), 'connection_limit_reached');
	first.destroy();
});

test('one log entry for a failure: what, where, for which request, without its query', async (t) => {
	const log: ProxyLogEntry[] = [];
	const g = await plainGateway(t, { reverse: { log: (entry) => log.push(entry) } });
	const upstream = `http://127.0.0.1:${g.origin.port}`;
	g.origin.close();
	await exchange(g, get('/path?token=secret'));
	assert.equal(log.length, 1);
	const [entry] = log;
	assert.equal(entry?.level, 'warn');
	assert.equal(entry?.upstream, upstream);
	assert.equal(entry?.request, 'GET /path');
	assert.match(entry?.message ?? '', /connection_refused \(ECONNREFUSED\)/);
	assert.ok(entry?.error instanceof UpstreamError);
});

test('what goes well, and clients that leave, are not logged', async (t) => {
	const log: ProxyLogEntry[] = [];
	const g = await gateway(
		t,
		(request) =>
			request.target === '/slow'
				? new Promise<string>(() => {})
				: 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n',
		{
			reverse: { log: (entry) => log.push(entry) },
		},
	);
	assert.equal((await exchange(g, get('/'))).answer.status, 404);
	const leaving = (await g.client()).send(get('/slow'));
	await until(() => g.origin.requests.length === 2, 'the request at the origin');
	leaving.reset();
	await (await g.origin.peer()).closed(2_000);
	assert.deepEqual(log, []);
});
