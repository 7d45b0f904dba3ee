/** No route is reached under a spelling that its guard does not know. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type App, raw, respond } from '../../src/convention/index.ts';
import { ask } from '../../src/engine/memory/index.ts';
import { params, routes } from '../../src/routing/index.ts';

const says =
	(name: string): App =>
	(request) =>
		respond(200, null, `${name} ${raw(request).target}`);

const guarded = routes({ '/admin/*': says('guard'), '/*': says('open') });

async function outcome(app: App, target: string): Promise<string> {
	const answer = await ask(app, { method: 'GET', target });
	return answer.status === 200 ? answer.text() : `${answer.status} ${answer.fields.get('location') ?? ''}`.trim();
}

test('what is refused, what is redirected and what is passed', async () => {
	for (const [target, expected] of [
		['/admin/x', 'guard /x'],
		['/%61dmin/x', 'guard /x'],
		['/admin', 'guard /'],
		['/admin/%78%20', 'guard /%78%20'],
		['/ADMIN/x', 'open /ADMIN/x'],
		['/admin;v=1/x', 'open /admin;v=1/x'],
		['/adminx', 'open /adminx'],
		['/a.b/..c/...', 'open /a.b/..c/...'],
		['/a"b|c', 'open /a"b|c'],
		['/x?/../admin//', 'open /x?/../admin//'],
		['//admin/x?q', '308 /admin/x?q'],
		['/admin//x', '308 /admin/x'],
		['///', '308 /'],
		['//evil.example/', '308 /evil.example/'],
		['/x/../admin/y', '400'],
		['/x/%2e%2E/admin/y', '400'],
		['/.', '400'],
		['/x/..;a=1/admin', '400'],
		['/x/.%2e;/admin', '400'],
		['/admin%2Fx', '400'],
		['/x%5cadmin', '400'],
		['/x\\admin', '400'],
		['/x%00', '400'],
		['/x%0a', '400'],
		['/x%', '400'],
		['/x%zz', '400'],
		['/x%ff', '400'],
		['/x#y', '400'],
		['/caf\u00e9', '400'],
	] as const) {
		assert.equal(await outcome(guarded, target), expected, target);
	}
});

test('encoded slashes pass where they are wanted, and never as dots', async () => {
	const app = routes(
		{
			'/bands/:band': (_, { params }) => respond(200, null, params.band),
			'/f/*rest': (_, { params }) => respond(200, null, params.rest),
		},
		{ encodedSlashes: 'pass' },
	);
	assert.equal(await outcome(app, '/bands/AC%2FDC'), 'AC/DC');
	assert.equal(await outcome(app, '/f/AC%2FDC/x'), 'AC%2FDC/x');
	for (const target of ['/bands/x%2F..%2Fadmin', '/bands/%2e%2e%2fadmin', '/bands/x%5c..%5cadmin', '/f/a%2f.']) {
		assert.equal(await outcome(app, target), '400', target);
	}
});

test('a slash at the end is put right where only the other spelling has a route', async () => {
	const app = routes({ '/a': says('a'), '/b/': says('b'), '/c/:x': says('c'), '/m/*': routes({ '/n': says('n') }) });
	assert.equal(await outcome(app, '/a/?q'), '308 /a?q');
	assert.equal(await outcome(app, '/b'), '308 /b/');
	assert.equal(await outcome(app, '/c/%20/'), '308 /c/%20');
	assert.equal(await outcome(app, '/m/n/'), '308 /m/n');
	assert.equal(await outcome(app, '/d/'), '404');
	assert.equal(await outcome(app, '//d'), '404');
	assert.equal(await outcome(routes({ '/a': says('a') }, { trailingSlash: 'strict' }), '/a/'), '404');
});

/** Segments that somebody would try. */
const tricky = fc.constantFrom(
	'admin',
	'%61dmin',
	'adm%69n',
	'.',
	'..',
	'%2e',
	'%2E.',
	'',
	'x',
	'..;',
	'%2f',
	'%5c',
	'a%2fb',
	';',
	'%252e',
);

/** As a file system would: slashes merged and dots resolved. */
function resolved(path: string): string {
	const parts: string[] = [];
	for (const part of path.split('/')) {
		if (part === '..') parts.pop();
		else if (part !== '' && part !== '.') parts.push(part);
	}
	return `/${parts.join('/')}`;
}

test('whatever is tried, what a careless reader would take for /admin is guarded, refused or redirected', async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(tricky, { minLength: 1, maxLength: 6 }), async (segments) => {
			const target = `/${segments.join('/')}`;
			const got = await outcome(guarded, target);
			if (!got.startsWith('open')) return;
			const careless = resolved(decodeURIComponent(target).replaceAll('\\', '/'));
			assert.ok(!/^\/admin(?:\/|$)/.test(careless), `${target} came to the open route`);
		}),
		{ numRuns: 2_000 },
	);
});

test('any text comes back from a parameter as it was encoded', async () => {
	const app = routes(
		{ '/p/:x': (_, context) => respond(200, null, params(context)['x'] ?? '') },
		{ encodedSlashes: 'pass' },
	);
	// oxlint-disable-next-line no-control-regex -- control characters are refused
	const sound = fc
		.string({ unit: 'grapheme', minLength: 1 })
		.filter((s) => s.isWellFormed() && !/[\x00-\x1f\x7f]|(?:^|[/\\])\.\.?(?:[/\\;]|$)/.test(s));
	await fc.assert(
		fc.asyncProperty(sound, async (text) => {
			assert.equal(await outcome(app, `/p/${encodeURIComponent(text)}`), text);
		}),
	);
});
