/**
 * The client's side of one FastCGI connection, without input or output: records come in as bytes cut anywhere, and the
 * response of the one request under way goes out as events. Who owns it may pause it within an event.
 */
import { latin1 } from '../h1/index.ts';
import { parseCgiHead } from './cgi-head.ts';
import type { FastCgiEvents } from './events.ts';
import { HeadFinder, INCOMPLETE, TOO_LARGE } from './head-finder.ts';
import type { FastCgiLimits } from './limits.ts';
import { HEADER, LAST_OF_REQUESTS, MANAGEMENT, protocolStatus, REQUEST_ID, types, VERSION } from './record-types.ts';
import { type Violation, type ViolationCode, violations } from './violations.ts';

/** What may be done with END_REQUEST's word on the request. */
const ENDINGS: Readonly<Record<number, ViolationCode>> = {
	[protocolStatus.CANT_MPX_CONN]: 'CANT_MPX_CONN',
	[protocolStatus.OVERLOADED]: 'OVERLOADED',
	[protocolStatus.UNKNOWN_ROLE]: 'UNKNOWN_ROLE',
};
/** Bytes of END_REQUEST's body. */
const END_BODY = 8;

export class FastCgiConnection {
	private readonly events: FastCgiEvents;
	private readonly limits: FastCgiLimits;
	private readonly finder: HeadFinder;
	/** A record's header as far as it has come. */
	private readonly header: Uint8Array = new Uint8Array(HEADER);
	private headerLength = 0;
	private type = 0;
	/** Of the record under way: bytes of content and of padding still to come. */
	private content = 0;
	private padding = 0;
	/** Content of END_REQUEST, as far as it means something. */
	private fixed = '';
	private expecting = false;
	private withoutBody = false;
	private headDone = false;
	private outputEnded = false;
	/** Bytes of the body that may still come, and whether a Content-Length says so. */
	private left = 0;
	private declared = false;
	private excess = false;
	private unwanted = 0;
	private paused = false;
	private failed = false;

	constructor(events: FastCgiEvents, limits: FastCgiLimits) {
		this.events = events;
		this.limits = limits;
		this.finder = new HeadFinder(limits.headBytes);
	}

	/** A request goes out. `method` decides whether its response has a body. */
	begin(method: string): void {
		this.expecting = true;
		this.withoutBody = method === 'HEAD';
		this.headDone = this.outputEnded = this.declared = this.excess = false;
		this.unwanted = 0;
		this.finder.reset();
	}

	/** Whether nothing is under way: another request may go out. */
	get reusable(): boolean {
		return !this.expecting && !this.failed && this.headerLength === 0 && this.content === 0 && this.padding === 0;
	}

	pause(): void {
		this.paused = true;
	}

	resume(): void {
		this.paused = false;
	}

	/** Reads `bytes[start, end)` and answers how far it got: to the end, unless it was paused or has failed. */
	receive(bytes: Uint8Array, start: number, end: number): number {
		let at = start;
		while (at < end && !this.paused && !this.failed) {
			if (this.content > 0) at = this.readContent(bytes, at, end);
			else if (this.padding > 0) at = this.skipPadding(at, end);
			else at = this.readHeader(bytes, at, end);
		}
		return this.failed ? end : at;
	}

	/** No more bytes will come. */
	receiveEnd(): void {
		if (this.expecting && !this.failed) this.fail(violations.CUT_SHORT);
	}

	private skipPadding(at: number, end: number): number {
		const skipped = Math.min(this.padding, end - at);
		this.padding -= skipped;
		if (this.padding === 0) this.recordEnded();
		return at + skipped;
	}

	private readHeader(bytes: Uint8Array, start: number, end: number): number {
		const { header } = this;
		let at = start;
		while (at < end && this.headerLength < HEADER) header[this.headerLength++] = bytes[at++] as number;
		if (this.headerLength < HEADER) return at;
		this.headerLength = 0;
		const byte = (index: number): number => header[index] as number;
		const violation = this.judge(byte(0), byte(1), (byte(2) << 8) | byte(3));
		if (violation !== null) {
			this.fail(violation);
			return at;
		}
		this.type = byte(1);
		this.content = (byte(4) << 8) | byte(5);
		this.padding = byte(6);
		this.fixed = '';
		// Section 3.3: an empty record ends its stream.
		if (this.type === types.STDOUT && this.content === 0) this.outputEnded = true;
		if (this.content === 0 && this.padding === 0) this.recordEnded();
		return at;
	}

