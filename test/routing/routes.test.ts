/** Dispatch: which app a request comes to, with which parameters, and what is answered where there is none. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type App, DerivedContext, HttpError, lint, raw, respond, stack } from '../../src/convention/index.ts';
import { ask, type MemoryRequest } from '../../src/engine/memory/index.ts';
import { params, type RouteContext, routes } from '../../src/routing/index.ts';
import { listen, portOf } from '../support/engines.ts';
import { connect } from '../support/raw-client.ts';

/** Says its name, what it was given and where it stands. */
const named =
	(name: string): App =>
	(request, context) =>
		respond(200, null, [name, context.mount, raw(request).target, JSON.stringify(params(context))].join(' '));

async function seen(app: App, request: string | MemoryRequest): Promise<string> {
	const answer = await ask(app, request);
	return answer.status === 200 ? answer.text() : `${answer.status} ${answer.fields.get('location') ?? ''}`.trim();
}

const at = (method: string, target: string, authority = 'h'): MemoryRequest => ({
	method,
	target,
	fields: { host: authority },
});

test('plain text comes before a constraint, that before a parameter, that before a wildcard, whatever the order', async () => {
	const table = {
		'/a/new': named('plain'),
		'/a/:n(\\d+)': named('constrained'),
		'/a/:x': named('parameter'),
		'/a/*': named('mount'),
		'/*': named('all'),
	} as const;
	const backwards = Object.fromEntries(Object.entries(table).toReversed());
	for (const app of [routes(table), routes(backwards)]) {
		assert.equal(await seen(app, '/a/new'), 'plain  /a/new {}');
		assert.equal(await seen(app, '/a/12'), 'constrained  /a/12 {"n":"12"}');
		assert.equal(await seen(app, '/a/12b'), 'parameter  /a/12b {"x":"12b"}');
		assert.equal(await seen(app, '/a/b/c?d'), 'mount /a /b/c?d {}');
		assert.equal(await seen(app, '/a'), 'mount /a / {}');
		assert.equal(await seen(app, '/a/'), 'mount /a / {}');
		assert.equal(await seen(app, '/ab'), 'all  /ab {}');
	}
});

test('where the first choice leads nowhere the next is tried', async () => {
	const app = routes({
		'/:a/x/:b/z': named('one'),
		'/p/:c/y': named('two'),
		'GET /new': named('new'),
		'PUT /:slug': named('put'),
		'/p/x/*rest': named('rest'),
	});
	assert.equal(await seen(app, '/p/x/q/z'), 'rest  /p/x/q/z {"rest":"q/z"}');
	assert.equal(await seen(app, '/q/x/r/z'), 'one  /q/x/r/z {"a":"q","b":"r"}');
	assert.equal(await seen(app, '/p/x/y'), 'rest  /p/x/y {"rest":"y"}');
	assert.equal(await seen(app, '/p/w/y'), 'two  /p/w/y {"c":"w"}');
	assert.equal(await seen(app, at('PUT', '/new')), 'put  /new {"slug":"new"}');
});

test('parameters are decoded once, and take no empty segment', async () => {
	const app = routes({ '/a/:x': named('x'), '/f/*path': named('f'), '/straße': named('s') });
	assert.equal(await seen(app, '/a/%C3%A4%2520'), 'x  /a/%C3%A4%2520 {"x":"ä%20"}'.replace('ä', '\u00e4'));
	assert.equal(await seen(app, '/f/a%20b/c'), 'f  /f/a%20b/c {"path":"a b/c"}');
	assert.equal(await seen(app, '/f'), 'f  /f {"path":""}');
	assert.equal(await seen(app, '/stra%C3%9Fe'), 's  /stra%C3%9Fe {}');
	assert.equal(await seen(app, '/a/'), '404');
});

test('a mount keeps the bytes below it, adds up, and shares its parameters', async () => {
	const inner = routes({ 'GET /items/:id': named('item'), '/': named('top'), '/*': named('rest') });
	const app = routes({ '/shops/:shop/*': inner });
	assert.equal(await seen(app, '/sho%70s/b%20c/items/1?q'), 'item /sho%70s/b%20c /items/1?q {"shop":"b c","id":"1"}');
	assert.equal(await seen(app, '/shops/b'), 'top /shops/b / {"shop":"b"}');
	assert.equal(
		await seen(app, { method: 'GET', target: 'http://h/shops/b/x', form: 'absolute' }),
		'rest /shops/b http://h/x {"shop":"b"}',
	);
});

test('the context tells the route, also behind middleware that derives it', async () => {
	const layer = stack((next) => (request, context) => next(request, new DerivedContext(context)));
	const app = routes({
		'/a/:x': (_, context) => respond(200, null, `${context.route} ${context.params.x}`),
		'/b/:x/*': routes({ '/:y': (_, context) => respond(200, null, context.route) }),
		'/c/:x': layer((_, context) => respond(200, null, params<'/c/:x'>(context).x)),
	});
	assert.equal(await seen(app, '/a/1'), '/a/:x 1');
	assert.equal(await seen(app, '/b/1/2'), '/b/:x/* /:y');
	assert.equal(await seen(app, '/c/3'), '3');
});

