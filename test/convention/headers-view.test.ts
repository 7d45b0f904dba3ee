import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { HeadersView } from '../../src/convention/index.ts';
import { FieldList } from '../../src/fields/index.ts';

/** A view and a native object, to be treated alike. */
function both(pairs: [string, string][]): [HeadersView, Headers, FieldList] {
	const fields = FieldList.of(pairs);
	return [new HeadersView(fields), new Headers(pairs), fields];
}

const name = fc.constantFrom(
	'a',
	'A',
	'b',
	'X-Long',
	'x-long',
	'Set-Cookie',
	'set-cookie',
	'z',
	'__proto__',
	'constructor',
);
const value = fc.stringMatching(/^[\t !-~\x80-\xff]{0,12}$/);
const edit = fc.oneof(
	fc.tuple(fc.constantFrom('set', 'append'), name, value),
	fc.tuple(fc.constantFrom('delete', 'get', 'has'), name),
);

test('a view answers as native Headers do after any edits', () => {
	fc.assert(
		fc.property(fc.array(fc.tuple(name, value), { maxLength: 6 }), fc.array(edit, { maxLength: 8 }), (pairs, edits) => {
			const [view, native] = both(pairs);
			for (const [operation, ...args] of edits) {
				const call = (headers: Headers): unknown =>
					(headers as never as Record<string, Function>)[operation]?.(...args);
				assert.deepEqual(call(view), call(native), operation);
			}
			assert.deepEqual([...view], [...native]);
			assert.deepEqual([...view.keys()], [...native.keys()]);
			assert.deepEqual([...view.values()], [...native.values()]);
			assert.deepEqual([...view.entries()], [...native.entries()]);
			assert.deepEqual(view.getSetCookie(), native.getSetCookie());
		}),
		{ numRuns: 300 },
	);
});

test('what native Headers refuse, a view refuses with a TypeError', () => {
	const [view, native] = both([['a', '1']]);
	const calls: ((headers: Headers) => unknown)[] = [
		(headers) => headers.get('not a name'),
		(headers) => headers.has(''),
		(headers) => headers.delete('é'),
		(headers) => headers.set('a b', '1'),
		(headers) => headers.set('a', 'x\r\ny: z'),
		(headers) => headers.append('a', 'nul\0'),
		(headers) => headers.append('a', '\u0100'),
		(headers) => headers.forEach(null as never),
	];
	for (const call of calls) {
		assert.throws(() => call(native), TypeError, String(call));
		assert.throws(() => call(view), TypeError, String(call));
	}
});

test('values are trimmed and converted to strings as fetch does', () => {
	const [view, native] = both([]);
	for (const headers of [view, native]) {
		headers.set('a', ' \r\n\tx y\t\n ');
		headers.set('n', 42 as never);
	}
	assert.deepEqual([...view], [...native]);
	assert.equal(view.get('a'), 'x y');
});

test('editing keeps order, case and duplicates of what is not touched', () => {
	const [view, , fields] = both([
		['X-Odd-CASE', '1'],
		['X-Dup', 'a'],
		['x-dup', 'b'],
		['Gone', 'x'],
	]);
	view.set('x-mw', '1');
	view.delete('GONE');
	assert.deepEqual(fields.raw, ['X-Odd-CASE', '1', 'X-Dup', 'a', 'x-dup', 'b', 'x-mw', '1']);
});

test('forEach passes value, name, the view, and the receiver', () => {
	const [view] = both([
		['b', '2'],
		['a', '1'],
	]);
	const seen: unknown[] = [];
	const receiver = {};
	view.forEach(function (this: unknown, value, name, parent) {
		seen.push([value, name, parent === (view as unknown), this === receiver]);
	}, receiver);
	assert.deepEqual(seen, [
		['1', 'a', true, true],
		['2', 'b', true, true],
	]);
});

test('a view is a Headers for instanceof, constructors and Object.prototype.toString', () => {
	const [view] = both([
		['Set-Cookie', 'a=1'],
		['Set-Cookie', 'b=2'],
		['X', '1'],
	]);
	assert.ok(view instanceof Headers);
	assert.equal(Object.prototype.toString.call(view), '[object Headers]');
	assert.deepEqual([...new Headers(view)], [...view]);
	assert.deepEqual([...new Response(null, { headers: view }).headers], [...view]);
	assert.deepEqual([...new Request('http://x/', { headers: view }).headers], [...view]);
});

test('every member of native Headers is answered by the view itself', () => {
	for (const member of Reflect.ownKeys(Headers.prototype)) {
		assert.ok(Object.hasOwn(HeadersView.prototype, member), String(member));
	}
});

test('toJSON, count and getAll answer as Bun does', () => {
	const [view] = both([
		['Set-Cookie', 'a=1'],
		['set-cookie', 'b=2'],
		['X-A', '1'],
		['x-a', '2'],
		['__proto__', 'p'],
	]);
	assert.equal(JSON.stringify(view), '{"__proto__":"p","set-cookie":["a=1","b=2"],"x-a":"1, 2"}');
	assert.equal(view.count, 4);
	assert.deepEqual(view.getAll('Set-Cookie'), ['a=1', 'b=2']);
	assert.throws(() => view.getAll('x-a'), TypeError);
});
