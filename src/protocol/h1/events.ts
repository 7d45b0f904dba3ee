/**
 * What crosses the boundary of the HTTP/1.1 codec. Bytes go in, events come out by synchronous calls on one listener;
 * text and bytes for the wire come back from the sending calls. No input or output, timers or promises on this side.
 */
import type { FieldList } from '../../fields/index.ts';
import type { Violation } from './violations.ts';

export type Role = 'server' | 'client';

/**
 * How long a body is: a number of bytes from 0 up, or one of these (RFC 9112 section 6.3).
 * NONE: no body and no framing field (GET requests, 1xx, 204); BODILESS: framing fields may be there, but no body (HEAD, 304).
 */
export type Framing = number;
export const CHUNKED = -1;
export const UNTIL_CLOSE = -2;
export const NONE = -3;

export interface RequestHead {
	readonly method: string;
	/** Byte for byte, latin1. */
	readonly target: string;
	readonly form: 'origin' | 'absolute' | 'authority' | 'asterisk';
	/** 10 or 11. Higher minor versions of HTTP/1 are read as 11. */
	readonly version: 10 | 11;
	readonly fields: FieldList;
	/** NONE, 0 and up, or CHUNKED. */
	readonly framing: Framing;
	/** Expect: 100-continue was sent, by a 1.1 client. */
	readonly expectsContinue: boolean;
	/** Host, or the authority of an absolute-form or authority-form target; '' when HTTP/1.0 sent none. */
	readonly authority: string;
	/** The request names Upgrade in Connection and has an Upgrade field (1.1 only), or is CONNECT. */
	readonly offersTunnel: boolean;
}

export interface ResponseHead {
	readonly status: number;
	readonly reason: string;
	readonly version: 10 | 11;
	readonly fields: FieldList;
	/** NONE, 0 and up, CHUNKED or UNTIL_CLOSE. Informational responses and switches: NONE. */
	readonly framing: Framing;
}

/** The listener. A connection of the engine or of the client implements it; every call may come from within `receive`. */
export interface H1Events<Head> {
	/** A complete head. Informational responses (1xx but 101) come here, too, before the final one. */
	head(head: Head): void;
	/** Body bytes `bytes[start, end)`, without chunk framing; `bytes` is what was given to `receive`. */
	body(bytes: Uint8Array, start: number, end: number): void;
	/** The message is complete. For a message without body this follows `head` at once. */
	complete(trailers: FieldList | null): void;
	/** The peer broke a rule: nothing more is read. */
	violation(violation: Violation): void;
}