	/** What is wrong with a record of that type for that request; null when it may be read. */
	private judge(version: number, type: number, id: number): Violation | null {
		if (version !== VERSION) return violations.RECORD_VERSION;
		// Section 4: the set of management records is likely to grow. We ask for none; whatever comes is passed over.
		if (id === MANAGEMENT) return type > LAST_OF_REQUESTS ? null : violations.RECORD_TYPE;
		if (id !== REQUEST_ID) return violations.RECORD_ID;
		if (type !== types.STDOUT && type !== types.STDERR && type !== types.END_REQUEST) return violations.RECORD_TYPE;
		return this.expecting ? null : violations.UNEXPECTED_BYTES;
	}

	private readContent(bytes: Uint8Array, start: number, end: number): number {
		const to = Math.min(end, start + this.content);
		let at = to;
		switch (this.type) {
			case types.STDOUT:
				if (this.outputEnded) this.fail(violations.RECORD_ORDER);
				else at = this.headDone ? this.takeBody(bytes, start, to) : this.takeHead(bytes, start, to);
				break;
			case types.STDERR:
				this.events.stderr(bytes, start, to);
				break;
			case types.END_REQUEST:
				if (this.fixed.length < END_BODY) this.fixed += latin1(bytes, start, to);
		}
		this.content -= at - start;
		if (this.content === 0 && this.padding === 0) this.recordEnded();
		return at;
	}

	private takeHead(bytes: Uint8Array, start: number, end: number): number {
		const at = this.finder.find(bytes, start, end);
		if (at === INCOMPLETE) return end;
		if (at === TOO_LARGE) {
			this.fail(violations.FIELDS_TOO_LARGE);
			return end;
		}
		const head = parseCgiHead(this.finder.text, this.limits);
		this.finder.reset();
		if ('code' in head) {
			this.fail(head);
			return end;
		}
		this.headDone = true;
		this.withoutBody ||= head.status === 204 || head.status === 304 || head.redirect !== null;
		this.declared = head.length >= 0;
		this.left = this.declared ? head.length : this.limits.bodyBytes;
		if (!this.withoutBody && this.left > this.limits.bodyBytes) this.fail(violations.BODY_TOO_LARGE);
		else this.events.head(head);
		return at;
	}

	private takeBody(bytes: Uint8Array, start: number, end: number): number {
		if (this.withoutBody) {
			this.unwanted += end - start;
			if (this.unwanted > this.limits.unwantedBytes) this.fail(violations.BODY_UNWANTED);
			return end;
		}
		const to = end - start > this.left ? start + this.left : end;
		this.left -= to - start;
		if (to > start) this.events.body(bytes, start, to);
		if (to < end) {
			// What comes behind the declared length is dropped: no client could tell it from the next response.
			if (this.declared) this.excess = true;
			else this.fail(violations.BODY_TOO_LARGE);
		}
		return end;
	}

	/** A record has come with all of its padding. */
	private recordEnded(): void {
		if (this.failed) return;
		if (this.type === types.END_REQUEST) this.requestEnded();
	}

	private requestEnded(): void {
		if (this.fixed.length < END_BODY) return this.fail(violations.RECORD_LENGTH);
		const ending = ENDINGS[this.fixed.charCodeAt(4)];
		if (ending !== undefined) return this.fail(violations[ending]);
		if (!this.headDone) return this.fail(violations.NO_HEAD);
		if (!this.withoutBody && this.declared && this.left > 0) return this.fail(violations.CUT_SHORT);
		this.expecting = false;
		this.events.complete(this.excess);
	}

	private fail(violation: Violation): void {
		this.failed = true;
		this.events.violation(violation);
	}
}
