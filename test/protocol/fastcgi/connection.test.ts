/** Responses in records: what is understood of them never depends on how the bytes, or the records, were cut. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { violations } from '../../../src/protocol/fastcgi/index.ts';
import { cuts, end, type Reading, type Recorded, read, record, stderr, stdout } from './recorder.ts';

const HEAD = 'Status: 201 Made here\r\nContent-Type: text/plain\r\nX-A: b \r\n\r\n';

test('a response is read the same at every split point', () => {
	const text =
		stderr('a warning\n', 6) +
		stdout(HEAD.slice(0, 9), 7) +
		stdout(`${HEAD.slice(9)}one `, 3) +
		stderr('more') +
		stdout('two', 5) +
		stdout('') +
		stderr('') +
		end(0, 8);
	for (const pieces of cuts(text)) {
		assert.deepEqual(read(pieces), {
			head: {
				status: 201,
				reason: 'Made here',
				raw: ['Content-Type', 'text/plain', 'X-A', 'b'],
				length: -1,
				redirect: null,
			},
			body: 'one two',
			stderr: 'a warning\nmore',
			complete: 'whole',
			violation: null,
			reusable: true,
		});
	}
});

test('any body in any records, padded or not, comes out as it went in', () => {
	const piece = fc.record({
		text: fc.string({
			unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
			minLength: 1,
			maxLength: 300,
		}),
		padding: fc.nat(255),
		log: fc.boolean(),
	});
	fc.assert(
		fc.property(fc.array(piece), fc.array(fc.nat(2_000), { maxLength: 12 }), (records, places) => {
			const bytes =
				stdout('A: b\n\n') +
				records.map(({ text, padding, log }) => (log ? stderr(text, padding) : stdout(text, padding))).join('') +
				end();
			const pieces: string[] = [];
			let from = 0;
			for (const place of [...places.sort((a, b) => a - b), bytes.length]) {
				pieces.push(bytes.slice(from, place));
				from = Math.max(from, place);
			}
			const recorded = read(pieces);
			assert.equal(recorded.violation, null);
			assert.equal(recorded.complete, 'whole');
			assert.equal(recorded.body, records.map(({ text, log }) => (log ? '' : text)).join(''));
			assert.equal(recorded.stderr, records.map(({ text, log }) => (log ? text : '')).join(''));
		}),
	);
});

test('any bytes at all: never an exception, and the same verdict in one piece as byte by byte', () => {
	const noise = fc.oneof(
		fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)), maxLength: 80 }),
		fc.constantFrom(stdout(HEAD), stdout('x'), end(), stderr('e'), stdout(''), record(6, '', 9)),
	);
	fc.assert(
		fc.property(fc.array(noise, { maxLength: 6 }), (parts) => {
			const bytes = parts.join('');
			assert.deepEqual(read(bytes.split('')), read([bytes]));
		}),
	);
});

const cases: [what: string, bytes: string, expected: Partial<Recorded>, reading?: Reading][] = [
	['another version', record(6, 'x', 0, 1, 2), { violation: 'RECORD_VERSION' }],
	['a type that applications do not send', record(4, 'x'), { violation: 'RECORD_TYPE' }],
	['output that belongs to no request', record(6, 'x', 0, 0), { violation: 'RECORD_TYPE' }],
	['a type of requests that nobody knows', record(77, 'x'), { violation: 'RECORD_TYPE' }],
	['another request', record(6, 'x', 0, 2), { violation: 'RECORD_ID' }],
	['a request with a high number', record(6, 'x', 0, 257), { violation: 'RECORD_ID' }],
	['bytes that nobody asked for', stdout('x'), { violation: 'UNEXPECTED_BYTES' }, { asked: false }],
	['a second response', stdout('\n') + end() + stdout('\n'), { complete: 'whole', violation: 'UNEXPECTED_BYTES' }],
	['output behind its end', stdout('\n\n') + stdout('') + stdout('x'), { violation: 'RECORD_ORDER' }],
	['an end that is too short', stdout('\n') + record(3, '\0\0\0'), { violation: 'RECORD_LENGTH' }],
	['no head', end(), { violation: 'NO_HEAD', complete: null }],
	['half a head', stdout('A: b\r\n') + end(), { violation: 'NO_HEAD', head: null }],
	['CANT_MPX_CONN', end(1), { violation: 'CANT_MPX_CONN' }],
	['OVERLOADED', end(2), { violation: 'OVERLOADED' }],
	['UNKNOWN_ROLE', end(3), { violation: 'UNKNOWN_ROLE' }],
	['an end of the connection', stdout('\nhalf'), { violation: 'CUT_SHORT', body: 'half' }, { ended: true }],
	['an end of the connection in a record', stdout('\nhalf').slice(0, -1), { violation: 'CUT_SHORT' }, { ended: true }],
	['less than Content-Length', stdout('Content-Length: 5\n\nfour') + end(), { violation: 'CUT_SHORT', complete: null }],
	[
		'more than Content-Length',
		stdout('Content-Length: 3\n\nfo') + stdout('ur') + end(),
		{ body: 'fou', complete: 'excess' },
	],
	['HEAD', stdout('Content-Length: 9\n\nunwanted') + end(), { body: '', complete: 'whole' }, { method: 'HEAD' }],
	['304', stdout('Status: 304\nContent-Length: 9\n\n') + end(), { body: '', complete: 'whole' }],
	['204 with a body', stdout('Status: 204\n\nx') + end(), { body: '', complete: 'whole' }],
	[
		'too much for HEAD',
		stdout('\nunwanted'),
		{ violation: 'BODY_UNWANTED' },
		{ method: 'HEAD', limits: { unwantedBytes: 7 } },
	],
	[
		'a body over the limit',
		stdout('\n12') + stdout('3'),
		{ violation: 'BODY_TOO_LARGE', body: '12' },
		{ limits: { bodyBytes: 2 } },
	],
	[
		'a declared body over the limit',
		stdout('Content-Length: 3\n\n'),
		{ violation: 'BODY_TOO_LARGE', head: null },
		{ limits: { bodyBytes: 2 } },
	],
	['a head over the limit', stdout('A: 1234\n'), { violation: 'FIELDS_TOO_LARGE' }, { limits: { headBytes: 8 } }],
	['a head at the limit', stdout('A: 123\n\n') + end(), { complete: 'whole' }, { limits: { headBytes: 8 } }],
	[
		'management of any type, known or not, before and within a response',
		record(10, '\x0f\x01FCGI_MPXS_CONNS0', 3, 0) +
			stdout('\no') +
			record(77, 'x'.repeat(2_000), 0, 0) +
			stdout('ne') +
			end(),
		{ violation: null, body: 'one', complete: 'whole' },
	],
	['management that nobody asked for', record(11, '\x4d\0\0\0\0\0\0\0', 0, 0), { violation: null }, { asked: false }],
];

for (const [what, bytes, expected, reading] of cases) {
	test(`${what}: the same at every split point`, () => {
		for (const pieces of cuts(bytes)) {
			const recorded = read(pieces, reading);
			assert.deepEqual(
				Object.fromEntries(Object.keys(expected).map((name) => [name, recorded[name as keyof Recorded]])),
				expected,
			);
		}
	});
}

test('after a violation nothing is read, and the connection is not used again', () => {
	const recorded = read([stdout('bad name: x\n\n'), stdout('x'), end()]);
	assert.deepEqual([recorded.violation, recorded.complete, recorded.reusable], ['FIELD_NAME', null, false]);
});

test('every rule that is broken here has a sentence', () => {
	for (const [, , { violation }] of cases)
		if (violation) assert.match(violations[violation as 'STATUS'].message, /\.$/);
});
