/**
 * Writes one response: chooses its framing (rule 6 of the convention: framing belongs to the engine), holds what is sent
 * against what was declared, streams with back-pressure, and makes sure that nothing cut short looks complete.
 */
import { asError, fileSource, type Sink, type Source, WholeSource } from '../bytes/index.ts';
import { isFileRange, type RawResponse } from '../convention/index.ts';
import { FieldList, type Fields, NOT_IN_TRAILERS } from '../fields/index.ts';
import { CHUNKED, type Framing, NONE } from '../protocol/h1/index.ts';
import type { Writing } from './engine-exchange.ts';
import { framingOf, isBodiless, lengthMismatch } from './response-framing.ts';
import { type EndingWriter, gatherTrailers } from './response-trailers.ts';
import type { OutgoingHead, ServedExchange } from './served-exchange.ts';

export class ServedWriter implements Sink, Writing, EndingWriter {
	private readonly exchange: ServedExchange;
	private readonly response: RawResponse;
	private source: Source | null = null;
	private framing: Framing = NONE;
	private bodiless = false;
	private ended = false;

	constructor(exchange: ServedExchange, response: RawResponse) {
		this.exchange = exchange;
		this.response = response;
	}

	/** Writes the head and starts the payload. Throws while nothing has been sent. */
	begin(): void {
		const { payload } = this.response;
		if (payload === null) this.beginWhole('');
		else if (typeof payload === 'string') this.beginWhole(Buffer.from(payload));
		else if (payload instanceof Uint8Array) this.beginWhole(payload);
		else if (payload instanceof WholeSource) this.beginTaken(payload);
		else this.beginSource(isFileRange(payload) ? fileSource(payload) : payload);
	}

	/** The client took what was waiting. */
	drained(): void {
		if (!this.ended) this.source?.resume();
	}

	/** The exchange is over before its time: nobody needs the payload any more. */
	abandon(reason: unknown): void {
		if (this.ended) return;
		this.ended = true;
		this.source?.cancel(reason);
	}

	private beginTaken(payload: WholeSource): void {
		if (payload.trailers !== null && this.exchange.canTrail) this.beginSource(payload);
		else this.beginWhole(payload.take());
	}

	/** A payload in memory: latin1 text or bytes. */
	private beginWhole(body: string | Uint8Array): void {
		const { exchange, response } = this;
		if (response.trailing !== undefined && body.length > 0) return this.beginSource(new WholeSource(body));
		this.frame(body.length);
		this.ended = true;
		exchange.sendWhole(this.head(), this.bodiless ? '' : body);
		exchange.status = response.status;
		if (!this.bodiless) exchange.bytes = body.length;
		this.finish();
	}

	private beginSource(source: Source): void {
		const { exchange, response } = this;
		this.source = source;
		const wantsTrailers = response.trailing !== undefined || source instanceof WholeSource;
		this.frame(wantsTrailers && exchange.canTrail ? null : source.length);
		if (this.bodiless) {
			exchange.sendWhole(this.head(), '');
			exchange.status = response.status;
			this.ended = true;
			source.cancel();
			return this.finish();
		}
		exchange.sendHead(this.head());
		exchange.status = response.status;
		source.start(this);
		if (!this.ended) exchange.flushHead();
	}

	/** Settles the framing for a payload of `length` bytes, null when unknown. */
	private frame(length: number | null): void {
		const { exchange, response } = this;
		this.framing = framingOf(response, exchange.method, length, exchange.canTrail);
		this.bodiless = isBodiless(exchange.method, response.status);
	}

	private head(): OutgoingHead {
		const { status, reason, fields } = this.response;
		return { status, reason, fields: FieldList.from(fields), framing: this.framing, bodiless: this.bodiless };
	}

	write(chunk: Uint8Array): boolean {
		if (this.ended || chunk.length === 0) return true;
		const { exchange, framing } = this;
		if (framing >= 0 && exchange.bytes + chunk.length > framing) {
			this.fail(lengthMismatch(framing, exchange.bytes + chunk.length));
			return true;
		}
		exchange.bytes += chunk.length;
		try {
			const more = exchange.sendBody(chunk);
			if (!more) exchange.clock.arm();
			return more;
		} catch (error) {
			this.fail(asError(error));
			return true;
		}
	}

	end(trailers?: Fields): void {
		if (!this.ended) gatherTrailers(this.response, trailers, this);
	}

	endWith(trailers: Fields | null): void {
		if (this.ended) return;
		const { exchange, framing } = this;
		if (framing >= 0 && exchange.bytes < framing) return this.fail(lengthMismatch(framing, exchange.bytes));
		try {
			exchange.sendEnd(trailers === null || !this.mayTrail ? null : sendable(trailers));
		} catch (error) {
			return this.fail(asError(error));
		}
		this.ended = true;
		this.finish();
	}

	/** HTTP/1.1 has trailers behind chunks only; HTTP/2, behind any body. */
	private get mayTrail(): boolean {
		return this.exchange.version === '2' || this.framing === CHUNKED;
	}

	/** RFC 9112 section 8: a body that was cut short must not look complete. */
	fail(error: Error): void {
		if (this.ended) return;
		this.ended = true;
		const { exchange } = this;
		exchange.listener.logFailure(exchange, error);
		exchange.listener.attempt(exchange, () => this.source?.cancel(error));
		exchange.lose(error);
	}

	/** All of it is handed over; the exchange is over when it has left. */
	private finish(): void {
		this.exchange.ending = true;
		this.exchange.clock.arm();
	}
}

/** Without what must not be in a trailer section (RFC 9110 section 6.5.1). */
function sendable(trailers: Fields): FieldList {
	const list = FieldList.from(trailers).copy();
	list.deleteFlagged(NOT_IN_TRAILERS);
	return list;
}
