/**
 * Our client against our server through a memory pipe that cuts the bytes anywhere: what goes in at one end comes out
 * at the other, for any head, body, chunking and trailers, and both ends are ready for the next exchange.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FieldList, FRAMING, flags, NOT_IN_TRAILERS, tagOf } from '../../../src/fields/index.ts';
import {
	CHUNKED,
	type Framing,
	H1Connection,
	type H1Events,
	h1Limits,
	NONE,
	type RequestHead,
	type ResponseHead,
	UNTIL_CLOSE,
} from '../../../src/protocol/h1/index.ts';
import { record } from './recorder.ts';

type Lines = readonly (readonly [name: string, value: string])[];

interface Message {
	readonly fields: Lines;
	readonly framing: 'none' | 'length' | 'chunked' | 'until close';
	readonly pieces: readonly Uint8Array[];
	readonly trailers: Lines;
}

/** Everything that one end hears. */
class Listener<Head> implements H1Events<Head> {
	readonly heads: Head[] = [];
	readonly bytes: number[] = [];
	readonly trailers: (readonly string[])[] = [];
	head(head: Head): void {
		this.heads.push(head);
	}
	body(bytes: Uint8Array, start: number, end: number): void {
		this.bytes.push(...bytes.subarray(start, end));
	}
	complete(trailers: FieldList | null): void {
		this.trailers.push(trailers === null ? [] : trailers.raw);
	}
	violation(violation: { readonly code: string }): void {
		assert.fail(violation.code);
	}
}

const tokenCharacters = Array.from("!#$%&'*+-.^_`|~019azAZ");
const token = fc.string({ unit: fc.constantFrom(...tokenCharacters), minLength: 1, maxLength: 12 });
const latin1 = fc.string({
	unit: fc.oneof(fc.constantFrom(' ', '\t', ',', '"', ':'), fc.integer({ min: 0x21, max: 0xff }).map(characterOf)),
	maxLength: 20,
});
const value = latin1.map((text) => text.replace(/\x7f/g, '').replace(/^[ \t]+|[ \t]+$/g, ''));
const target = fc
	.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map(characterOf), maxLength: 30 })
	.map((text) => `/${text.replaceAll('#', '')}`);
const special = fc.constantFrom(
	'X',
	'Set-Cookie',
	'content-type',
	'TRAILER',
	'Via',
	'Content-Length',
	'Connection',
	'Cookie',
);
const lines: fc.Arbitrary<Lines> = fc.array(fc.tuple(fc.oneof(token, special), value), { maxLength: 8 });
const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 });

function message(...framings: Message['framing'][]): fc.Arbitrary<Message> {
	const pieces = fc.array(fc.uint8Array({ minLength: 1, maxLength: 70 }), { maxLength: 5 });
	return fc.record({ fields: lines, framing: fc.constantFrom(...framings), pieces, trailers: lines });
}

function characterOf(code: number): string {
	return String.fromCharCode(code);
}

/** Names that decide something in a request that has not been made to hold them. */
const isFree = ([name]: readonly [string, string]): boolean =>
	!['host', 'expect', 'te', 'upgrade'].includes(name.toLowerCase());

const without = (all: Lines, mask: number): string[] =>
	all.filter(([name]) => ((flags[tagOf(name)] as number) & mask) === 0).flatMap(([name, text]) => [name, text]);

function framingOf({ framing, pieces }: Message): Framing {
	if (framing === 'chunked') return CHUNKED;
	if (framing === 'until close') return UNTIL_CLOSE;
	return framing === 'none' ? NONE : pieces.reduce((sum, piece) => sum + piece.length, 0);
}

/** The bytes behind a head. */
function bodyOf(codec: H1Connection<RequestHead> | H1Connection<ResponseHead>, sent: Message): Buffer {
	const parts: Buffer[] = [];
	for (const piece of sent.framing === 'none' ? [] : sent.pieces) {
		parts.push(Buffer.from(codec.bodyHead(piece.length), 'latin1'), Buffer.from(piece));
		parts.push(Buffer.from(codec.bodyTail(), 'latin1'));
	}
	parts.push(Buffer.from(codec.end(FieldList.of(sent.trailers)), 'latin1'));
	return Buffer.concat(parts);
}

/** Feeds `bytes` in pieces of the sizes given, over and over. */
function pipe(
	to: H1Connection<RequestHead> | H1Connection<ResponseHead>,
	bytes: Buffer,
	sizes: readonly number[],
): void {
	let at = 0;
	for (let i = 0; at < bytes.length; i++) {
		const end = Math.min(bytes.length, at + (sizes[i % sizes.length] as number));
		const copy = Buffer.from(bytes.subarray(at, end));
		assert.equal(to.receive(copy, 0, copy.length), copy.length);
		copy.fill(0xff);
		at = end;
	}
}

function checkSame(heard: Listener<RequestHead | ResponseHead>, sent: Message, written: number): void {
	const head = heard.heads.at(-1) as RequestHead | ResponseHead;
	const raw = head.fields.raw;
	assert.deepEqual(raw.slice(written, written + without(sent.fields, FRAMING).length), without(sent.fields, FRAMING));
	assert.deepEqual(heard.bytes, sent.framing === 'none' ? [] : sent.pieces.flatMap((piece) => [...piece]));
	const trailers = sent.framing === 'chunked' ? without(sent.trailers, NOT_IN_TRAILERS) : [];
	assert.deepEqual(heard.trailers, [trailers]);
}

