/**
 * One HTTP/1.1 connection as a value: bytes in, events out, and text for the wire from the sending calls, for both
 * roles. What lives here is the order of things: which part of a message comes next in each direction, and whether the
 * connection can serve another one. Syntax, framing rules and wording are in the files it calls; sockets, time-outs
 * and queues belong to the owner.
 */
import type { FieldList } from '../../fields/index.ts';
import { CR, LF } from './byte-classes.ts';
import { ChunkFraming } from './chunks.ts';
import {
	CHUNKED,
	type Framing,
	type H1Events,
	NONE,
	type RequestHead,
	type ResponseHead,
	type Role,
	UNTIL_CLOSE,
} from './events.ts';
import { isBodiless } from './framing.ts';
import { type H1Leniencies, h1Leniencies } from './leniencies.ts';
import type { H1Limits } from './limits.ts';
import { LocalViolation } from './local-violation.ts';
import { parseRequest, request } from './request-head.ts';
import { parseResponse, response } from './response-head.ts';
import { scan, VIOLATED } from './scan.ts';
import { Sender } from './sender.ts';
import { Stash } from './stash.ts';
import {
	after,
	BODY,
	DONE,
	HEAD,
	IDLE,
	ON_COMPLETE,
	ON_END,
	ON_FAIL,
	ON_HEAD,
	ON_INTERIM,
	ON_NEXT,
	ON_PART,
	ON_SWITCH,
} from './states.ts';
import { parseTrailers, trailers } from './trailers.ts';
import { type Violation, violations } from './violations.ts';

/** How much of the empty line before a request line has been read (RFC 9112 section 2.2). */
const NO_LINE = 0;
const HALF_LINE = 1;
const LINE_SKIPPED = 2;

/** `H1Connection<RequestHead>` for the role 'server', `H1Connection<ResponseHead>` for the role 'client'. */
export class H1Connection<Head extends RequestHead | ResponseHead> extends Sender {
	private readonly events: H1Events<Head>;
	private readonly limits: H1Limits;
	private readonly leniencies: H1Leniencies;
	private paused = false;
	private emptyLine = NO_LINE;
	/** The beginning of a head or trailer section. */
	private stash: Stash | null = null;
	/** Of the body coming in; NONE when none follows, whatever the head declares. */
	private framing: Framing = NONE;
	/** Body bytes to come before something else must be read. */
	private remaining = 0;
	private chunks: ChunkFraming | null = null;

	constructor(role: Role, events: H1Events<Head>, limits: H1Limits, leniencies: H1Leniencies = h1Leniencies) {
		super(role);
		this.events = events;
		this.limits = limits;
		// Whatever is relaxed, it is not for requests, nor for their trailers.
		this.leniencies = this.isServer ? h1Leniencies : leniencies;
	}

	/**
	 * Reads `bytes[start, end)`, calling events, and answers the index of the first byte that was not consumed. It
	 * stops early when paused, when a message is complete and `next` has not been called, when switched, and after a
	 * violation. To go on after `resume` or `next`, call it again with what was left, even if that is nothing: an
	 * event may be due that needs no more bytes. Not to be called from within an event.
	 */
	receive(bytes: Uint8Array, start: number, end: number): number {
		let at = start;
		while (!this.paused) {
			const state = this.incomingState;
			if (state === BODY) {
				if (this.remaining > 0) {
					if (at === end) return at;
					at = this.deliver(bytes, at, end);
				} else if (this.framing === CHUNKED || this.framing === UNTIL_CLOSE) {
					if (at === end) return at;
					at = this.readBetween(bytes, at, end);
				} else this.finish(null);
			} else if (state === IDLE || state === HEAD) {
				if (at === end) return at;
				at = this.readHead(bytes, at, end);
			} else return at;
		}
		return at;
	}

