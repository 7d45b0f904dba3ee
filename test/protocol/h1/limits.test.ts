import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { H1Limits } from '../../../src/protocol/h1/index.ts';
import { messageOf, recordPieces, requestOf, responseOf, violationOf } from './recorder.ts';

const POST = 'POST / HTTP/1.1';
const chunked = (body: string): string => requestOf(['Transfer-Encoding: chunked'], POST, body);
const head = requestOf(['X: y']);

/** Each limit at its edge: what just fits, and what is one too many. */
const edges: readonly (readonly [limits: Partial<H1Limits>, fits: string, passes: string, code: string])[] = [
	[{ method: 4 }, requestOf([], 'ABCD / HTTP/1.1'), requestOf([], 'ABCDE / HTTP/1.1'), 'METHOD_TOO_LONG'],
	[{ target: 3 }, requestOf([], 'GET /ab HTTP/1.1'), requestOf([], 'GET /abc HTTP/1.1'), 'TARGET_TOO_LONG'],
	[{ fieldCount: 2 }, requestOf(['A: b']), requestOf(['A: b', 'C: d']), 'FIELDS_TOO_MANY'],
	[{ headBytes: head.length }, head, requestOf(['X: yz']), 'FIELDS_TOO_LARGE'],
	[
		{ bodyBytes: 3 },
		requestOf(['Content-Length: 3'], POST, 'abc'),
		requestOf(['Content-Length: 4'], POST),
		'BODY_TOO_LARGE',
	],
	[{ bodyBytes: 3 }, chunked('2\r\nab\r\n1\r\nc\r\n0\r\n\r\n'), chunked('2\r\nab\r\n2\r\n'), 'BODY_TOO_LARGE'],
	[{ chunkExtensionBytes: 3 }, chunked('0;ab\r\n\r\n'), chunked('0;abc\r\n\r\n'), 'CHUNK_EXTENSION'],
	[
		{ chunkExtensionTotal: 4 },
		chunked('1;a\r\nx\r\n0;b\r\n\r\n'),
		chunked('1;a\r\nx\r\n0;bc\r\n\r\n'),
		'CHUNK_EXTENSION',
	],
	[{ trailerCount: 1 }, chunked('0\r\nA: b\r\n\r\n'), chunked('0\r\nA: b\r\nC: d\r\n\r\n'), 'TRAILERS_TOO_LARGE'],
	[{ trailerBytes: 8 }, chunked('0\r\nA: b\r\n\r\n'), chunked('0\r\nA: bc\r\n\r\n'), 'TRAILERS_TOO_LARGE'],
];

for (const [limits, fits, passes, code] of edges) {
	const [name, value] = Object.entries(limits)[0] as [string, number];
	test(`limit ${name}: ${value} is enough, one more is ${code}`, () => {
		messageOf('server', fits, { limits });
		assert.equal(violationOf('server', passes, { limits }), code);
	});
}

test('a response is held to the limits, too, but not where no body follows', () => {
	const limits = { bodyBytes: 3 };
	const long = responseOf(['Content-Length: 4'], undefined, '');
	assert.equal(violationOf('client', long, { limits }), 'BODY_TOO_LARGE');
	assert.equal(messageOf('client', long, { limits, methods: ['HEAD'] }).body, '');
	assert.equal(messageOf('client', responseOf([], undefined, 'abc'), { limits, end: true }).body, 'abc');
	assert.equal(violationOf('client', responseOf([], undefined, 'abcd'), { limits, end: true }), 'BODY_TOO_LARGE');
	assert.equal(violationOf('client', responseOf(['A: b', 'C: d']), { limits: { fieldCount: 1 } }), 'FIELDS_TOO_MANY');
	assert.equal(violationOf('client', responseOf(['A: bcd']), { limits: { headBytes: 25 } }), 'FIELDS_TOO_LARGE');
});

test('a head without end is refused as soon as it passes a limit, however it comes', () => {
	const limits = { headBytes: 64, target: 40 };
	const endless: readonly (readonly [string, string])[] = [
		[`GET /${'a'.repeat(100)}`, 'TARGET_TOO_LONG'],
		[`GET / HTTP/1.1\r\nX: ${'a'.repeat(100)}`, 'FIELDS_TOO_LARGE'],
		['A'.repeat(100), 'METHOD_TOO_LONG'],
	];
	for (const [input, code] of endless) {
		assert.equal(violationOf('server', input, { limits }), code);
		const bytes = Buffer.from(input);
		const single = Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
		assert.equal(
			recordPieces('server', single, { limits }).messages[0]?.violation,
			code,
			'without waiting for the end',
		);
	}
});
