/**
 * The smuggling duties of RFC 9112, by section: each is a stream in which somebody less strict would see a second
 * request. We must see at most the first, refuse it, or read both exactly as framed. Rules one by one have their own
 * tests; these are the attacks.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { record, requestOf, responseOf } from './recorder.ts';

const HIDDEN = 'GET /hidden HTTP/1.1\r\nHost: h\r\n\r\n';
const POST = 'POST / HTTP/1.1';

/** Requests whose hidden part must never become a request, with the rule that stops them. */
const attacks: readonly (readonly [section: string, what: string, input: string, code: string])[] = [
	['2.2', 'a bare LF as line ending', `${POST}\r\nHost: h\r\nX: y\nContent-Length: 35\r\n\r\n${HIDDEN}`, 'LINE_ENDING'],
	['2.2', 'a bare CR in a value', `${POST}\r\nHost: h\r\nX: y\rContent-Length: 35\r\n\r\n${HIDDEN}`, 'LINE_ENDING'],
	[
		'2.2',
		'white space before the first field',
		`${POST}\r\n Content-Length: 35\r\nHost: h\r\n\r\n${HIDDEN}`,
		'FIELD_NAME',
	],
	['2.2', 'junk before a request', `junk\r\n\r\n${HIDDEN}`, 'REQUEST_LINE'],
	['3', 'a line ending in the target', `GET /a\r\nX: HTTP/1.1\r\nHost: h\r\n\r\n${HIDDEN}`, 'REQUEST_LINE'],
	['3.2', 'no Host', `GET / HTTP/1.1\r\n\r\n${HIDDEN}`, 'HOST'],
	['3.2', 'two Hosts', `GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n${HIDDEN}`, 'HOST'],
	['5.1', 'a space before the colon', requestOf(['Content-Length : 35'], POST, HIDDEN), 'FIELD_NAME'],
	[
		'5.1',
		'a space before the colon of the coding',
		requestOf(['Transfer-Encoding : chunked'], POST, HIDDEN),
		'FIELD_NAME',
	],
	['5.2', 'a folded coding', requestOf(['Transfer-Encoding:\r\n chunked'], POST, HIDDEN), 'FOLDED_FIELD'],
	['5.5', 'NUL in a value', requestOf(['Transfer-Encoding: chunked\x00'], POST, HIDDEN), 'FIELD_VALUE'],
	['5.5', 'a vertical tab in a value', requestOf(['Transfer-Encoding:\x0bchunked'], POST, HIDDEN), 'FIELD_VALUE'],
	[
		'6.1',
		'Content-Length and Transfer-Encoding',
		requestOf(['Content-Length: 5', 'Transfer-Encoding: chunked'], POST, `0\r\n\r\n${HIDDEN}`),
		'BOTH_FRAMINGS',
	],
	['6.1', 'chunked that is not last', requestOf(['Transfer-Encoding: chunked, x'], POST, HIDDEN), 'TRANSFER_ENCODING'],
	[
		'6.1',
		'chunked twice',
		requestOf(['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'], POST, HIDDEN),
		'TRANSFER_ENCODING',
	],
	[
		'6.1',
		'a coding that looks like chunked',
		requestOf(['Transfer-Encoding: xchunked'], POST, HIDDEN),
		'TRANSFER_ENCODING',
	],
	['6.1', 'a coding in 1.0', requestOf(['Transfer-Encoding: chunked'], 'POST / HTTP/1.0', HIDDEN), 'TRANSFER_ENCODING'],
	['6.2', 'two lengths', requestOf(['Content-Length: 0', 'Content-Length: 35'], POST, HIDDEN), 'CONTENT_LENGTH'],
	['6.2', 'a list of lengths', requestOf(['Content-Length: 0, 35'], POST, HIDDEN), 'CONTENT_LENGTH'],
	['6.2', 'a signed length', requestOf(['Content-Length: +35'], POST, HIDDEN), 'CONTENT_LENGTH'],
	[
		'6.2',
		'a length that overflows',
		requestOf(['Content-Length: 18446744073709551651'], POST, HIDDEN),
		'CONTENT_LENGTH',
	],
	['7.1', 'a chunk size that overflows', chunked(`10000000000000000\r\n\r\n0\r\n\r\n${HIDDEN}`), 'CHUNK_SIZE'],
	['7.1', 'a chunk size in 0x', chunked(`0x0\r\n\r\n${HIDDEN}`), 'CHUNK_SIZE'],
	['7.1', 'a chunk ended by other bytes', chunked(`1\r\nxyz0\r\n\r\n${HIDDEN}`), 'CHUNK_ENDING'],
	['7.1', 'a chunk ended by LF', chunked(`1\r\nx\n0\r\n\r\n${HIDDEN}`), 'CHUNK_ENDING'],
	['7.1', 'a last chunk ended by LF', chunked(`0\n\n${HIDDEN}`), 'LINE_ENDING'],
	['7.1.1', 'a bare LF in an extension', chunked(`0;\n${HIDDEN}`), 'LINE_ENDING'],
	['7.1.1', 'a bare CR in an extension', chunked(`0;a\rb\r\n\r\n${HIDDEN}`), 'LINE_ENDING'],
	['7.1.2', 'a bare LF in trailers', chunked(`0\r\nX: y\n\r\n${HIDDEN}`), 'LINE_ENDING'],
];

function chunked(body: string): string {
	return requestOf(['Transfer-Encoding: chunked'], POST, body);
}

for (const [section, what, input, code] of attacks) {
	test(`RFC 9112 ${section}: ${what} is refused, and nothing behind it is read`, () => {
		const { messages, incoming, persistent } = record('server', input);
		assert.equal(messages.length, 1);
		assert.equal(messages[0]?.violation, code);
		assert.ok(!messages[0]?.heads.some(({ target }) => target === '/hidden'));
		assert.deepEqual([incoming, persistent], ['FAILED', false]);
	});
}

test('a request in the body of another is a body', () => {
	for (const input of [
		requestOf([`Content-Length: ${HIDDEN.length}`], POST, HIDDEN),
		chunked(`${HIDDEN.length.toString(16)}\r\n${HIDDEN}\r\n0\r\n\r\n`),
		requestOf([`Content-Length: ${HIDDEN.length}`], 'GET / HTTP/1.1', HIDDEN),
	]) {
		const { messages } = record('server', input);
		assert.deepEqual([messages.length, messages[0]?.body, messages[0]?.violation], [1, HIDDEN, null]);
	}
});

test('RFC 9112 9.6: bytes behind a request that closes are not read', () => {
	const { messages } = record('server', `${requestOf(['Connection: close'])}${HIDDEN}`);
	assert.equal(messages.length, 1);
});

test('RFC 9112 6.3: a response that could be split in two ways is refused', () => {
	const hidden = responseOf(['Content-Length: 0'], 'HTTP/1.1 200 Hidden');
	for (const lines of [
		['Content-Length: 5', 'Transfer-Encoding: chunked'],
		['Content-Length: 0', 'Content-Length: 42'],
		['Transfer-Encoding: chunked, identity'],
		['Content-Length : 0'],
		['Transfer-Encoding:\r\n chunked'],
	]) {
		const { messages } = record('client', responseOf(lines, undefined, hidden), { methods: ['GET', 'GET'] });
		assert.deepEqual(
			[messages.length, messages[0]?.violation === null, messages[0]?.heads],
			[1, false, []],
			lines.join(),
		);
	}
});
