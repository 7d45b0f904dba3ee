import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageOf, record, violationOf } from './recorder.ts';

const refused: readonly (readonly [what: string, start: string, code: string])[] = [
	['an empty method', ' / HTTP/1.1', 'REQUEST_LINE'],
	['a method that is no token', 'GE(T / HTTP/1.1', 'METHOD'],
	['a TLS handshake', '\x16\x03\x01\x02\x00\x01', 'METHOD'],
	['a tab behind the method', 'GET\t/ HTTP/1.1', 'METHOD'],
	['a method alone', 'GET', 'REQUEST_LINE'],
	['two spaces before the target', 'GET  / HTTP/1.1', 'REQUEST_LINE'],
	['no version, as in HTTP/0.9', 'GET /', 'REQUEST_LINE'],
	['a space behind the target and no version', 'GET / ', 'REQUEST_LINE'],
	['HTTP/0.9 by name', 'GET / HTTP/0.9', 'VERSION'],
	['HTTP/2.0', 'GET / HTTP/2.0', 'VERSION'],
	['the preface of HTTP/2', 'PRI * HTTP/2.0', 'VERSION'],
	['HTTP/3', 'GET / HTTP/3.0', 'VERSION'],
	['a version in small letters', 'GET / http/1.1', 'REQUEST_LINE'],
	['a minor version of two digits', 'GET / HTTP/1.10', 'REQUEST_LINE'],
	['a minor version that is no digit', 'GET / HTTP/1.x', 'REQUEST_LINE'],
	['a comma in the version', 'GET / HTTP/1,1', 'REQUEST_LINE'],
	['a space behind the version', 'GET / HTTP/1.1 ', 'REQUEST_LINE'],
	['two spaces before the version', 'GET /  HTTP/1.1', 'REQUEST_LINE'],
	['words behind the version', 'GET / HTTP/1.1 HTTP/1.1', 'REQUEST_LINE'],
	['a space in the target', 'GET /a b HTTP/1.1', 'REQUEST_LINE'],
	['a bare CR in the target', 'GET /a\rb HTTP/1.1', 'REQUEST_LINE'],
	['a bare LF in the target', 'GET /a\nb HTTP/1.1', 'LINE_ENDING'],
	['a bare CR behind the version', 'GET / HTTP/1.1\rX', 'LINE_ENDING'],
	['a bare LF behind the version', 'GET / HTTP/1.1\nX: y', 'LINE_ENDING'],
	['a bare LF behind version 1.0', 'GET / HTTP/1.0\nX: y', 'LINE_ENDING'],
	['a bare LF behind the method', 'GET\n/ HTTP/1.1', 'LINE_ENDING'],
];

for (const [what, start, code] of refused) {
	test(`a request line with ${what} is refused: ${code}`, () => {
		assert.equal(violationOf('server', `${start}\r\nHost: h\r\n\r\n`, { end: true }), code);
	});
}

test('method, target and version are handed on as they came', () => {
	const { head } = messageOf('server', 'get /a//b/../c?x=%2f&y=%zz HTTP/1.1\r\nHost: h\r\n\r\n');
	assert.deepEqual(
		[head.method, head.target, head.form, head.version, head.authority],
		['get', '/a//b/../c?x=%2f&y=%zz', 'origin', 11, 'h'],
	);
});

test('usual and unusual methods are told apart by every letter', () => {
	for (const method of [
		'GET',
		'PUT',
		'POST',
		'HEAD',
		'PATCH',
		'TRACE',
		'DELETE',
		'GEX',
		'XET',
		'POSX',
		'M-SEARCH',
		'A',
	]) {
		assert.equal(messageOf('server', `${method} / HTTP/1.1\r\nHost: h\r\n\r\n`).head.method, method);
	}
});

test('1.0 is 1.0, and higher minor versions are read as 1.1', () => {
	assert.equal(messageOf('server', 'GET / HTTP/1.0\r\n\r\n').head.version, 10);
	assert.equal(messageOf('server', 'GET / HTTP/1.2\r\nHost: h\r\n\r\n').head.version, 11);
	assert.equal(messageOf('server', 'GET / HTTP/1.9\r\nHost: h\r\n\r\n').head.version, 11);
});

test('one empty line before a request line is skipped, before every request of a connection', () => {
	const one = 'GET /1 HTTP/1.1\r\nHost: h\r\n\r\n';
	const { messages } = record('server', `\r\n${one}\r\n${one}`);
	assert.deepEqual(
		messages.map(({ heads }) => heads[0]?.target),
		['/1', '/1'],
	);
});

test('two empty lines, or half of one, are refused', () => {
	assert.equal(violationOf('server', '\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n'), 'REQUEST_LINE');
	assert.equal(violationOf('server', '\rGET / HTTP/1.1\r\nHost: h\r\n\r\n'), 'LINE_ENDING');
	assert.equal(violationOf('server', '\nGET / HTTP/1.1\r\nHost: h\r\n\r\n'), 'LINE_ENDING');
});

test('an empty line and no request is nothing', () => {
	assert.deepEqual(record('server', '\r\n', { end: true }).messages, []);
});
