import assert from 'node:assert/strict';
import { test } from 'node:test';
import { H1Connection, type H1Events, h1Limits, type RequestHead } from '../../../src/protocol/h1/index.ts';
import { messageOf, record, requestOf, responseOf, violationOf } from './recorder.ts';

const refused: readonly (readonly [what: string, line: string, code: string])[] = [
	['a space before the colon', 'X : y', 'FIELD_NAME'],
	['a tab before the colon', 'X\t: y', 'FIELD_NAME'],
	['no name', ': y', 'FIELD_NAME'],
	['no colon', 'X', 'FIELD_NAME'],
	['a name that is no token', 'X(Y): z', 'FIELD_NAME'],
	['a control in the name', 'X\x01Y: z', 'FIELD_NAME'],
	['NUL in the name', 'X\x00: z', 'FIELD_NAME'],
	['a byte beyond ASCII in the name', 'X\xe9: z', 'FIELD_NAME'],
	['a bare LF in the name', 'X\n: z', 'FIELD_NAME'],
	['a bare CR in the name', 'X\r: z', 'FIELD_NAME'],
	['a fold', 'X: y\r\n z', 'FOLDED_FIELD'],
	['a fold with a tab', 'X: y\r\n\tz', 'FOLDED_FIELD'],
	['an empty fold', 'X: y\r\n ', 'FOLDED_FIELD'],
	['NUL in the value', 'X: y\x00z', 'FIELD_VALUE'],
	['a control in the value', 'X: y\x01z', 'FIELD_VALUE'],
	['a vertical tab in the value', 'X: y\x0bz', 'FIELD_VALUE'],
	['DEL in the value', 'X: y\x7fz', 'FIELD_VALUE'],
	['a bare CR in the value', 'X: y\rz', 'LINE_ENDING'],
	['CR CR LF', 'X: y\r', 'LINE_ENDING'],
	['a bare LF behind the value', 'X: y\nZ: a', 'LINE_ENDING'],
	['a bare LF as the first byte of a line', 'X: y\r\n\nZ: a', 'LINE_ENDING'],
	['a bare CR as the first byte of a line', 'X: y\r\n\rZ: a', 'LINE_ENDING'],
];

for (const [what, line, code] of refused) {
	test(`a field line with ${what} is refused in requests, responses and trailers: ${code}`, () => {
		const chunked = ['Transfer-Encoding: chunked'];
		assert.equal(violationOf('server', requestOf([line])), code, 'request');
		assert.equal(violationOf('client', responseOf(['A: b', line])), code, 'response');
		assert.equal(violationOf('server', requestOf(chunked, 'POST / HTTP/1.1', `0\r\nA: b\r\n${line}\r\n\r\n`)), code);
		assert.equal(violationOf('client', responseOf(chunked, undefined, `0\r\nA: b\r\n${line}\r\n\r\n`)), code);
	});
}

test('white space before the first field line is refused', () => {
	assert.equal(violationOf('server', 'GET / HTTP/1.1\r\n Host: h\r\n\r\n'), 'FIELD_NAME');
	assert.equal(violationOf('server', 'GET / HTTP/1.1\r\n\r\n'.replace('\r\n\r\n', '\r\n \r\n\r\n')), 'FIELD_NAME');
	assert.equal(violationOf('client', 'HTTP/1.1 200 OK\r\n\tX: y\r\n\r\n'), 'FIELD_NAME');
});

test('a head that ends in bare LFs is refused', () => {
	assert.equal(violationOf('server', 'GET / HTTP/1.1\r\nHost: h\r\n\n'), 'LINE_ENDING');
	assert.equal(violationOf('server', 'GET / HTTP/1.1\nHost: h\n\n'), 'LINE_ENDING');
	assert.equal(violationOf('client', 'HTTP/1.1 200 OK\nX: y\n\n'), 'LINE_ENDING');
});

test('lines keep order, case, duplicates and inner white space, and lose white space around values', () => {
	const lines = ['B: 1', 'a:2', 'B:  3 4\t5 ', 'c:', 'D: \t ', '!#$%&\'*+-.^_`|~09azAZ: \xe9\xff:,;="\\'];
	const fields = ['B', '1', 'a', '2', 'B', '3 4\t5', 'c', '', 'D', '', "!#$%&'*+-.^_`|~09azAZ", '\xe9\xff:,;="\\'];
	assert.deepEqual(messageOf('server', requestOf(lines)).head.fields, ['Host', 'h', ...fields]);
	assert.deepEqual(messageOf('client', responseOf(lines), { end: true }).head.fields, fields);
});

