/**
 * Writes one response: chooses its framing (rule 6 of the convention: framing belongs to the engine), sends what is
 * complete in one write, streams the rest with back-pressure, and makes sure that nothing cut short looks complete.
 */
import { fileSource, type Sink, type Source, WholeSource } from '../../bytes/index.ts';
import { isFileRange, type RawResponse, reasonPhrase } from '../../convention/index.ts';
import { FieldList, type Fields, tags } from '../../fields/index.ts';
import { type Framing, NONE, UNTIL_CLOSE } from '../../protocol/h1/index.ts';
import type { Writing } from '../engine-exchange.ts';
import { framingOf, isBodiless } from '../response-framing.ts';
import { type EndingWriter, gatherTrailers } from '../response-trailers.ts';
import { dateLine } from './date-line.ts';
import type { Exchange } from './exchange.ts';

/** Longer texts are encoded and written apart from the head. */
const ONE_PIECE = 65_536;
/** Milliseconds in which a client cannot have seen and judged a response. */
const SIMULTANEOUS = 2;

export class ResponseWriter implements Sink, Writing, EndingWriter {
	private readonly exchange: Exchange;
	private readonly response: RawResponse;
	private source: Source | null = null;
	private framing: Framing = NONE;
	private ended = false;
	/** When the head of a body of unknown length went out, by `performance.now()`. */
	private begun = 0;
	/** The head while it waits for the first bytes of the payload, to leave in one write with them. */
	private unwritten = '';

	constructor(exchange: Exchange, response: RawResponse) {
		this.exchange = exchange;
		this.response = response;
	}

	/** Writes the head and starts the payload. Throws while nothing has been sent. */
	begin(): void {
		const { payload } = this.response;
		if (typeof payload === 'string') this.beginText(payload);
		else if (payload === null) this.beginWhole('', 0);
		else if (payload instanceof Uint8Array) this.beginBytes(payload);
		else if (payload instanceof WholeSource) this.beginTaken(payload);
		else this.beginSource(isFileRange(payload) ? fileSource(payload) : payload);
	}

	/** The client took what was waiting. */
	drained(): void {
		this.source?.resume();
	}

	/** The exchange is over before its time: nobody needs the payload any more. */
	abandon(reason: unknown): void {
		if (this.ended) return;
		this.ended = true;
		this.source?.cancel(reason);
	}

	/** Whether an early end must be made visible by a reset, because a plain close is what ends the body. */
	get endsByClose(): boolean {
		return this.framing === UNTIL_CLOSE;
	}

	/** The head is out, and it says where the body ends. */
	get knowsItsEnd(): boolean {
		return this.exchange.committed && this.framing >= 0;
	}

	/** The head went out so recently that whatever the client did just then was no answer to it. */
	get justBegun(): boolean {
		return performance.now() - this.begun < SIMULTANEOUS;
	}

	private beginText(text: string): void {
		const { length } = text;
		if (length <= ONE_PIECE && isAscii(text)) this.beginWhole(text, length);
		else this.beginBytes(Buffer.from(text));
	}

	private beginTaken(payload: WholeSource): void {
		const trailers = payload.trailers;
		if (trailers !== null && this.canChunk()) return this.beginSource(payload);
		const content = payload.take();
		if (typeof content === 'string') this.beginWhole(content, content.length);
		else this.beginBytes(content);
	}

	/** A payload that is one latin1 string, in the same write as the head. */
	private beginWhole(text: string, length: number): void {
		if (this.response.trailing !== undefined && length > 0) return this.beginSource(new WholeSource(text));
		const sendsBody = this.frame(length);
		const head = this.head();
		this.exchange.status = this.response.status;
		const { codec, transport } = this.exchange.owner;
		if (sendsBody && length > 0) {
			codec.bodyHead(length);
			this.exchange.bytes = length;
			transport.write(head + text);
		} else {
			transport.write(head);
		}
		codec.end(null);
		this.finish();
	}

