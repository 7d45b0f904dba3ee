import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageOf, record, requestOf, responseOf, violationOf } from './recorder.ts';

const chunked = (body: string): string => requestOf(['Transfer-Encoding: chunked'], 'POST / HTTP/1.1', body);
const END = '0\r\n\r\n';

test('chunks are joined, whatever the case of their sizes and the zeros before them', () => {
	const body = `3\r\nabc\r\nA\r\n0123456789\r\n00b\r\n0123456789a\r\n${END}`;
	assert.equal(messageOf('server', chunked(body)).body, 'abc01234567890123456789a');
	assert.equal(messageOf('server', chunked(END)).body, '');
	assert.equal(messageOf('server', chunked('0000000000000000\r\n\r\n')).body, '');
});

test('data that look like framing are data', () => {
	assert.equal(messageOf('server', chunked(`7\r\n\r\n0\r\n\r\n\r\n${END}`)).body, '\r\n0\r\n\r\n');
});

test('what follows the last chunk is the next message', () => {
	const { messages } = record('server', `${chunked(END)}${requestOf([], 'GET /next HTTP/1.1')}`);
	assert.deepEqual(
		messages.map(({ heads, complete }) => [heads[0]?.target, complete]),
		[
			['/', true],
			['/next', true],
		],
	);
});

const refused: readonly (readonly [what: string, body: string, code: string])[] = [
	['no size', '\r\n', 'CHUNK_SIZE'],
	['a size that is no number', 'x\r\n', 'CHUNK_SIZE'],
	['a size with a sign', '+3\r\nabc\r\n', 'CHUNK_SIZE'],
	['a negative size', '-3\r\nabc\r\n', 'CHUNK_SIZE'],
	['a size with 0x', '0x3\r\nabc\r\n', 'CHUNK_SIZE'],
	['a size with an underscore', '1_0\r\n', 'CHUNK_SIZE'],
	['a space before the size', ' 3\r\nabc\r\n', 'CHUNK_SIZE'],
	['a space behind the size', '3 \r\nabc\r\n', 'CHUNK_SIZE'],
	['a tab behind the size', '3\t\r\nabc\r\n', 'CHUNK_SIZE'],
	['NUL behind the size', '3\x00\r\nabc\r\n', 'CHUNK_SIZE'],
	['a space before an extension', '3 ;a\r\nabc\r\n', 'CHUNK_SIZE'],
	['a size beyond what can be counted', '20000000000000\r\n', 'CHUNK_SIZE'],
	['a size that would overflow 64 bits', 'ffffffffffffffff\r\n', 'CHUNK_SIZE'],
	['a size that would overflow to a small one', '10000000000000003\r\nabc\r\n', 'CHUNK_SIZE'],
	['a size of more than 16 digits', '00000000000000003\r\nabc\r\n', 'CHUNK_SIZE'],
	['a bare LF behind the size', '3\nabc\r\n', 'LINE_ENDING'],
	['a bare CR behind the size', '3\rabc\r\n', 'LINE_ENDING'],
	['CR CR LF behind the size', '3\r\r\nabc\r\n', 'LINE_ENDING'],
	['more data than the size', '3\r\nabcd\r\n', 'CHUNK_ENDING'],
	['a bare LF behind the data', `3\r\nabc\n${END}`, 'CHUNK_ENDING'],
	['a bare CR behind the data', `3\r\nabc\r${END}`, 'CHUNK_ENDING'],
	['nothing behind the data', `3\r\nabc${END}`, 'CHUNK_ENDING'],
	['LF CR behind the data', `3\r\nabc\n\r${END}`, 'CHUNK_ENDING'],
	['a bare LF behind the last size', '0\n\r\n', 'LINE_ENDING'],
	['a bare LF at the end', '0\r\n\n', 'LINE_ENDING'],
	['an empty extension', '3;\r\nabc\r\n', 'CHUNK_EXTENSION'],
	['an extension that is no token', '3;(\r\nabc\r\n', 'CHUNK_EXTENSION'],
	['an extension with white space', '3; a\r\nabc\r\n', 'CHUNK_EXTENSION'],
	['an extension without a value', '3;a=\r\nabc\r\n', 'CHUNK_EXTENSION'],
	['an extension with an open quote', '3;a="b\r\nabc\r\n', 'CHUNK_EXTENSION'],
	['an extension with text behind its quote', '3;a="b"c\r\nabc\r\n', 'CHUNK_EXTENSION'],
	['an extension with a control', '3;a\x01\r\nabc\r\n', 'CHUNK_EXTENSION'],
	['a bare CR in an extension', '3;a\rb\r\nabc\r\n', 'LINE_ENDING'],
	['a bare LF in an extension', '3;a\nb\r\nabc\r\n', 'LINE_ENDING'],
	['a bare LF in a quoted extension', '3;a="\n"\r\nabc\r\n', 'LINE_ENDING'],
	['a line ending in a quoted extension', '3;a="\r\n"\r\nabc\r\n', 'CHUNK_EXTENSION'],
];

for (const [what, body, code] of refused) {
	test(`a chunk with ${what} is refused both ways: ${code}`, () => {
		assert.equal(violationOf('server', chunked(body)), code);
		assert.equal(violationOf('client', responseOf(['Transfer-Encoding: chunked'], undefined, body)), code);
	});
}

test('extensions are checked and dropped', () => {
	const body = '3;a;b=c;d="e\\";f \xe9"\r\nabc\r\n0;last\r\n\r\n';
	assert.equal(messageOf('server', chunked(body)).body, 'abc');
});

test('trailers are handed on apart from the fields', () => {
	const { head, trailers } = messageOf('server', chunked('0\r\nX-Sum: 1\r\nx-sum:2\r\n\r\n'));
	assert.deepEqual(trailers, ['X-Sum', '1', 'x-sum', '2']);
	assert.ok(!head.fields.includes('X-Sum'));
	assert.equal(messageOf('server', chunked(END)).trailers, null);
});

test('trailers that touch framing, routing or authentication are dropped both ways', () => {
	const lines = [
		'Content-Length: 5',
		'Transfer-Encoding: chunked',
		'Host: evil',
		'Authorization: x',
		'Connection: close',
	];
	const body = (extra: string): string => `0\r\n${[...lines, ...lines].join('\r\n')}\r\n${extra}\r\n`;
	assert.deepEqual(messageOf('server', chunked(body('X: y\r\n'))).trailers, ['X', 'y']);
	assert.equal(messageOf('server', chunked(body(''))).trailers, null);
	const response = responseOf(['Transfer-Encoding: chunked'], undefined, body('X: y\r\n'));
	assert.deepEqual(messageOf('client', response).trailers, ['X', 'y']);
});
