/**
 * Our verdict on llhttp's vectors agrees with its strict mode, but for the differences in the table below. What llhttp
 * accepts only when relaxed, we refuse. Requests without Host get one, since llhttp does not look for it.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type LlhttpVector, readVectors } from './llhttp-vectors.ts';
import { type Recording, record } from './recorder.ts';
import { vectorFolder } from './vectors.ts';

/** What we say where llhttp says something else, and why. */
const differences: Readonly<Record<string, readonly [verdict: string, reason: string]>> = {
	'request/connection.md: `keep-alive`: CRLF between requests, implicit `keep-alive`': [
		'REQUEST_LINE',
		'one empty line before a request is skipped (RFC 9112 2.2), not any number',
	],
	'request/invalid.md: HTTP protocol and ANNOUNCE method': ['accepted', 'any token is a method (RFC 9110 9.1)'],
	'request/invalid.md: Invalid method': ['accepted', 'any token is a method (RFC 9110 9.1)'],
	'request/method.md: CONNECT with body': [
		'CONTENT_LENGTH',
		'content of CONNECT has no meaning (RFC 9110 9.3.6) and would be read as the tunnel',
	],
	'request/method.md: M-SEARCH request': ['TARGET', 'asterisk-form is for OPTIONS (RFC 9112 3.2.4)'],
	'request/method.md: PRI request HTTP2': ['TARGET', 'asterisk-form is for OPTIONS; HTTP/2 begins otherwise'],
	'request/method.md: SOURCE request with ICE': ['REQUEST_LINE', 'not HTTP (RFC 9112 2.3)'],
	'request/method.md: OPTIONS request with RTSP': ['REQUEST_LINE', 'not HTTP (RFC 9112 2.3)'],
	'request/method.md: ANNOUNCE request with RTSP': ['REQUEST_LINE', 'not HTTP (RFC 9112 2.3)'],
	'request/sample.md: No HTTP version': ['REQUEST_LINE', 'HTTP/0.9 is not spoken (RFC 9112 3)'],
	'request/transfer-encoding.md: POST with `chunked` as last transfer-encoding': [
		'TARGET',
		'a fragment is never sent (RFC 9112 3.2), and the coding is not understood (RFC 9112 6.1)',
	],
	'request/transfer-encoding.md: POST with `chunked` as last transfer-encoding (multiple headers)': [
		'TARGET',
		'a fragment is never sent (RFC 9112 3.2), and the coding is not understood (RFC 9112 6.1)',
	],
	'request/uri.md: Fragment in URI': ['TARGET', 'a fragment is never sent (RFC 9112 3.2)'],
	'request/uri.md: `host:port` and basic auth': ['TARGET', 'user information is an error (RFC 9110 4.2.4)'],
	'response/connection.md: HTTP 304 with Content-Length': ['STATUS_LINE', 'no empty line before a response'],
	'response/connection.md: HTTP 100 first, then 400': ['STATUS_LINE', 'no empty line before a response'],
	'response/pipelining.md: Should parse multiple events': ['STATUS_LINE', 'no empty line before a response'],
	'response/sample.md: Response starting with CRLF': ['STATUS_LINE', 'no empty line before a response'],
	'response/sample.md: RTSP response': ['STATUS_LINE', 'not HTTP (RFC 9112 2.3)'],
	'response/sample.md: ICE response': ['STATUS_LINE', 'not HTTP (RFC 9112 2.3)'],
	'response/sample.md: HTTP version 0.9': ['VERSION', 'HTTP/0.9 is not spoken (RFC 9112 2.3)'],
	'response/transfer-encoding.md: `chunked` before other transfer-encoding': [
		'TRANSFER_ENCODING',
		'a body in a coding that is not understood cannot be handed on (RFC 9112 6.1)',
	],
	'response/transfer-encoding.md: multiple transfer-encoding where chunked is not the last one': [
		'TRANSFER_ENCODING',
		'a body in a coding that is not understood cannot be handed on (RFC 9112 6.1)',
	],
	'response/transfer-encoding.md: `chunkedchunked` transfer-encoding does not enable chunked enconding': [
		'TRANSFER_ENCODING',
		'a body in a coding that is not understood cannot be handed on (RFC 9112 6.1)',
	],
};

