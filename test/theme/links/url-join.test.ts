import assert from 'node:assert/strict';
import { test } from 'node:test';
import { urlJoin } from '../../../src/theme/links/index.ts';

/** Base, reference, what Python's urljoin makes of them. */
const CASES: readonly (readonly [string, string, string])[] = [
	['/abs/', 'foo.css', '/abs/foo.css'],
	['/abs/', './foo.css', '/abs/foo.css'],
	['/abs/', '../foo.css', '/foo.css'],
	['/abs/', '/foo.css', '/foo.css'],
	['/abs/', '/x/../y', '/y'],
	['/abs/', 'http://site.com/foo.css', 'http://site.com/foo.css'],
	['/abs/', '//host/x', '//host/x'],
	['/abs/', 'data:image/png;base64,AA//', 'data:image/png;base64,AA//'],
	['/abs/', 'mailto:a@b', 'mailto:a@b'],
	['/abs/', 'javascript:void(0)', 'javascript:void(0)'],
	['/abs/', '', '/abs/'],
	['/abs/', '?x', '/abs/?x'],
	['/abs/', '#a', '/abs/#a'],
	['/abs/', '..', '/'],
	['/abs/', './', '/abs/'],
	['/abs/', 'a/./b/../c', '/abs/a/c'],
	['/abs/', 'a//b', '/abs/a/b'],
	['/abs/', '/a//b/', '/a//b/'],
	['/abs/', ';p', '/abs/;p'],
	['/abs/', 'a?b=c/../d#e/..', '/abs/a?b=c/../d#e/..'],
	['/abs/x', 'y', '/abs/y'],
	['http://h/abs/', '../../foo', 'http://h/foo'],
	['http://h/abs/', '/x', 'http://h/x'],
	['http://h/abs/', '//g/x', 'http://g/x'],
	['http://h/abs/', 'http:foo', 'http://h/abs/foo'],
	['http://h', 'foo', 'http://h/foo'],
	['http://h/a?b', '#c', 'http://h/a?b#c'],
	['abs/', 'foo', 'abs/foo'],
	['abs/', '..', '/'],
	['++theme++x/', 'css/a.css', '++theme++x/css/a.css'],
	['', 'a', 'a'],
];

for (const [base, url, expected] of CASES) {
	test(`${url} on ${base} is ${expected}`, () => assert.equal(urlJoin(base, url), expected));
}

test('dots beyond a base that is a path leave the path absolute', () => {
	assert.equal(urlJoin('/abs/', '../../../foo'), '/foo');
});