	/** The peer has finished sending; call it when everything received before has been consumed. */
	receiveEnd(): void {
		const state = this.incomingState;
		if (state === HEAD || (state === BODY && this.framing !== UNTIL_CLOSE && this.isAwaited())) {
			const { stash } = this;
			const broken = stash !== null && this.parse(stash.bytes, 0, stash.length) === VIOLATED;
			this.violate(broken ? scan.violation : violations.CUT_SHORT);
		} else if (state === BODY && this.framing === UNTIL_CLOSE) {
			this.finish(null);
		} else {
			this.persistent = false;
			if (state !== BODY) this.incomingState = after(state, ON_END);
		}
	}

	/** Stops `receive` at the next event. May be called from within an event. */
	pause(): void {
		this.paused = true;
	}

	/** Lets `receive` go on; the owner calls it again with what was left. */
	resume(): void {
		this.paused = false;
	}

	/** Both messages are complete, and another exchange may follow. */
	get reusable(): boolean {
		return this.incomingState === DONE && this.outgoingState === DONE && this.persistent;
	}

	/** Makes ready for another exchange. Throws LocalViolation unless `reusable`. */
	next(): void {
		if (!this.reusable) throw new LocalViolation('STATE', 'The connection cannot be used again.');
		this.incomingState = after(DONE, ON_NEXT);
		this.emptyLine = NO_LINE;
		this.nextOutgoing();
	}

	/**
	 * The connection becomes a tunnel: after a 101 that answers an offer, or a 2xx to CONNECT, has been sent or
	 * received. `receive` consumes nothing more, and no event follows; the rest of the bytes are the tunnel's.
	 */
	switchProtocols(): void {
		if (this.isAwaited()) throw new LocalViolation('STATE', 'The request has not been received in full.');
		this.switchOutgoing();
		this.incomingState = after(this.incomingState, ON_SWITCH);
	}

	/** Whether a part of the incoming message is still to come. */
	private isAwaited(): boolean {
		if (this.incomingState === DONE) return false;
		return this.incomingState !== BODY || this.remaining > 0 || this.framing === CHUNKED;
	}

	private deliver(bytes: Uint8Array, at: number, end: number): number {
		const until = this.remaining < end - at ? at + this.remaining : end;
		this.remaining -= until - at;
		this.events.body(bytes, at, until);
		return until;
	}

	/** What comes between the data of a body without Content-Length. */
	private readBetween(bytes: Uint8Array, at: number, end: number): number {
		if (this.framing === UNTIL_CLOSE) return this.violate(violations.BODY_TOO_LARGE, at);
		const chunks = this.chunks as ChunkFraming;
		if (chunks.atTrailers) return this.readSection(bytes, at, end);
		const to = chunks.advance(bytes, at, end);
		if (chunks.violation !== null) return this.violate(chunks.violation, to);
		this.remaining = chunks.takeData();
		return to;
	}

	private readHead(bytes: Uint8Array, at: number, end: number): number {
		let from = at;
		if (this.incomingState === IDLE) {
			if (this.isServer) {
				if (bytes[at] === CR || this.emptyLine === HALF_LINE) from = this.skipEmptyLine(bytes, at, end);
			} else if (this.outgoingState === IDLE) return this.violate(violations.UNEXPECTED_BYTES, at);
			if (from === end || this.incomingState !== IDLE) return from;
		}
		return this.readSection(bytes, from, end);
	}

	private skipEmptyLine(bytes: Uint8Array, at: number, end: number): number {
		let p = at;
		if (this.emptyLine === NO_LINE) {
			this.emptyLine = HALF_LINE;
			if (++p === end) return p;
		}
		if (this.emptyLine === LINE_SKIPPED) return p;
		if (bytes[p] !== LF) return this.violate(violations.LINE_ENDING, p);
		this.emptyLine = LINE_SKIPPED;
		return p + 1;
	}