/** Relaxed llhttp reads on behind a message that closes; we leave those bytes alone, which is no leniency. */
const unread: readonly string[] = [
	'request/connection.md: `keep-alive`: Resetting flags when keep-alive is off (1.0, lenient)',
	'request/connection.md: `close`: CRLF between requests, explicit `close` (lenient)',
	'response/connection.md: HTTP/1.1 with keep-alive disabled, content-length (lenient)',
	'response/connection.md: HTTP/1.1 with keep-alive disabled and 204 status (lenient)',
];

/** `Host: h` behind the first line of every message that begins where llhttp says, unless it has one. */
function withHosts({ input, log }: LlhttpVector): string {
	let out = '';
	let from = 0;
	for (const begin of log.begins.length > 0 ? log.begins : [0]) {
		let line = begin;
		while (input.startsWith('\r\n', line)) line += 2;
		const end = input.indexOf('\r\n', line);
		if (end < 0) continue;
		const headEnd = input.indexOf('\r\n\r\n', line);
		if (/\r\nhost[ \t]*:/i.test(input.slice(end, headEnd < 0 ? undefined : headEnd))) continue;
		out += `${input.slice(from, end + 2)}Host: h\r\n`;
		from = end + 2;
	}
	return out + input.slice(from);
}

const verdictOf = (recording: Recording): string => recording.messages.at(-1)?.violation ?? 'accepted';

function recordVector(vector: LlhttpVector, end = ''): Recording {
	const methods = Array.from({ length: Math.max(1, vector.log.begins.length) }, () =>
		vector.skipBody ? 'HEAD' : 'GET',
	);
	const options = { end: vector.type.endsWith('finish'), methods, upgrade: 'x' };
	if (vector.type.startsWith('response')) return record('client', vector.input + end, options);
	return record('server', withHosts(vector) + end, options);
}

/** Start lines, bodies without line breaks (llhttp's log drops them) and the number of complete messages. */
function contents(vector: LlhttpVector, { messages }: Recording): unknown[] {
	const heads = messages.flatMap((message) => message.heads);
	const starts = heads.map((head) => (vector.type.startsWith('request') ? head.target : String(head.status)));
	const interim = heads.filter(({ status }) => status < 200 && status !== 101).length;
	const completed = messages.filter(({ complete }) => complete).length;
	const body = messages.map((message) => message.body).join('');
	return [starts, body.replace(/[\r\n]/g, ''), completed + interim];
}

function check(vector: LlhttpVector): void {
	const { name, log } = vector;
	let recording = recordVector(vector);
	// llhttp judges some fields as they come, we judge what a head says at its end: let it end.
	if (log.error !== null && verdictOf(recording) === 'accepted') recording = recordVector(vector, '\r\n');
	const verdict = verdictOf(recording);
	const difference = differences[name];
	if (vector.type.includes('lenient')) {
		if (unread.includes(name)) assert.equal(recording.persistent, false);
		else assert.notEqual(verdict, 'accepted', 'relaxed only');
	} else if (difference !== undefined) {
		assert.equal(verdict, difference[0], difference[1]);
		assert.notEqual(verdict === 'accepted', log.error === null, 'this is no difference any more');
	} else {
		assert.equal(
			verdict === 'accepted',
			log.error === null,
			`we say ${verdict}, llhttp says ${log.error ?? 'accepted'}`,
		);
		if (log.error !== null || vector.type.endsWith('finish')) return;
		const starts = vector.type.startsWith('request') ? log.urls : log.statuses;
		assert.deepEqual(contents(vector, recording), [starts, log.body.replace(/[\r\n]/g, ''), log.completed]);
	}
}

const folder = vectorFolder('llhttp');
const options = { skip: folder === null ? 'the vectors of llhttp are not here' : false };

test('our verdict on every vector of llhttp is its own, or a difference that we mean', options, async (t) => {
	const vectors = readVectors(folder as string).filter(
		// These take the body away from a request that has one, which nobody but a test can.
		({ name, skipBody }) => !(skipBody && name.startsWith('request/')),
	);
	assert.ok(vectors.length > 200, `${vectors.length} vectors`);
	for (const name of [...Object.keys(differences), ...unread]) {
		assert.ok(
			vectors.some((vector) => vector.name === name),
			`no such vector: ${name}`,
		);
	}
	for (const vector of vectors) await t.test(`${vector.type}: ${vector.name}`, () => check(vector));
});
