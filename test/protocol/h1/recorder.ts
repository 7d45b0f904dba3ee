/**
 * Feeds bytes to a connection and writes down what it says. `record` does so whole, cut in two at every byte, and byte
 * by byte, and insists that all three say the same: so every test that uses it tests every split point.
 */
import assert from 'node:assert/strict';
import { FieldList } from '../../../src/fields/index.ts';
import {
	H1Connection,
	type H1Events,
	type H1Leniencies,
	type H1Limits,
	h1Leniencies,
	h1Limits,
	NONE,
	type RequestHead,
	type ResponseHead,
	type Role,
	stateNames,
	type Violation,
} from '../../../src/protocol/h1/index.ts';

type Head = RequestHead & ResponseHead;

/** A head as plain data, with the fields flat. */
export type PlainHead = Omit<Head, 'fields'> & { readonly fields: readonly string[] };

/** What was said of one message, or of what should have been one. */
export interface Said {
	heads: PlainHead[];
	body: string;
	complete: boolean;
	trailers: readonly string[] | null;
	violation: string | null;
}

export interface Recording {
	readonly messages: readonly Said[];
	/** Bytes taken; -1 after a violation, where the place means nothing. */
	readonly consumed: number;
	readonly incoming: string | undefined;
	readonly persistent: boolean;
}

export interface RecordOptions {
	readonly limits?: Partial<H1Limits>;
	readonly leniencies?: Partial<H1Leniencies>;
	/** For clients: the method of each request. Default: one GET. */
	readonly methods?: readonly string[];
	/** For clients: the value of Upgrade in the requests. */
	readonly upgrade?: string;
	/** The peer finishes behind the bytes. */
	readonly end?: boolean;
}

class Recorder implements H1Events<Head> {
	readonly codec: H1Connection<Head>;
	readonly messages: Said[] = [];
	private readonly role: Role;
	private readonly options: RecordOptions;
	private exchanges = 0;

	constructor(role: Role, options: RecordOptions) {
		this.role = role;
		this.options = options;
		const limits = { ...h1Limits, ...options.limits };
		this.codec = new H1Connection<Head>(role, this, limits, { ...h1Leniencies, ...options.leniencies });
		this.ask();
	}

	private get last(): Said {
		const last = this.messages.at(-1);
		if (last !== undefined && !last.complete) return last;
		const said: Said = { heads: [], body: '', complete: false, trailers: null, violation: null };
		this.messages.push(said);
		return said;
	}

	head(head: Head): void {
		this.last.heads.push({ ...head, fields: head.fields.raw });
	}

	body(bytes: Uint8Array, start: number, end: number): void {
		assert.ok(start < end, 'no empty pieces of body');
		this.last.body += Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
	}

	complete(trailers: FieldList | null): void {
		const { last, codec } = this;
		last.trailers = trailers === null ? null : trailers.raw;
		last.complete = true;
		if (this.role === 'server' && !last.heads[0]?.offersTunnel) {
			codec.responseHead(204, '', FieldList.empty(), NONE, '');
			codec.end(null);
		}
		if (!codec.reusable) return;
		if (this.role === 'client' && this.exchanges === (this.options.methods ?? ['GET']).length) return;
		codec.next();
		this.ask();
	}

	violation(violation: Violation): void {
		this.last.violation = violation.code;
	}

	private ask(): void {
		if (this.role === 'server') return;
		const { methods = ['GET'], upgrade } = this.options;
		const method = methods[this.exchanges++];
		if (method === undefined) return;
		const target = method === 'CONNECT' ? 'h.example:443' : '/';
		const fields = FieldList.of(upgrade === undefined ? { host: 'h' } : { host: 'h', upgrade });
		this.codec.requestHead(method, target, fields, NONE, '');
		this.codec.end(null);
	}
}

/** What a connection says of `pieces`, one read each. */
export function recordPieces(role: Role, pieces: readonly Uint8Array[], options: RecordOptions = {}): Recording {
	const recorder = new Recorder(role, options);
	const { codec } = recorder;
	let consumed = 0;
	for (const piece of pieces) {
		// Bytes around the range must neither be read nor matter.
		const padded = Buffer.concat([Buffer.from('X: '), piece, Buffer.from('\r\n\r\n')]);
		const at = codec.receive(padded, 3, 3 + piece.length) - 3;
		consumed += at;
		if (at < piece.length) break;
	}
	if (options.end === true) codec.receiveEnd();
	const violated = recorder.messages.at(-1)?.violation !== null && recorder.messages.length > 0;
	return {
		messages: recorder.messages,
		consumed: violated ? -1 : consumed,
		incoming: stateNames[codec.incoming],
		persistent: codec.persistent,
	};
}

/** What a connection says of `input` (latin1), the same at every split point. */
export function record(role: Role, input: string, options: RecordOptions = {}): Recording {
	const bytes = Buffer.from(input, 'latin1');
	const whole = recordPieces(role, [bytes], options);
	// A verdict may need more bytes to be due, but never other ones: the end of the stream makes it due.
	const ended = options.end === true ? whole : recordPieces(role, [bytes], { ...options, end: true });
	for (let cut = 1; cut < bytes.length; cut++) {
		const pieces = [bytes.subarray(0, cut), bytes.subarray(cut)];
		assert.deepEqual(recordPieces(role, pieces, { ...options, end: true }), ended, `cut at ${cut} of ${input}`);
	}
	const single = Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
	assert.deepEqual(recordPieces(role, single, { ...options, end: true }), ended, `byte by byte: ${input}`);
	return whole;
}

/** The rule that `input` breaks, or null. Nothing but that rule may be said of the last message. */
export function violationOf(role: Role, input: string, options: RecordOptions = {}): string | null {
	return record(role, input, options).messages.at(-1)?.violation ?? null;
}

/** The only message of `input`, which must be complete and sound. */
export function messageOf(role: Role, input: string, options: RecordOptions = {}): Said & { head: PlainHead } {
	const { messages } = record(role, input, options);
	assert.equal(messages.length, 1, `one message in ${input}`);
	const said = messages[0] as Said;
	assert.equal(said.violation, null, input);
	assert.equal(said.complete, true, `complete: ${input}`);
	return { ...said, head: said.heads.at(-1) as PlainHead };
}

/** A request with the usual lines and those given. */
export function requestOf(lines: readonly string[] = [], start = 'GET / HTTP/1.1', body = ''): string {
	return `${[start, 'Host: h', ...lines].join('\r\n')}\r\n\r\n${body}`;
}

/** A response with the lines given. */
export function responseOf(lines: readonly string[], start = 'HTTP/1.1 200 OK', body = ''): string {
	return `${[start, ...lines].join('\r\n')}\r\n\r\n${body}`;
}