test('hosts: the host itself, one wildcard label, any; case, port and last dot do not count', async () => {
	const app = routes({
		'admin.example.org/*': named('admin'),
		':tenant.example.org/:page': named('tenant'),
		'GET //backend/': named('backend'),
		'[::1]/': named('six'),
		'/*': named('any'),
	});
	for (const [authority, target, text] of [
		['admin.example.org', '/x', 'admin'],
		['ADMIN.example.org.:8080', '/x', 'admin'],
		['shop.example.org', '/p', 'tenant'],
		['a.b.example.org', '/p', 'any'],
		['example.org', '/p', 'any'],
		['backend:81', '/', 'backend'],
		['[::1]:80', '/', 'six'],
		['', '/', 'any'],
		['shop.example.org', '/p/q', 'any'],
	] as const) {
		assert.equal((await seen(app, at('GET', target, authority))).split(' ')[0], text, authority);
	}
	assert.match(await seen(app, at('GET', '/p', 'Shop.example.org')), /\{"tenant":"shop","page":"p"\}$/);
});

test('HEAD is answered by GET, OPTIONS with Allow, another method with 405', async () => {
	const app = routes({
		'/a': { GET: named('get'), PUT: named('put') },
		'DELETE /:x': named('delete'),
		'/o': { OPTIONS: named('own') },
	});
	assert.equal((await ask(app, at('HEAD', '/a'))).status, 200);
	const options = await ask(app, at('OPTIONS', '/a'));
	assert.equal(options.status, 204);
	assert.equal(options.fields.get('allow'), 'DELETE, GET, HEAD, OPTIONS, PUT');
	const refused = await ask(app, at('POST', '/a'));
	assert.equal(refused.status, 405);
	assert.equal(refused.fields.get('allow'), 'DELETE, GET, HEAD, OPTIONS, PUT');
	assert.equal((await seen(app, at('OPTIONS', '/o'))).split(' ')[0], 'own');
	assert.equal((await ask(app, at('OPTIONS', '/none/at/all'))).status, 404);
});

test('OPTIONS * is answered for the server; CONNECT has no route', async () => {
	const app = routes({ 'GET /a': named('a'), 'PATCH /b': named('b') });
	const answer = await ask(app, { method: 'OPTIONS', target: '*', form: 'asterisk' });
	assert.equal(answer.status, 204);
	assert.equal(answer.fields.get('allow'), 'GET, HEAD, OPTIONS, PATCH');
	assert.equal((await ask(app, { method: 'CONNECT', target: 'h:1', form: 'authority' })).status, 404);
});

test('what no pattern takes goes to `otherwise`, or is a 404 that middleware can render', async () => {
	assert.equal(await seen(routes({ '/a': named('a') }, { otherwise: named('other') }), '/b'), 'other  /b {}');
	const rendering = stack((next) => async (request, context) => {
		try {
			return await next(request, context);
		} catch (error) {
			assert.ok(error instanceof HttpError);
			return respond(200, null, `rendered ${error.status}`);
		}
	});
	assert.equal(await seen(rendering(routes({ '/a': named('a') })), '/b'), 'rendered 404');
});

test('an object with fetch is called as its method, and an app may answer at once', async () => {
	class Framework {
		readonly name = 'framework';
		fetch(): Response {
			return respond(200, null, this.name);
		}
	}
	const app = routes({ '/f/*': new Framework(), '/g': { GET: new Framework() } });
	assert.equal(await seen(app, '/f/x'), 'framework');
	assert.equal(await seen(app, '/g'), 'framework');
});

test('types: parameters have the names of the pattern and no others', () => {
	const show = (_: Request, context: RouteContext<{ readonly slug: string }>): Response =>
		new Response(context.params.slug);
	routes({ '/articles/:slug': { GET: show, PUT: () => new Response() } });
	routes({ 'GET /articles/:slug': show });
	// @ts-expect-error the pattern has no slug
	routes({ '/articles/:name': show });
	// @ts-expect-error there is no y
	routes({ '/a/:x': (_, { params }) => new Response(params.y) });
	routes({
		'GET :tenant.example.org/:year(\\d{4})/*rest': (_, { params }) => {
			const all: { readonly tenant: string; readonly year: string; readonly rest: string } = params;
			return new Response(all.rest);
		},
	});
	// @ts-expect-error methods are in upper case
	assert.throws(() => routes({ '/a': { get: named('a') } }), /did you mean GET\?/);
	// @ts-expect-error a number is no app
	assert.throws(() => routes({ '/a': 5 }), /"\/a": it leads to a number, not to an app/);
	// @ts-expect-error there is no such option
	assert.throws(() => routes({ '/a': named('a') }, { notFound: named('b') }), /notFound: no such option/);
});

test('over a socket: a mounted app and an unknown path on one connection', async (t) => {
	const app = routes({ '/shop/*': named('shop'), 'GET /': named('home') });
	const client = await connect(t, portOf(await listen(t, lint(app))));
	client.send('GET /shop/a?b HTTP/1.1\r\nHost: h\r\n\r\nGET /nowhere HTTP/1.1\r\nHost: h\r\n\r\n');
	assert.equal((await client.message()).body, 'shop /shop /a?b {}');
	assert.equal((await client.message()).status, 404);
	client.send('POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabcGET / HTTP/1.1\r\nHost: h\r\n\r\n');
	const refused = await client.message();
	assert.equal(refused.status, 405);
	assert.equal(refused.get('allow'), 'GET, HEAD, OPTIONS');
	assert.equal((await client.message()).body, 'home  / {}');
});
