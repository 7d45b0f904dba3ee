import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type App, key, mount, raw, respond, stack } from '../../src/convention/index.ts';
import { ask, type MemoryRequest } from '../../src/engine/memory/index.ts';

const inner: App = (request, context) => respond(200, null, `inner ${raw(request).target} ${context.mount}`);
const outer: App = (request, context) => respond(200, null, `outer ${raw(request).target} ${context.mount}`);

async function seen(prefix: string, request: MemoryRequest): Promise<string> {
	return (await ask(mount(prefix, inner)(outer), request)).text();
}

test('a request below the prefix loses it, whole segments only', async () => {
	for (const [target, text] of [
		['/cms', 'inner / /cms'],
		['/cms/', 'inner / /cms'],
		['/cms/x/y?q', 'inner /x/y?q /cms'],
		['/cms?q', 'inner /?q /cms'],
		['/cmsx', 'outer /cmsx '],
		['/cm', 'outer /cm '],
		['/', 'outer / '],
		['/CMS/x', 'outer /CMS/x '],
		['/cms%2Fx', 'outer /cms%2Fx '],
		['//cms/x', 'outer //cms/x '],
		['/cms//x', 'inner //x /cms'],
		['/cms/../x', 'inner /../x /cms'],
		['/x?y=/cms/', 'outer /x?y=/cms/ '],
	] as const) {
		assert.equal(await seen('/cms', { target }), text, target);
	}
});

test('absolute-form keeps its scheme and authority', async () => {
	for (const [target, text] of [
		['http://h:1/cms/x?q', 'inner http://h:1/x?q /cms'],
		['http://h:1/cms', 'inner http://h:1/ /cms'],
		['http://h:1', 'outer http://h:1 '],
		['http://cms/x', 'outer http://cms/x '],
		['http://h?a=/cms', 'outer http://h?a=/cms '],
	] as const) {
		assert.equal(await seen('/cms', { target, form: 'absolute' }), text, target);
	}
});

test('asterisk-form and authority-form are below no path', async () => {
	assert.equal(await seen('', { method: 'OPTIONS', target: '*' }), 'outer * ');
	assert.equal(await seen('', { method: 'CONNECT', target: 'h:1' }), 'outer h:1 ');
});

test('the empty prefix takes every path as it is', async () => {
	assert.equal(await seen('', { target: '/x?y' }), 'inner /x?y ');
});

test('prefixes of nested mounts add up, and state is shared', async () => {
	const name = key<string>('name');
	const app = stack((next) => (request, context) => {
		context.set(name, 'shared');
		return next(request, context, context);
	})(
		mount(
			'/a',
			mount('/b', (request, context) =>
				respond(200, null, `${raw(request).target} ${context.mount} ${context.get(name)}`),
			)(outer),
		)(outer),
	);
	assert.equal(await (await ask(app, '/a/b/c')).text(), '/c /a/b shared');
	assert.equal(await (await ask(app, '/a/x')).text(), 'outer /x /a');
});

test('the request and the context that were given stay as they were', async () => {
	const app: App = async (request, context) => {
		const response = await mount('/cms', (below) => {
			below.headers.set('x-edited', '1');
			return respond(200, null, below.url);
		})(outer)(request, context, context);
		assert.equal(raw(request).target, '/cms/x');
		assert.equal(request.headers.has('x-edited'), false);
		assert.equal(context.mount, '');
		return response;
	};
	assert.equal(await (await ask(app, 'http://h/cms/x')).text(), 'http://h/x');
});

test('a native request can be mounted, too', async () => {
	const response = await mount('/cms', inner)(outer)(new Request('http://h/cms/x?y'), { mount: '' } as never);
	assert.equal(await response.text(), 'inner /x?y /cms');
});

test('a prefix that no path could have is refused', () => {
	for (const prefix of ['cms', '/', '/cms/', '/c?x', '/c#x'])
		assert.throws(() => mount(prefix, inner), TypeError, prefix);
});
