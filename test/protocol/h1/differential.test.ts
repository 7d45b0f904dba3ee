/**
 * The same streams of requests to the parser of node:http, over sockets, and to ours: both hand on the same requests,
 * byte for byte, and refuse the same ones, but for the differences in the tables below. `SEED` takes another corpus.
 */
import assert from 'node:assert/strict';
import { METHODS } from 'node:http';
import { test } from 'node:test';
import { corpus } from './corpus.ts';
import { askNode, type NodeVerdict, type Request } from './node-verdicts.ts';
import { recordPieces } from './recorder.ts';

const STREAMS = 3000;

/** Where we refuse and node:http does not: our code, what must be in such a stream, and why. */
const stricter: readonly (readonly [code: string, sign: RegExp, reason: string])[] = [
	['HOST', /\r\nHost: ?|^(?!.*\r\nHost:)/is, 'one Host that is an authority (RFC 9112 3.2); node:http only wants one'],
	['VERSION', / HTTP\/[^1]\./, 'only HTTP/1 is spoken (RFC 9112 2.3); node:http takes 0.9 and 2.0'],
	['TARGET', /./, 'the forms of a target (RFC 9112 3.2); node:http takes fragments, any scheme and any *'],
	['REQUEST_LINE', / {2}|[A-Z]+ [^ ]+\r\n|\r\n[\r\n]/, 'single spaces, and a version (RFC 9112 3)'],
	['UNKNOWN_CODING', /Transfer-Encoding: /, 'a coding that is not undone here (RFC 9112 6.1); node:http hands it on'],
	[
		'LINE_ENDING',
		/\r(?!\n)|(^|[^\r])\n|[\r\n]$/,
		'stray CR or LF before a request (RFC 9112 2.2); node:http skips any',
	],
	[
		'EXPECT',
		/\r\nExpect:/,
		'an expectation that cannot be met (RFC 9110 10.1.1), in 1.0, too; node:http reads on behind it',
	],
	[
		'TRANSFER_ENCODING',
		/ HTTP\/1\.0\r\n|-Encoding:(?! ?chunked\r\n)/i,
		'chunked once, alone, not in 1.0 (RFC 9112 6.1)',
	],
	['CHUNK_EXTENSION', /;[^\r]*=\r/, 'the value of an extension is not empty (RFC 9112 7.1.1)'],
	['CLOSED', / HTTP\/1\.0\r\n/, 'close comes before keep-alive (RFC 9112 9.3); in 1.0, node:http goes by keep-alive'],
];

/** Where node:http refuses the request that we hand on next. */
const looser: readonly (readonly [
	code: string,
	holds: (next: Request | undefined, stream: string) => boolean,
	reason: string,
])[] = [
	[
		'HPE_INVALID_METHOD',
		(next) => next !== undefined && !METHODS.includes(next.method),
		'any token is a method (RFC 9110 9.1); node:http has a list',
	],
	[
		'HPE_INVALID_TRANSFER_ENCODING',
		(_, stream) => /chunked[ \t]*\t[ \t]*\r\n/i.test(stream),
		'a tab is white space around a value like a space (RFC 9110 5.5)',
	],
	[
		'HPE_INVALID_VERSION',
		(_, stream) => / HTTP\/1\.[2-9]/.test(stream),
		'higher minor versions are read as 1.1 (RFC 9110 2.5)',
	],
];

interface OurVerdict {
	readonly requests: readonly Request[];
	/** The rule broken, CLOSED when bytes behind the last message were left unread, or null. */
	readonly refused: string | null;
}

function ourVerdict(stream: string): OurVerdict {
	const bytes = Buffer.from(stream, 'latin1');
	const recording = recordPieces('server', [bytes], { end: true });
	const cut = Math.floor(bytes.length / 2);
	const halves = [bytes.subarray(0, cut), bytes.subarray(cut)];
	assert.deepEqual(recordPieces('server', halves, { end: true }), recording, 'the same in two reads');
	const requests = recording.messages
		.filter(({ complete }) => complete)
		.map(({ heads, body, trailers }) => {
			const { method, target, fields } = heads[0] as NonNullable<(typeof heads)[0]>;
			return { method, target, fields, body, trailers: trailers ?? [] };
		});
	const closed = recording.consumed < bytes.length ? 'CLOSED' : null;
	return { requests, refused: recording.messages.at(-1)?.violation ?? closed };
}

/** Why the verdicts may differ; null when they agree, undefined when they must not differ so. */
function reasonFor(stream: string, ours: OurVerdict, theirs: NodeVerdict): string | null | undefined {
	const ahead = ours.requests.length - theirs.requests.length;
	// What comes behind a message that closes: we leave it, node:http reports it, or drops it.
	const left = [null, 'HPE_CLOSED_CONNECTION'].includes(theirs.refused);
	if (ahead === 0 && (ours.refused === null || ours.refused === 'CLOSED' ? left : theirs.refused !== null)) return null;
	if (ahead > 0)
		return looser.find(([code, holds]) => code === theirs.refused && holds(nextOf(ours, theirs), stream))?.[2];
	return stricter.find(([code, sign]) => code === ours.refused && sign.test(stream))?.[2];
}

const nextOf = (ours: OurVerdict, theirs: NodeVerdict): Request | undefined => ours.requests[theirs.requests.length];

test('node:http and we hand on the same requests, but for what is listed', { timeout: 60_000 }, async () => {
	const seed = Number(process.env['SEED'] ?? 9112);
	const streams = corpus(seed, STREAMS);
	const verdicts = await askNode(streams);
	let agreed = 0;
	let accepted = 0;
	streams.forEach((stream, i) => {
		const theirs = verdicts[i] as NodeVerdict;
		const ours = ourVerdict(stream);
		const both = Math.min(ours.requests.length, theirs.requests.length);
		const about = `seed ${seed}, stream ${i}: ${JSON.stringify(stream)}`;
		assert.deepEqual(ours.requests.slice(0, both), theirs.requests.slice(0, both), about);
		const reason = reasonFor(stream, ours, theirs);
		assert.notEqual(reason, undefined, `we: ${ours.refused}, node:http: ${theirs.refused}, ${about}`);
		if (reason === null) agreed++;
		if (reason === null && (ours.refused === null || ours.refused === 'CLOSED')) accepted++;
	});
	assert.ok(agreed > 0.75 * STREAMS, `${agreed} agreed`);
	assert.ok(accepted > 0.25 * STREAMS && accepted < 0.75 * STREAMS, `${accepted} accepted by both`);
});
