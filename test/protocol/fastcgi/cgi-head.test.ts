/** RFC 3875 section 6: what a script's head means, and what is refused in it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CgiHead, fastCgiLimits, parseCgiHead } from '../../../src/protocol/fastcgi/index.ts';
import { cuts, end, read, stdout } from './recorder.ts';

type Expected = Partial<Omit<CgiHead, 'fields'>> & { readonly raw?: string[] };

const understood: [what: string, head: string, expected: Expected][] = [
	['no field', '\n', { status: 200, reason: '', raw: [], length: -1, redirect: null }],
	['lines that end in LF', 'A: b\nC: d\n\n', { raw: ['A', 'b', 'C', 'd'] }],
	['lines that end in CRLF', 'A: b\r\nC: d\r\n\r\n', { raw: ['A', 'b', 'C', 'd'] }],
	['both', 'A: b\r\nC: d\n\r\n', { raw: ['A', 'b', 'C', 'd'] }],
	['no space behind the colon, or many', 'A:b\nC: \t d \n\n', { raw: ['A', 'b', 'C', 'd'] }],
	['an empty value', 'A:\nC: \n\n', { raw: ['A', '', 'C', ''] }],
	['several lines of one name', 'Set-Cookie: a\nSet-Cookie: b\n\n', { raw: ['Set-Cookie', 'a', 'Set-Cookie', 'b'] }],
	['a status', 'Status: 404 Not Found\n\n', { status: 404, reason: 'Not Found', raw: [] }],
	['a status without a phrase', 'STATUS:503\n\n', { status: 503, reason: '' }],
	['a status of one’s own', 'Status: 799 Hm\n\n', { status: 799, reason: 'Hm' }],
	['a local redirect', 'Location: /a?b\n\n', { status: 302, redirect: '/a?b' }],
	[
		'a client redirect',
		'Location: https://example.com/\n\n',
		{ status: 302, redirect: null, raw: ['Location', 'https://example.com/'] },
	],
	['a redirect to another host by two slashes', 'Location: //example.com/\n\n', { status: 302, redirect: null }],
	['a redirect with its status', 'Status: 303\nLocation: /a\n\n', { status: 303, redirect: null }],
	['a location with 201', 'Status: 201\nLocation: /a\n\n', { status: 201, redirect: null }],
	['a length', 'Content-Length: 12\n\n', { length: 12, raw: ['Content-Length', '12'] }],
	[
		'one length said twice',
		'Content-Length: 12\ncontent-length: 12\n\n',
		{ length: 12, raw: ['Content-Length', '12'] },
	],
	['fields of the connection', 'Connection: close\nKeep-Alive: x\nUpgrade: y\nA: b\n\n', { raw: ['A', 'b'] }],
	['bytes beyond ASCII', 'A: \xc3\xa4\n\n', { raw: ['A', '\xc3\xa4'] }],
];

for (const [what, text, expected] of understood) {
	test(`${what}: understood, at every split point`, () => {
		const head = parseCgiHead(text, fastCgiLimits);
		assert.ok(!('code' in head), JSON.stringify(head));
		const told = { ...head, raw: head.fields.raw };
		assert.deepEqual(
			Object.fromEntries(Object.keys(expected).map((name) => [name, told[name as keyof typeof told]])),
			expected,
		);
		const whole = JSON.stringify(read([stdout(text), end()], { method: 'HEAD' }));
		for (const pieces of cuts(text)) {
			const records = pieces.map((piece) => (piece === '' ? '' : stdout(piece)));
			assert.equal(JSON.stringify(read([...records, end()], { method: 'HEAD' })), whole);
		}
	});
}

const refused: [what: string, head: string, code: string][] = [
	['a bare CR in a value', 'A: b\rSet-Cookie: x\n\n', 'FIELD_VALUE'],
	['two CRs', 'A: b\r\r\n\n', 'FIELD_VALUE'],
	['NUL in a value', 'A: b\0c\n\n', 'FIELD_VALUE'],
	['DEL in a value', 'A: b\x7f\n\n', 'FIELD_VALUE'],
	['NUL in a name', 'A\0: b\n\n', 'FIELD_NAME'],
	['a space before the colon', 'A : b\n\n', 'FIELD_NAME'],
	['no colon', 'A\n\n', 'FIELD_NAME'],
	['no name', ': b\n\n', 'FIELD_NAME'],
	['a folded line', 'A: b\n c\n\n', 'FIELD_NAME'],
	['a line of spaces', 'A: b\n \n\n', 'FIELD_NAME'],
	['a status line', 'HTTP/1.1 200 OK\r\n\r\n', 'FIELD_NAME'],
	['two statuses', 'Status: 200\nStatus: 200\n\n', 'STATUS'],
	['an interim status', 'Status: 103\n\n', 'STATUS'],
	['switching protocols', 'Status: 101\n\n', 'STATUS'],
	['a status that is none', 'Status: fine\n\n', 'STATUS'],
	['an empty status', 'Status:\n\n', 'STATUS'],
	['four digits', 'Status: 2000\n\n', 'STATUS'],
	['a transfer coding', 'Transfer-Encoding: chunked\n\n', 'TRANSFER_ENCODING'],
	['two lengths', 'Content-Length: 1\nContent-Length: 2\n\n', 'CONTENT_LENGTH'],
	['a list of lengths', 'Content-Length: 1, 1\n\n', 'CONTENT_LENGTH'],
	['a signed length', 'Content-Length: +1\n\n', 'CONTENT_LENGTH'],
	['two locations', 'Location: /a\nLocation: /b\n\n', 'LOCATION'],
	['too many fields', `${'A: b\n'.repeat(fastCgiLimits.fieldCount + 1)}\n`, 'FIELDS_TOO_MANY'],
];

for (const [what, text, code] of refused) {
	test(`${what}: refused with ${code}, at every split point`, () => {
		for (const pieces of cuts(text)) {
			const records = pieces.map((piece) => (piece === '' ? '' : stdout(piece)));
			assert.equal(read(records).violation, code);
		}
	});
}