	/** A head or trailer section: parsed where it stands when it has come whole. */
	private readSection(bytes: Uint8Array, at: number, end: number): number {
		if (this.stash !== null) return this.readMore(this.stash, bytes, at, end);
		const to = this.parse(bytes, at, end);
		if (to >= 0) return this.take(to);
		if (to === VIOLATED) return this.violate(scan.violation, at);
		this.stash = new Stash();
		this.stash.seek(bytes, at, end);
		this.stash.add(bytes, at, end);
		this.stash.isDue();
		if (this.incomingState === IDLE) this.incomingState = after(IDLE, ON_PART);
		return end;
	}

	private readMore(stash: Stash, bytes: Uint8Array, at: number, end: number): number {
		const found = stash.seek(bytes, at, end);
		const most = this.incomingState === BODY ? this.limits.trailerBytes : this.limits.headBytes;
		// One byte more than the limit is what the parser needs to see to refuse it.
		const to = Math.min(found < 0 ? end : found, at + most + 1 - stash.length);
		stash.add(bytes, at, to);
		if (to !== found && to === end && !stash.isDue()) return to;
		const parsed = this.parse(stash.bytes, 0, stash.length);
		if (parsed === VIOLATED) return this.violate(scan.violation, at);
		if (parsed < 0) return to;
		this.stash = null;
		return this.take(to);
	}

	private parse(bytes: Uint8Array, start: number, end: number): number {
		const { limits } = this;
		if (this.incomingState === BODY) return parseTrailers(bytes, start, end, limits, this.leniencies);
		if (this.isServer) return parseRequest(bytes, start, end, limits);
		return parseResponse(bytes, start, end, limits, this.leniencies, this.method);
	}

	/** A section has been parsed: takes what was found, and answers `to`. */
	private take(to: number): number {
		if (this.incomingState === BODY) this.finish(trailers.fields);
		else if (this.isServer) this.takeRequest(request.head as RequestHead);
		else this.takeResponse(response.head as ResponseHead);
		return to;
	}

	private takeRequest(head: RequestHead): void {
		this.method = head.method;
		this.version = head.version;
		this.offered = head.offersTunnel;
		if (!request.persistent) this.persistent = false;
		this.open(head as Head, head.framing);
	}

	private takeResponse(head: ResponseHead): void {
		const { status, framing } = head;
		if (status < 200 && status !== 101) {
			this.incomingState = after(this.incomingState, ON_INTERIM);
			this.events.head(head as Head);
			return;
		}
		// RFC 9110 section 15.2.2: nobody may switch to what was not offered.
		if (status === 101 && (!this.offered || this.method === 'CONNECT')) {
			this.violate(violations.STATUS_LINE);
			return;
		}
		this.switching = status === 101 || (this.method === 'CONNECT' && status < 300);
		if (!response.persistent || framing === UNTIL_CLOSE || this.switching) this.persistent = false;
		this.open(head as Head, isBodiless(status, this.method) ? NONE : framing);
	}

	private open(head: Head, framing: Framing): void {
		if (framing > this.limits.bodyBytes) {
			this.violate(violations.BODY_TOO_LARGE);
			return;
		}
		this.incomingState = after(this.incomingState, ON_HEAD);
		this.framing = framing;
		this.remaining = framing === UNTIL_CLOSE ? this.limits.bodyBytes : framing > 0 ? framing : 0;
		if (framing === CHUNKED) {
			this.chunks ??= new ChunkFraming(this.limits);
			this.chunks.reset();
		}
		this.events.head(head);
	}

	private finish(fields: FieldList | null): void {
		this.incomingState = after(this.incomingState, ON_COMPLETE);
		this.events.complete(fields);
	}

	/** Ends all reading, and answers `at`. */
	private violate(violation: Violation, at = 0): number {
		this.incomingState = after(this.incomingState, ON_FAIL);
		this.persistent = false;
		this.stash = null;
		this.events.violation(violation);
		return at;
	}
}