test('a section is written out as it came, with one space behind each colon', () => {
	const head = 'GET / HTTP/1.1\r\nHost: h\r\na:2\r\nB: \r\nc:\r\nD: \t \r\nE:  3 4 \r\nf: 5\r\n\r\n';
	const written: string[] = [];
	const events: H1Events<RequestHead> = {
		head: ({ fields }) => written.push(fields.serialize(0)),
		body() {},
		complete() {},
		violation: ({ code }) => assert.fail(code),
	};
	const bytes = Buffer.from(head);
	new H1Connection<RequestHead>('server', events, h1Limits).receive(bytes, 0, bytes.length);
	assert.deepEqual(written, ['Host: h\r\na: 2\r\nB: \r\nc: \r\nD: \r\nE: 3 4\r\nf: 5\r\n']);
});

test('a response without fields is complete', () => {
	assert.deepEqual(messageOf('client', 'HTTP/1.1 204 \r\n\r\n').head.fields, []);
});

const spaces = { spaceBeforeColonInResponse: true };
const folds = { foldedFieldInResponse: true };

test('leniency spaceBeforeColonInResponse removes the space, and does nothing else', () => {
	const input = responseOf(['X : y', 'Content-Length \t: 2', 'Z:a'], undefined, 'ok');
	const { head, body } = messageOf('client', input, { leniencies: spaces });
	assert.deepEqual(head.fields, ['X', 'y', 'Content-Length', '2', 'Z', 'a']);
	assert.deepEqual([head.framing, body], [2, 'ok']);
	for (const line of ['X y: z', ' X: y', 'X ', ' : y']) {
		assert.equal(violationOf('client', responseOf([line]), { leniencies: spaces }), 'FIELD_NAME', line);
	}
	assert.equal(violationOf('client', responseOf(['X: y', ' z']), { leniencies: spaces }), 'FOLDED_FIELD');
});

test('leniency foldedFieldInResponse joins lines with spaces, and does nothing else', () => {
	const input = responseOf(['X: a\r\n b\r\n\tc', 'Y:\r\n d', 'Z: e\r\n ', 'Content-Length:\r\n 2'], undefined, 'ok');
	const { head, body } = messageOf('client', input, { leniencies: folds });
	assert.deepEqual(head.fields, ['X', 'a   b  \tc', 'Y', 'd', 'Z', 'e', 'Content-Length', '2']);
	assert.deepEqual([head.framing, body], [2, 'ok']);
	assert.equal(violationOf('client', responseOf(['X : y']), { leniencies: folds }), 'FIELD_NAME');
	assert.equal(violationOf('client', responseOf(['X: y\n z']), { leniencies: folds }), 'LINE_ENDING');
	assert.equal(violationOf('client', responseOf(['X: y\r\n \x00']), { leniencies: folds }), 'FIELD_VALUE');
	assert.equal(violationOf('client', responseOf([' X: y']), { leniencies: folds }), 'FIELD_NAME');
});

test('leniencies hold for the trailers of a response, too', () => {
	const input = responseOf(['Transfer-Encoding: chunked'], undefined, '0\r\nX : a\r\n b\r\n\r\n');
	const { trailers } = messageOf('client', input, { leniencies: { ...spaces, ...folds } });
	assert.deepEqual(trailers, ['X', 'a   b']);
});

test('leniencies never hold for requests', () => {
	const leniencies = { ...spaces, ...folds };
	assert.equal(violationOf('server', requestOf(['X : y']), { leniencies }), 'FIELD_NAME');
	assert.equal(violationOf('server', requestOf(['X: y\r\n z']), { leniencies }), 'FOLDED_FIELD');
	const chunked = requestOf(['Transfer-Encoding: chunked'], 'POST / HTTP/1.1', '0\r\nX : y\r\n\r\n');
	assert.equal(violationOf('server', chunked, { leniencies }), 'FIELD_NAME');
});

test('a refused head says nothing of the messages behind it', () => {
	const { messages, incoming, persistent } = record('server', `${requestOf(['X : y'])}${requestOf()}`);
	assert.deepEqual([messages.length, incoming, persistent], [1, 'FAILED', false]);
});

test('every byte gets the same verdict wherever in a value it stands', () => {
	for (let byte = 0; byte < 256; byte++) {
		if (byte === 0x0d || byte === 0x0a) continue;
		const sound = byte === 0x09 || (byte >= 0x20 && byte !== 0x7f);
		for (let at = 1; at < 9; at++) {
			const value = `${'a'.repeat(at)}${String.fromCharCode(byte)}${'z'.repeat(9 - at)}`;
			const bytes = Buffer.from(requestOf([`X: ${value}`]), 'latin1');
			let read: string | null = null;
			let code = '';
			const events: H1Events<RequestHead> = {
				head: (head) => {
					read = head.fields.get('x');
				},
				body() {},
				complete() {},
				violation: (violation) => {
					code = violation.code;
				},
			};
			new H1Connection<RequestHead>('server', events, h1Limits).receive(bytes, 0, bytes.length);
			assert.deepEqual([read, code], sound ? [value, ''] : [null, 'FIELD_VALUE'], `byte ${byte} at ${at}`);
		}
	}
});
