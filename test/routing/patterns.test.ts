/** Patterns that could not work are refused when the table is made, with the pattern and what was probably meant. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type App, respond } from '../../src/convention/index.ts';
import { explainRoutes, routes } from '../../src/routing/index.ts';

const app: App = () => respond(200);

test('bad patterns say why, and what to write', () => {
	for (const [pattern, reason] of [
		['articles/:slug', /did you mean "\/articles\/:slug"\? A host without a dot is written "\/\/articles\/:slug"/],
		['articles', /did you mean "\/articles"/],
		['GET', /did you mean "GET \/"\?/],
		['GET/articles', /or "GET \/articles"\?/],
		['get /articles', /"get" is no method; did you mean GET\?/],
		['GET  /articles', /one space at most/],
		['/a/{slug}', /did you mean ":slug"\?/],
		['/a/<slug>', /did you mean ":slug"\?/],
		['/a/[slug]', /did you mean ":slug"\?/],
		['/a/**', /did you mean "\*"\?/],
		['/a/*/b', /a wildcard is the last segment/],
		['/a//b', /two slashes in a row/],
		['/a/../b', /such requests are refused/],
		['/a%20b', /written decoded/],
		['/a?b', /the query is not matched/],
		['/a/:b.json', /takes a whole segment/],
		['/a/x:b', /takes a whole segment/],
		['/a/:b?', /is there once; write two patterns/],
		['/a/:', /takes a whole segment/],
		['/a/:b(', /ends the segment with "\)"/],
		['/a/:b([)', /no regular expression/],
		['/a/:b()', /no regular expression: it is empty/],
		['/a/:x/:x', /two parameters are called "x"/],
		['/a/*1', /"1" is no name/],
		['/a/:__proto__', /"__proto__" is no name/],
		['example.org:80/', /no port here; did you mean "example.org\/"\?/],
		['a.*.org/', /one wildcard is allowed, as its first label/],
		[':x/y', /did you mean "\/:x\/y"\?/],
	] as const) {
		assert.throws(
			() => routes({ [pattern]: app }),
			(error: Error) =>
				error instanceof TypeError &&
				error.message.startsWith(`routes: ${JSON.stringify(pattern)}: `) &&
				reason.test(error.message),
			pattern,
		);
	}
});

test('patterns that mean the same, and constraints that nobody could order, are refused', () => {
	assert.throws(
		() => routes({ 'GET /a/:x': app, '/a/:y': { GET: app } }),
		/"\/a\/:y": GET of it goes to "GET \/a\/:x" already/,
	);
	assert.throws(() => routes({ '/a/*': app, '/a/*rest': app }), /any method of it goes to "\/a\/\*" already/);
	assert.throws(() => routes({ 'Example.org/': app, 'example.org/': app }), /already/);
	assert.throws(() => routes({ '/:x(\\d+)': app, '/:y(\\w+)': app }), /none of the two comes first/);
	routes({ 'GET /a': app, '/a': app, '/:x/b': app, '/:y/c': app, '/:z(\\d+)/b': app, '/:q(\\d+)/c': app });
});

test('tables and options that are none are refused', () => {
	const loose = routes as (table: unknown, options?: unknown) => App;
	assert.throws(() => loose(null), /an object of patterns and apps/);
	assert.throws(() => loose({}), /no pattern in it/);
	assert.throws(() => loose({ '/a': {} }), /its table of methods is empty/);
	assert.throws(() => loose({ '/a': { GET: 1 } }), /GET leads to a number/);
	assert.throws(() => loose({ 'GET /a': { GET: app } }), /names GET and leads to a table of methods again/);
	assert.throws(() => loose({ '/a': app }, { encodedSlashes: true }), /encodedSlashes is true, not refuse or pass/);
	assert.throws(() => loose({ '/a': app }, { otherwise: 'x' }), /otherwise is string, not an app/);
});

test('routes are explained in the order in which they are tried, mounted tables in place', () => {
	function home(): Response {
		return respond(200);
	}
	const shop = routes({ '/:id': home, '/': home });
	const rows = explainRoutes(
		routes({
			'/*': app,
			'/shop/*': shop,
			'/articles/:slug': { PUT: app, GET: app, DELETE: home },
			'/articles/new': home,
			'/articles/:n(\\d+)': home,
			'GET /': home,
			'admin.example.org/*': app,
			'*.example.org/': app,
		}),
	);
	assert.deepEqual(
		rows?.map(({ pattern, methods, what, mounts }) => [pattern, methods.join(), what, mounts]),
		[
			['admin.example.org/*', '', 'app', true],
			['*.example.org/', '', 'app', false],
			['/', 'GET', 'home', false],
			['/articles/new', '', 'home', false],
			['/articles/:n(\\d+)', '', 'home', false],
			['/articles/:slug', 'GET,PUT', 'app', false],
			['/articles/:slug', 'DELETE', 'home', false],
			['/shop/', '', 'home', false],
			['/shop/:id', '', 'home', false],
			['/*', '', 'app', true],
		],
	);
	assert.match(rows?.[0]?.where ?? '', /patterns\.test\.ts:\d+$/);
	assert.equal(explainRoutes(app), null);
});
