/**
 * The client's side of a SOCKS5 handshake (RFC 1928, RFC 1929) as a value: bytes in, bytes out, and an outcome. CONNECT
 * only, without authentication or with user and password. No byte is kept and none behind the reply is taken: what follows
 * belongs to the tunnel.
 */
import { addressBytes } from './address-bytes.ts';
import { CONNECT, IPV4, IPV6, NAME, NO_AUTHENTICATION, NONE_ACCEPTABLE, USER_PASSWORD } from './numbers.ts';

export interface SocksCredentials {
	readonly user: string;
	readonly password: string;
}

/** What a handshake came to when it did not succeed. */
export type SocksFailure =
	/** It broke the rules of SOCKS; `what` names the part. */
	| { readonly kind: 'violation'; readonly what: string }
	/** It accepts none of the methods that we offered. */
	| { readonly kind: 'methods' }
	/** It does not accept user and password. */
	| { readonly kind: 'credentials' }
	/** It said no: REP of RFC 1928 section 6, or a number that the RFC does not know. */
	| { readonly kind: 'reply'; readonly reply: number };

const VERSION = 5;

/** What the next byte is. */
const METHOD_VERSION = 0;
const METHOD = 1;
const STATUS_VERSION = 2;
const STATUS = 3;
const REPLY_VERSION = 4;
const REPLY = 5;
const RESERVED = 6;
const ADDRESS_TYPE = 7;
const NAME_LENGTH = 8;
const BOUND = 9;

export class SocksClient {
	/** The tunnel stands: what comes from now on is its own. */
	connected = false;
	failure: SocksFailure | null = null;
	private readonly credentials: SocksCredentials | null;
	private readonly request: Uint8Array;
	private output: number[] = [];
	private expected = METHOD_VERSION;
	/** Bytes of the bound address and port still to come. */
	private left = 0;

	/**
	 * `host` is a name or an IP address without brackets. Throws RangeError for a name of more than 255 bytes or none, a port
	 * out of range, and credentials that do not fit (RFC 1929: 1 to 255 bytes each).
	 */
	constructor(host: string, port: number, credentials: SocksCredentials | null = null) {
		this.credentials = credentials;
		if (credentials !== null) loginBytes(credentials);
		this.request = requestBytes(host, port);
		const methods = credentials === null ? [NO_AUTHENTICATION] : [NO_AUTHENTICATION, USER_PASSWORD];
		this.output.push(VERSION, methods.length, ...methods);
	}

	/** What is to be sent now: at the start, and after each `receive`. */
	takeOutput(): Uint8Array {
		const bytes = Uint8Array.from(this.output);
		this.output = [];
		return bytes;
	}

	/** Reads `bytes[start, end)` and answers the index of the first byte that is not the handshake's. */
	receive(bytes: Uint8Array, start: number, end: number): number {
		let at = start;
		while (at < end && !this.connected && this.failure === null) {
			// Nobody can answer yet what has not been sent.
			if (this.output.length > 0) this.violate('answer before its question');
			else this.read(bytes[at++] as number);
		}
		return at;
	}

	private read(byte: number): void {
		switch (this.expected) {
			case METHOD_VERSION:
				return this.require(byte === VERSION, 'version', METHOD);
			case METHOD:
				return this.readMethod(byte);
			case STATUS_VERSION:
				return this.require(byte === 1, 'authentication version', STATUS);
			case STATUS:
				return this.readStatus(byte);
			case REPLY_VERSION:
				return this.require(byte === VERSION, 'version of the reply', REPLY);
			case REPLY:
				// RFC 1928 section 6: it closes after that; the rest of a refusal says nothing, and some do not send it.
				if (byte === 0) this.expected = RESERVED;
				else this.failure = { kind: 'reply', reply: byte };
				return;
			case RESERVED:
				return this.require(byte === 0, 'reserved byte', ADDRESS_TYPE);
			case ADDRESS_TYPE:
				return this.readAddressType(byte);
			case NAME_LENGTH:
				return this.awaitBound(byte);
			default:
				if (--this.left === 0) this.connected = true;
		}
	}

	private readMethod(method: number): void {
		if (method === NONE_ACCEPTABLE) this.failure = { kind: 'methods' };
		else if (method === NO_AUTHENTICATION) this.ask();
		else if (method === USER_PASSWORD && this.credentials !== null) {
			this.output.push(...loginBytes(this.credentials));
			this.expected = STATUS_VERSION;
		} else this.violate('method that was not offered');
	}

	private readStatus(status: number): void {
		if (status === 0) this.ask();
		else this.failure = { kind: 'credentials' };
	}

	private ask(): void {
		this.output.push(...this.request);
		this.expected = REPLY_VERSION;
	}

	private readAddressType(type: number): void {
		if (type === IPV4) this.awaitBound(4);
		else if (type === IPV6) this.awaitBound(16);
		else this.require(type === NAME, 'address type', NAME_LENGTH);
	}

	private awaitBound(length: number): void {
		this.left = length + 2;
		this.expected = BOUND;
	}

	private require(holds: boolean, what: string, next: number): void {
		if (holds) this.expected = next;
		else this.violate(what);
	}

	private violate(what: string): void {
		this.failure = { kind: 'violation', what };
	}
}

const utf8 = new TextEncoder();

function loginBytes({ user, password }: SocksCredentials): readonly number[] {
	const [name, word] = [utf8.encode(user), utf8.encode(password)];
	for (const part of [name, word])
		if (part.length < 1 || part.length > 255)
			throw new RangeError('SOCKS5 takes a user and a password of 1 to 255 bytes each (RFC 1929).');
	return [1, name.length, ...name, word.length, ...word];
}

function requestBytes(host: string, port: number): Uint8Array {
	if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new RangeError(`Not a port: ${port}`);
	const head = [VERSION, CONNECT, 0];
	const address = addressBytes(host);
	if (address !== null) head.push(address.length === 4 ? IPV4 : IPV6, ...address);
	else {
		const name = utf8.encode(host);
		if (name.length < 1 || name.length > 255) throw new RangeError('SOCKS5 takes names of 1 to 255 bytes.');
		head.push(NAME, name.length, ...name);
	}
	return Uint8Array.from([...head, port >> 8, port & 255]);
}
