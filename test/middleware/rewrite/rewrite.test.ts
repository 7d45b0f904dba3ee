/** Targets that become others, byte for byte, and what nobody can put into one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type App, compositionFaults, compositionOf, mount, raw, respond } from '../../../src/convention/index.ts';
import { ask, type MemoryRequest } from '../../../src/engine/memory/index.ts';
import { type RewriteFunction, type RewriteRules, rewrite } from '../../../src/middleware/rewrite/index.ts';
import { routes } from '../../../src/routing/index.ts';
import { listen, portOf } from '../../support/engines.ts';
import { connect } from '../../support/raw-client.ts';

const echo: App = (request, context) => respond(200, { 'X-Mount': context.mount || 'none' }, raw(request).target);

async function target(rules: RewriteRules | RewriteFunction, request: MemoryRequest | string): Promise<string> {
	const asked = typeof request === 'string' ? { target: request } : request;
	const answer = await ask(rewrite(rules)(echo), asked);
	assert.equal(answer.status, 200, String(answer.error));
	return answer.text();
}

const cases: [what: string, rules: RewriteRules, from: string, to: string][] = [
	['a path', { '/old': '/new' }, '/old', '/new'],
	['what no pattern takes stays', { '/old': '/new' }, '/older', '/older'],
	['the query stays', { '/old': '/new' }, '/old?a=%20b&&c', '/new?a=%20b&&c'],
	['an empty query is none', { '/old': '/new' }, '/old?', '/new'],
	['the query is dropped where it is said', { '/old': { to: '/new', query: 'drop' } }, '/old?a', '/new'],
	['a query of its own comes first', { '/old': '/new?v=2' }, '/old?a', '/new?v=2&a'],
	['a parameter', { '/a/:id': '/b/:id/c' }, '/a/7', '/b/7/c'],
	['two, turned round', { '/a/:x/:y': '/b/:y/:x' }, '/a/1/2', '/b/2/1'],
	['a wildcard', { '/old/*': '/new/*' }, '/old/a/b', '/new/a/b'],
	['a wildcard with a name', { '/old/*path': '/*path' }, '/old/a/b', '/a/b'],
	['a wildcard that takes a slash', { '/old/*': '/new/*' }, '/old/', '/new/'],
	['a wildcard that takes nothing', { '/old/*': '/new/*' }, '/old', '/new'],
	['nothing at all', { '/old/*': '/*' }, '/old', '/'],
	[
		'the most specific decides, whatever the order',
		{ '/*': '/other/*', '/a/:id': '/one/:id', '/a/new': '/two' },
		'/a/new',
		'/two',
	],
	['what a parameter took stays encoded as it came', { '/a/:id': '/b/:id' }, '/a/%c3%B6%20%41', '/b/%c3%B6%20%41'],
	['a wildcard, too', { '/a/*': '/b/*' }, '/a/%41/%3f/;x', '/b/%41/%3f/;x'],
	['another spelling of the same path', { '/old/:id': '/new/:id' }, '/%6fld/%31', '/new/%31'],
	['a template in letters', { '/a': '/straße/ü b' }, '/a', '/stra%C3%9Fe/%C3%BC%20b'],
	['a template that is encoded', { '/a': '/stra%C3%9Fe' }, '/a', '/stra%C3%9Fe'],
	[
		'into a query, where other characters mean something',
		{ '/a/:id': '/b?id=:id&x=1' },
		'/a/1&x=2;y+%2b=',
		'/b?id=1%26x%3D2%3By%2B%2B%3D&x=1',
	],
	['a constraint', { '/a/:id(\\d+)': '/n/:id' }, '/a/x1', '/a/x1'],
	['another host', { 'example.org/a': '/b' }, '/a', '/a'],
	['another method', { 'POST /a': '/b' }, '/a', '/a'],
];
for (const [what, rules, from, to] of cases)
	test(`${what}: ${from}`, async () => {
		assert.equal(await target(rules, from), to);
	});

const everything: RewriteRules = { '/*rest': '/app/*rest', '/one/:id': '/two/:id' };
const untouched = [
	'/../x',
	'/a/%2e%2e/b',
	'/one/..',
	'/one/%2E',
	'/one/..;x',
	'/a%2Fb',
	'/one/a%5cb',
	'/%',
	'/one/%zz',
	'/one/%00',
	'/one/%0d%0aX:y',
	'/%ff',
	'/a\\b',
];
for (const from of untouched)
	test(`a path that routes would refuse matches nothing: ${from}`, async () => {
		assert.equal(await target(everything, from), from);
	});

test('no path begins with two slashes, which would be another host', async () => {
	assert.equal(await target({ '/old/*': '/*' }, '/old//evil.example/x'), '/evil.example/x');
	assert.equal(await target({ '/old/*': '/*' }, '/old////evil.example'), '/evil.example');
});

test('encoding once is not decoding twice', async () => {
	assert.equal(await target({ '/a/:id': '/b/:id' }, '/a/%252e%252e'), '/b/%252e%252e');
	assert.equal(await target({ '/a/:id': '/b/:id' }, '/a/%250d%250a'), '/b/%250d%250a');
});

test('whatever a parameter takes, the target has as many segments as the template, and nothing is injected', async () => {
	const piece = fc.constantFrom(
		'a',
		'%41',
		'/',
		'%2f',
		'..',
		'.',
		'%2e',
		'?',
		'&',
		';',
		'%0d%0a',
		'%23',
		'=',
		'%25',
		'\\',
		':',
		'*',
		'@',
	);
	await fc.assert(
		fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 8 }), async (pieces) => {
			const from = `/in/${pieces.join('')}`;
			const to = await target({ '/in/:id': '/out/:id/end' }, from);
			if (to === from) return;
			const [path = ''] = to.split('?', 1);
			const segments = path.split('/');
			assert.equal(segments.length, 4, to);
			assert.deepEqual([segments[1], segments[3]], ['out', 'end'], to);
			assert.doesNotMatch(decodeURIComponent(segments[2] as string), /^\.{0,2}$|[/\\\r\n]/);
		}),
		{ numRuns: 500 },
	);
});

test('an absolute target keeps its scheme and host; other forms stay', async () => {
	const request = { target: 'http://Example.org/old/x?q', form: 'absolute' } as const;
	assert.equal(await target({ '/old/*': '/new/*' }, request), 'http://Example.org/new/x?q');
	assert.equal(await target(() => '/f?g', request), 'http://Example.org/f?g');
	assert.equal(await target(everything, { method: 'OPTIONS', target: '*', form: 'asterisk' }), '*');
	assert.equal(await target(() => '/f', { method: 'CONNECT', target: 'a:1', form: 'authority' }), 'a:1');
});

test('a host’s label becomes a segment, when it can be one', async () => {
	const rules = { ':tenant.example.org/*': '/tenants/:tenant/*' };
	assert.equal(await target(rules, { target: '/a', authority: 'Blue.example.org:80' }), '/tenants/blue/a');
	for (const authority of ['a%2f.example.org', '*.example.org', 'a,b.example.org', '.example.org'])
		assert.equal(await target(rules, { target: '/a', authority }), '/a', authority);
});

test('a function gives the path, or null', async () => {
	assert.equal(await target((request) => (request.target === '/a' ? '/b?c' : null), '/a'), '/b?c');
	assert.equal(await target((request) => (request.target === '/a' ? '/b?c' : null), '/z?y'), '/z?y');
	const bad = [
		'b',
		'',
		'//evil.example',
		'/a b',
		'/a\r\nX: y',
		'/a#b',
		'/\0',
		'http://evil.example/',
		'/ж',
		undefined,
		7,
	];
	for (const path of bad) {
		const answer = await ask(rewrite((() => path) as RewriteFunction)(echo), {});
		assert.equal(answer.status, 500, String(path));
	}
});

test('the request that came stays as it is; body and fields go over', async () => {
	let given: Request | null = null;
	const app: App = async (request) =>
		respond(200, null, `${raw(request).target} ${raw(request).fields.get('x-a')} ${await request.text()}`);
	const inner = rewrite({ '/a': '/b' })(app) as App;
	const answer = await ask((request, context) => inner((given = request), context, context), {
		target: '/a',
		body: 'body',
		fields: { 'X-A': '1' },
	});
	assert.equal(await answer.text(), '/b 1 body');
	assert.equal(raw(given as unknown as Request).target, '/a');
});

test('a request without a rule is passed on itself', async () => {
	const got: Request[] = [];
	const inner = rewrite({ '/a': '/b' })((request) => {
		got.push(request);
		return respond(204);
	}) as App;
	const given: Request[] = [];
	await ask((request, context) => inner((given[0] = request), context, context), '/c');
	assert.equal(got[0], given[0]);
});

test('below a mount it sees the rest, and the mount stays', async () => {
	const inner = rewrite({ '/old/*': '/new/*' })(echo) as App;
	const byMount = await ask(mount('/cms', inner)(echo), '/cms/old/x');
	assert.deepEqual([byMount.fields.get('x-mount'), await byMount.text()], ['/cms', '/new/x']);
	const byRoutes = await ask(routes({ '/cms/*': inner }), '/cms/old/x');
	assert.deepEqual([byRoutes.fields.get('x-mount'), await byRoutes.text()], ['/cms', '/new/x']);
	const around = rewrite({ '/shop/*': '/cms/*' })(routes({ '/cms/*': echo })) as App;
	const outside = await ask(around, '/shop/a%20b');
	assert.deepEqual([outside.fields.get('x-mount'), await outside.text()], ['/cms', '/a%20b']);
});

test('on a socket: an upgrade is rewritten like any request', async (t) => {
	const listener = await listen(t, rewrite({ '/ws/:room': '/rooms/:room' })(echo));
	const peer = await connect(t, portOf(listener));
	peer.send('GET /ws/%61?x HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n');
	assert.equal((await peer.message()).body, '/rooms/%61?x');
});

const refused: [what: string, rules: unknown, message: RegExp][] = [
	['no rules', undefined, /give it a table of patterns/],
	['an empty table', {}, /there is no rule in it/],
	['a list', [['/a', '/b']], /give it a table/],
	['no pattern', { old: '/new' }, /"old": a path begins with "\/"/],
	['two that mean the same', { '/a/:x': '/b', '/a/:y': '/c' }, /"\/a\/:y": it means the same as "\/a\/:x"/],
	['no text', { '/a': 7 }, /"\/a": it leads to no text/],
	['an unknown name', { '/a': { too: '/b' } }, /"\/a": too: no such option/],
	['another query', { '/a': { to: '/b', query: 'merge' } }, /query must be 'keep' or 'drop'/],
	['a relative path', { '/a': 'b' }, /"b": a path begins with "\/"/],
	['another host', { '/a': 'https://example.org/' }, /another host is for redirects/],
	['two slashes', { '/a': '//example.org/' }, /two slashes is another host/],
	['a parameter that is not there', { '/a/:id': '/b/:di' }, /":di": there is no such parameter in "\/a\/:id"/],
	['a wildcard that is not there', { '/a': '/b/*' }, /there is no wildcard in "\/a"/],
	['a wildcard of another name', { '/a/*x': '/b/*y' }, /the wildcard is called "\*x"/],
	['a wildcard as a parameter', { '/a/*x': '/b/:x' }, /there is no such parameter/],
	['a wildcard in the middle', { '/a/*x': '/b/*x/c' }, /stands in the middle/],
	['a part of a segment', { '/a/:id': '/b/:id.html' }, /a parameter takes a whole segment/],
	['a dot-segment', { '/a': '/b/../c' }, /"\.\." leads to another path/],
	['an encoded one', { '/a': '/b/%2E%2e' }, /leads to another path/],
	['an encoded slash', { '/a': '/b%2Fc' }, /has a slash or a backslash/],
	['a backslash', { '/a': '/b\\c' }, /has a slash or a backslash/],
	['a fragment', { '/a': '/b#c' }, /a target has no "#"/],
	['a line', { '/a': '/b\r\nX: y' }, /a character that no target has/],
	['half an encoding', { '/a': '/b%4' }, /encodes nothing/],
];
for (const [what, rules, message] of refused)
	test(`refused at start: ${what}`, () => {
		assert.throws(
			() => rewrite(rules as RewriteRules),
			(error: Error) => {
				assert.ok(error instanceof TypeError, String(error));
				assert.match(error.message, message);
				return error.message.startsWith('rewrite: ');
			},
		);
	});

test('composition and explain', async () => {
	const layered = rewrite({ '/a/:id': '/b/:id' })(echo) as App;
	assert.deepEqual(compositionFaults(layered), []);
	const app: App = async (request, context) => {
		const explained = await compositionOf(layered)?.note.explain?.(raw(request), context);
		return respond(200, null, `${explained?.does.join()} ${explained?.request?.target}`);
	};
	assert.equal(
		await (await ask(app, '/a/1?q')).text(),
		'Makes /a/1?q to /b/1?q.,Passes the request on, with that target. /b/1?q',
	);
	assert.equal(
		await (await ask(app, '/c')).text(),
		'Leaves the target as it is.,Passes the request on as it is. undefined',
	);
});
