/**
 * The sending half of a connection: the calls that answer with text for the wire. It keeps the state of the outgoing
 * message and what both halves must know of the exchange; it refuses whatever would be wrong on the wire by throwing
 * LocalViolation, before anything has changed. Every text is latin1.
 */
import { type FieldList, FRAMING, tags } from '../../fields/index.ts';
import { BodyWriter } from './body-writer.ts';
import { TARGET } from './byte-classes.ts';
import { CHUNKED, type Framing, NONE, type Role, UNTIL_CLOSE } from './events.ts';
import { isBodiless } from './framing.ts';
import { LocalViolation, type LocalViolationCode } from './local-violation.ts';
import { after, BODY, DONE, IDLE, NOWHERE, ON_COMPLETE, ON_HEAD, ON_INTERIM, ON_NEXT, ON_SWITCH } from './states.ts';
import {
	headEnd,
	informationalHead,
	requestConnectionLine,
	responseConnectionLine,
	statusLine,
	upgradeLine,
} from './write-head.ts';

const NOT_METHOD = /[^!#$%&'*+\-.^_`|~0-9A-Za-z]/;

export abstract class Sender {
	/** The connection may serve another exchange, as far as both heads have said. Once false, it stays so. */
	persistent = true;
	protected readonly isServer: boolean;
	protected incomingState: number = IDLE;
	protected outgoingState: number = IDLE;
	/** Of the request of this exchange; '' before it is known. */
	protected method = '';
	/** Of the request received. */
	protected version: 10 | 11 = 11;
	/** The request offers a tunnel. */
	protected offered = false;
	/** The response has accepted it. */
	protected switching = false;
	private readonly writer: BodyWriter = new BodyWriter();

	constructor(role: Role) {
		this.isServer = role === 'server';
	}

	/** The state of the message coming in, a number of states. */
	get incoming(): number {
		return this.incomingState;
	}

	/** The state of the message going out, a number of states. */
	get outgoing(): number {
		return this.outgoingState;
	}

	/** No other exchange will follow this one; a head not yet written says so. */
	close(): void {
		this.persistent = false;
	}

	/**
	 * A request's head. Framing, Connection and Upgrade lines in `fields` are replaced by the codec's own, an Upgrade
	 * field being an offer. `extra` is ready-made lines to come first, Host say (RFC 9110 section 7.2). `end` must
	 * follow, also when there is no body.
	 */
	requestHead(method: string, target: string, fields: FieldList, framing: Framing, extra: string): string {
		ensure(!this.isServer, 'STATE', 'A server sends no request.');
		this.checkStart(framing);
		ensure(method === 'GET' || (method !== '' && !NOT_METHOD.test(method)), 'START_LINE', 'The method is not a token.');
		ensure(isTarget(target), 'START_LINE', 'The target holds what must be encoded.');
		ensure(framing !== UNTIL_CLOSE, 'FRAMING', 'The end of a request cannot be shown by closing.');
		ensure(framing === NONE || method !== 'CONNECT', 'FRAMING', 'CONNECT has no body.');
		const upgrade = method === 'CONNECT' ? '' : upgradeLine(fields);
		const te = fields.hasTagged(tags.te);
		this.method = method;
		this.offered = upgrade !== '' || method === 'CONNECT';
		this.begin(framing);
		const connection = requestConnectionLine(this.persistent, upgrade !== '', te);
		const start = (method === 'GET' ? 'GET ' : method + ' ') + target + ' HTTP/1.1\r\n';
		return start + extra + fields.serialize(FRAMING) + headEnd(framing, upgrade, connection);
	}

	/**
	 * The head of a final response, 101 included. `framing` is that of the payload; for HEAD, 304, 204 and 2xx to
	 * CONNECT the codec knows that none follows. NONE is written as `Content-Length: 0` where a body could be.
	 * `end` must follow, also when there is no body, or `switchProtocols`.
	 */
	responseHead(status: number, reason: string, fields: FieldList, framing: Framing, extra: string): string {
		ensure(this.isServer, 'STATE', 'A client sends no response.');
		this.checkStart(framing);
		const isSwitch = status === 101;
		ensure(isSwitch ? this.canSwitch() : isFinal(status), 'STATUS', 'Not the status of a final response here.');
		const connects = this.method === 'CONNECT';
		if (isSwitch || status === 204 || (connects && status < 300)) {
			return this.bareHead(status, reason, fields, extra, isSwitch || connects);
		}
		const bodiless = isBodiless(status, this.method);
		let written = framing === NONE && !bodiless ? 0 : framing;
		if (written === CHUNKED && this.version === 10) {
			ensure(bodiless, 'FRAMING', 'An HTTP/1.0 client does not know chunked.');
			written = NONE;
		}
		// Behind a refused CONNECT there may be bytes meant for the tunnel; they must not be read as requests.
		if ((written === UNTIL_CLOSE && !bodiless) || connects || !this.hasRequest()) this.persistent = false;
		this.begin(bodiless ? NONE : written);
		const upgrade = status === 426 ? upgradeLine(fields) : '';
		const connection = responseConnectionLine(this.persistent, upgrade !== '', this.version);
		const start = statusLine(status, reason) + fields.serialize(FRAMING);
		return (extra === '' ? start : start + extra) + headEnd(written, upgrade, connection);
	}

	/** A head that may not have framing fields: 101, 204 and 2xx to CONNECT (RFC 9112 section 6.1). */
	private bareHead(status: number, reason: string, fields: FieldList, extra: string, switches: boolean): string {
		const upgrade = status === 101 ? upgradeLine(fields) : '';
		ensure(status !== 101 || upgrade !== '', 'STATUS', 'A 101 must say in Upgrade what follows.');
		if (!switches && !this.hasRequest()) this.persistent = false;
		const connection = responseConnectionLine(
			this.persistent || switches,
			upgrade !== '',
			switches ? 11 : this.version,
		);
		this.switching = switches;
		if (switches) this.persistent = false;
		this.begin(NONE);
		return `${statusLine(status, reason)}${fields.serialize(FRAMING)}${extra}${upgrade}${connection}\r\n`;
	}

	/** A 1xx head other than 101; '' for an HTTP/1.0 client, which must not get any (RFC 9110 section 15.2). */
	informational(status: number, reason: string, fields: FieldList): string {
		ensure(this.isServer && this.hasRequest(), 'STATE', 'There is no request to inform about.');
		ensure(after(this.outgoingState, ON_INTERIM) !== NOWHERE, 'STATE', 'The final head has been sent.');
		ensure(status >= 100 && status < 200 && status !== 101, 'STATUS', 'Not an informational status.');
		return this.version === 10 ? '' : informationalHead(status, reason, fields);
	}

	/** What goes before `length` body bytes: '' or the size of a chunk. */
	bodyHead(length: number): string {
		ensure(this.outgoingState === BODY, 'STATE', 'There is no body to send.');
		return this.writer.head(length);
	}

	/** What goes behind them: '' or the end of a chunk. */
	bodyTail(): string {
		return this.writer.tail();
	}

	/** Completes the message: '' or the last chunk with the trailers. */
	end(trailers: FieldList | null): string {
		ensure(this.outgoingState === BODY, 'STATE', 'There is no message to end.');
		const text = this.writer.end(trailers);
		this.outgoingState = after(BODY, ON_COMPLETE);
		return text;
	}

	/** For the receiving half: the next exchange. */
	protected nextOutgoing(): void {
		this.outgoingState = after(DONE, ON_NEXT);
		this.method = '';
		this.version = 11;
		this.offered = false;
	}

	/** For the receiving half: the outgoing bytes are no longer HTTP. */
	protected switchOutgoing(): void {
		ensure(this.switching, 'STATE', 'No tunnel has been accepted.');
		ensure(this.outgoingState === DONE || this.writer.isEmpty, 'STATE', 'The request has not been sent in full.');
		this.outgoingState = after(this.outgoingState, ON_SWITCH);
	}

	private begin(framing: Framing): void {
		this.writer.begin(framing);
		this.outgoingState = after(this.outgoingState, ON_HEAD);
	}

	private checkStart(framing: Framing): void {
		ensure(this.outgoingState === IDLE, 'STATE', 'A head has been sent already.');
		ensure(framing >= NONE && Number.isSafeInteger(framing), 'FRAMING', 'Not a framing.');
	}

	private canSwitch(): boolean {
		return this.offered && this.method !== 'CONNECT';
	}

	/** Whether the head of a request has been read; without one, a response can only be the last thing said. */
	private hasRequest(): boolean {
		return this.method !== '';
	}
}

function isTarget(text: string): boolean {
	for (let i = 0; i < text.length; i++) {
		const code = text.charCodeAt(i);
		if (code > 0x7e || TARGET[code] === 0) return false;
	}
	return text.length > 0;
}

function isFinal(status: number): boolean {
	return status >= 200 && status <= 999 && Number.isInteger(status);
}

function ensure(holds: boolean, code: LocalViolationCode, message: string): void {
	if (!holds) throw new LocalViolation(code, message);
}