	private beginBytes(bytes: Uint8Array): void {
		if (this.response.trailing !== undefined) return this.beginSource(new WholeSource(bytes));
		const sendsBody = this.frame(bytes.length);
		const head = this.head();
		this.exchange.status = this.response.status;
		const { codec, transport } = this.exchange.owner;
		if (sendsBody && bytes.length > 0) {
			codec.bodyHead(bytes.length);
			this.exchange.bytes = bytes.length;
			transport.writeFramed(head, bytes, '');
		} else {
			transport.write(head);
		}
		codec.end(null);
		this.finish();
	}

	private beginSource(source: Source): void {
		this.source = source;
		const wantsTrailers = this.response.trailing !== undefined || source instanceof WholeSource;
		const sendsBody = this.frame(wantsTrailers && this.canChunk() ? null : source.length);
		const head = this.head();
		const { codec, transport } = this.exchange.owner;
		this.exchange.status = this.response.status;
		if (!sendsBody) {
			source.cancel();
			transport.write(head);
			codec.end(null);
			this.finish();
			return;
		}
		if (this.framing < 0) this.begun = performance.now();
		this.unwritten = head;
		source.start(this);
		this.writeHead();
	}

	/** The head, if it has not left with the first bytes of the payload. */
	private writeHead(): void {
		const head = this.unwritten;
		this.unwritten = '';
		if (head !== '') this.exchange.owner.transport.write(head);
	}

	private canChunk(): boolean {
		return this.exchange.head.version === 11;
	}

	/** Settles the framing for a payload of `length` bytes, null when unknown; false when the response has no body to send. */
	private frame(length: number | null): boolean {
		const { response } = this;
		const { method } = this.exchange.head;
		this.framing = framingOf(response, method, length, this.canChunk());
		return !isBodiless(method, response.status);
	}

	private head(): string {
		const { response, framing } = this;
		const { codec } = this.exchange.owner;
		const fields = FieldList.from(response.fields);
		const extra = fields.hasTagged(tags.date) ? '' : dateLine();
		this.exchange.owner.beforeHead(this.source !== null);
		if (fields.hasTagged(tags.connection) && /\bclose\b/i.test(fields.getTagged(tags.connection) ?? '')) codec.close();
		return codec.responseHead(
			response.status,
			response.reason ?? reasonPhrase(response.status),
			fields,
			framing,
			extra,
		);
	}

	write(chunk: Uint8Array): boolean {
		if (this.ended) return true;
		if (chunk.length === 0) return true;
		const { owner } = this.exchange;
		try {
			const before = this.unwritten + owner.codec.bodyHead(chunk.length);
			this.unwritten = '';
			this.exchange.bytes += chunk.length;
			const more = owner.transport.writeFramed(before, chunk, owner.codec.bodyTail());
			if (!more) owner.responseBlocked();
			return more;
		} catch (error) {
			this.fail(error as Error);
			return true;
		}
	}

	end(trailers?: Fields): void {
		if (!this.ended) gatherTrailers(this.response, trailers, this);
	}

	endWith(trailers: Fields | null): void {
		if (this.ended) return;
		const { owner } = this.exchange;
		this.writeHead();
		try {
			const last = owner.codec.end(trailers === null ? null : FieldList.from(trailers));
			if (last.length > 0) owner.transport.write(last);
		} catch (error) {
			return this.fail(error as Error);
		}
		this.finish();
	}

	/** RFC 9112 section 8: a body that was cut short must not look complete. */
	fail(error: Error): void {
		if (this.ended) return;
		this.ended = true;
		this.source?.cancel(error);
		this.exchange.owner.responseFailed(this, error);
	}

	private finish(): void {
		if (this.ended) return;
		this.ended = true;
		this.exchange.owner.responseDone();
	}
}

/** Texts up to this length are looked through here, which takes less time than the call that looks through longer ones. */
const SHORT = 64;

/** Whether the text in UTF-8 is as long as it is now, and so the same in latin1. */
function isAscii(text: string): boolean {
	const { length } = text;
	if (length > SHORT) return Buffer.byteLength(text) === length;
	for (let i = 0; i < length; i++) if (text.charCodeAt(i) > 0x7f) return false;
	return true;
}