interface Ends {
	readonly client: H1Connection<ResponseHead>;
	readonly server: H1Connection<RequestHead>;
	readonly atClient: Listener<ResponseHead>;
	readonly atServer: Listener<RequestHead>;
}

function ends(): Ends {
	const atClient = new Listener<ResponseHead>();
	const atServer = new Listener<RequestHead>();
	const client = new H1Connection<ResponseHead>('client', atClient, h1Limits);
	return { client, server: new H1Connection<RequestHead>('server', atServer, h1Limits), atClient, atServer };
}

test('any request arrives as it was sent', () => {
	fc.assert(
		fc.property(token, target, message('none', 'length', 'chunked'), cuts, (method, path, sent, sizes) => {
			fc.pre(method !== 'CONNECT' && sent.fields.every(isFree));
			const { client, server, atServer } = ends();
			const fields = FieldList.of([['Host', 'h'], ...sent.fields]);
			const head = client.requestHead(method, path, fields, framingOf(sent), '');
			pipe(server, Buffer.concat([Buffer.from(head, 'latin1'), bodyOf(client, sent)]), sizes);
			const received = atServer.heads[0] as RequestHead;
			assert.deepEqual([received.method, received.target, received.framing], [method, path, framingOf(sent)]);
			checkSame(atServer, sent, 2);
			assert.ok(server.persistent);
		}),
		{ numRuns: 400 },
	);
});

test('any response arrives as it was sent', () => {
	const status = fc.constantFrom(200, 201, 206, 226, 301, 404, 418, 500, 599);
	const any = message('length', 'chunked', 'until close');
	fc.assert(
		fc.property(status, value, any, cuts, fc.nat(2), (code, reason, sent, sizes, informational) => {
			const { client, server, atClient } = ends();
			pipe(server, Buffer.from(client.requestHead('GET', '/', FieldList.of({ Host: 'h' }), NONE, '')), sizes);
			client.end(null);
			const parts: Buffer[] = [];
			for (let i = 0; i < informational; i++) {
				parts.push(Buffer.from(server.informational(103, 'Early Hints', FieldList.of(sent.fields)), 'latin1'));
			}
			parts.push(
				Buffer.from(server.responseHead(code, reason, FieldList.of(sent.fields), framingOf(sent), ''), 'latin1'),
			);
			pipe(client, Buffer.concat([...parts, bodyOf(server, sent)]), sizes);
			if (sent.framing === 'until close') client.receiveEnd();
			assert.equal(atClient.heads.length, informational + 1);
			for (const head of atClient.heads.slice(0, -1)) assert.deepEqual(head.fields.raw, without(sent.fields, FRAMING));
			const received = atClient.heads.at(-1) as ResponseHead;
			assert.deepEqual([received.status, received.reason, received.framing], [code, reason, framingOf(sent)]);
			checkSame(atClient, sent, 0);
			assert.equal(client.reusable, sent.framing !== 'until close');
			assert.equal(server.reusable, client.reusable);
		}),
		{ numRuns: 400 },
	);
});

test('many exchanges go over one connection', () => {
	const any = fc.tuple(message('none', 'length', 'chunked'), message('length', 'chunked'));
	fc.assert(
		fc.property(fc.array(any, { minLength: 2, maxLength: 5 }), cuts, (exchanges, sizes) => {
			const { client, server, atClient, atServer } = ends();
			for (const [asked, answered] of exchanges) {
				atServer.bytes.length = atServer.trailers.length = atClient.bytes.length = atClient.trailers.length = 0;
				const head = client.requestHead('POST', '/', FieldList.of({ Host: 'h' }), framingOf(asked), '');
				pipe(server, Buffer.concat([Buffer.from(head), bodyOf(client, asked)]), sizes);
				checkSame(atServer, { ...asked, fields: [] }, 2);
				const response = server.responseHead(200, 'OK', FieldList.of(answered.fields), framingOf(answered), '');
				pipe(client, Buffer.concat([Buffer.from(response, 'latin1'), bodyOf(server, answered)]), sizes);
				checkSame(atClient, answered, 0);
				server.next();
				client.next();
			}
			assert.equal(atServer.heads.length, exchanges.length);
		}),
		{ numRuns: 100 },
	);
});

test('no bytes at all make the connection throw, and every split of them says the same', () => {
	const piece = fc.constantFrom(
		...[
			'GET',
			' ',
			'/',
			'HTTP/1.1',
			'HTTP/1.0',
			'\r\n',
			'\r',
			'\n',
			'Host: h',
			'Host',
			':',
			' h',
			'\t',
			'\x00',
			'\xff',
		],
		...[
			'Content-Length: 3',
			'Transfer-Encoding: chunked',
			'\r\n\r\n',
			'3\r\nabc\r\n',
			'0\r\n',
			';a=b',
			'POST / HTTP/1.1',
		],
		...['Connection: close', 'HTTP/1.1 200 OK', 'Upgrade: x', 'Expect: 100-continue', 'CONNECT h:1', 'http://h/', '*'],
	);
	fc.assert(
		fc.property(fc.constantFrom('server', 'client'), fc.array(piece, { maxLength: 14 }), (role, pieces) => {
			record(role, pieces.join(''));
		}),
		{ numRuns: 500 },
	);
});
