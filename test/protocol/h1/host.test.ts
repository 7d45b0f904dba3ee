import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageOf, violationOf } from './recorder.ts';

const requestWith = (lines: readonly string[], version = '1.1', target = '/'): string =>
	`GET ${target} HTTP/${version}\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`;

for (const host of [
	'h',
	'h:80',
	'h:',
	'h.example.',
	'under_score',
	'127.0.0.1:65535',
	'[::1]',
	'[::]:80',
	'[1:2:3:4:5:6:7:8]',
	'[1::8]',
	'[2001:DB8::1.2.3.4]',
	'[::255.99.100.0]',
	'[1:2:3:4:5:6:1.2.3.4]',
	'%41b',
	"a!$&'()*+;=~-",
]) {
	test(`Host: ${host} is accepted`, () => {
		assert.equal(messageOf('server', requestWith([`Host: ${host}`])).head.authority, host);
	});
}

for (const host of [
	'',
	':80',
	'a,b',
	'a, b',
	'a b',
	'a@b',
	'a/b',
	'a?b',
	'a\\b',
	'a:b',
	'a:1:2',
	'a:65536',
	'a:-1',
	'a:8 0',
	'%4',
	'%zz',
	'\xe9',
	'[',
	'[]',
	'[::1',
	'[::1]80',
	'[::1]a:80',
	'[1:2]',
	'[1:2:3:4:5:6:7:8:9]',
	'[1::2::3]',
	'[:::]',
	'[1:2:3:4:5:6:7:8::]',
	'[:1:2:3:4:5:6:7]',
	'[1:2:3:4:5:6:7:]',
	'[12345::]',
	'[g::]',
	'[::1%25eth0]',
	'[v1.x]',
	'[::1.2.3]',
	'[::1.2.3.256]',
	'[::1.2.3.4.5]',
	'[::1.2.3:4]',
	'[::1.2.3.4:]',
	'[::1.2.3.]',
	'[::1.2.3.0004]',
	'[1:2:3:4:5:6:7:1.2.3.4]',
	'http://h',
]) {
	test(`Host: ${JSON.stringify(host)} is refused`, () => {
		assert.equal(violationOf('server', requestWith([`Host: ${host}`])), 'HOST');
	});
}

test('a 1.1 request without Host is refused, whatever form its target has', () => {
	assert.equal(violationOf('server', requestWith([])), 'HOST');
	assert.equal(violationOf('server', requestWith([], '1.1', 'http://h/')), 'HOST');
	assert.equal(violationOf('server', requestWith(['X-Host: h'])), 'HOST');
});

test('two Host lines are refused even when they are equal, in 1.0, too', () => {
	assert.equal(violationOf('server', requestWith(['Host: h', 'Host: h'])), 'HOST');
	assert.equal(violationOf('server', requestWith(['Host: h', 'X: y', 'hOST: h'])), 'HOST');
	assert.equal(violationOf('server', requestWith(['Host: h', 'Host: i'], '1.0')), 'HOST');
});

test('a 1.0 request may come without Host, but not with a malformed one', () => {
	assert.equal(messageOf('server', requestWith([], '1.0')).head.authority, '');
	assert.equal(messageOf('server', requestWith(['Host: h'], '1.0')).head.authority, 'h');
	assert.equal(violationOf('server', requestWith(['Host: a/b'], '1.0')), 'HOST');
});

test('the authority of an absolute-form target comes before Host', () => {
	const { head } = messageOf('server', requestWith(['Host: other'], '1.1', 'http://h:1/p'));
	assert.equal(head.authority, 'h:1');
	assert.deepEqual(head.fields, ['Host', 'other']);
});

test('white space around Host is no part of it', () => {
	assert.equal(messageOf('server', requestWith(['Host:\t h \t'])).head.authority, 'h');
});
