/**
 * The server's side of a SOCKS handshake as a value: bytes in, bytes out, and a request or a failure. SOCKS5 (RFC 1928) without
 * authentication or with user and password (RFC 1929), SOCKS4 and SOCKS4a; CONNECT only. No byte behind the request is taken:
 * what follows belongs to the tunnel.
 *
 * RFC 1929 has credentials answered before anybody knows what is asked for. They are taken here whoever they are, and judged
 * together with the request. A client that offers both ways is asked for its password: one that has none offers none.
 */
import { parseAuthority } from '../../fields/index.ts';
import { addressText } from './address-bytes.ts';
import type { SocksCredentials } from './client.ts';
import {
	CONNECT,
	IPV4,
	IPV6,
	NAME,
	NO_AUTHENTICATION,
	NONE_ACCEPTABLE,
	type SocksReply,
	type SocksVersion,
	USER_PASSWORD,
} from './numbers.ts';
import { socksReply } from './replies.ts';

export interface SocksRequest {
	readonly version: SocksVersion;
	/** A name as it came, or an address in its usual form; without brackets. */
	readonly host: string;
	/** 1 to 65535. */
	readonly port: number;
	/** Who the client says it is, byte by byte (latin1); the user has no colon. SOCKS4 has no passwords: ''. */
	readonly credentials: SocksCredentials | null;
}

/** Bytes of a user or a host in SOCKS4, where a zero byte ends them and nothing else does. */
const LONGEST = 255;

type Phase = 'greeting' | 'credentials' | 'request' | 'socks4';

export class SocksServer {
	/** What the client asks for, once it has been read. */
	request: SocksRequest | null = null;
	/** Why this handshake comes to nothing: a sentence without its full stop. The connection ends behind the output. */
	failure: string | null = null;
	private phase: Phase = 'greeting';
	/** The client's message that is being read. */
	private message: number[] = [];
	private output: number[] = [];
	private credentials: SocksCredentials | null = null;

	/** What is to be sent now: after each `receive`. */
	takeOutput(): Uint8Array {
		const bytes = Uint8Array.from(this.output);
		this.output = [];
		return bytes;
	}

	/** Reads `bytes[start, end)` and answers the index of the first byte that is not the handshake's. */
	receive(bytes: Uint8Array, start: number, end: number): number {
		let at = start;
		while (at < end && this.request === null && this.failure === null) {
			this.message.push(bytes[at++] as number);
			this.read();
		}
		return at;
	}

	private read(): void {
		switch (this.phase) {
			case 'greeting':
				return this.readGreeting();
			case 'credentials':
				return this.readCredentials();
			case 'request':
				return this.readRequest();
			default:
				return this.readSocks4();
		}
	}

	/** VER NMETHODS METHODS (RFC 1928 section 3). */
	private readGreeting(): void {
		const [version, count, ...methods] = this.message;
		if (version === 4) this.phase = 'socks4';
		else if (version !== 5) this.fail('This is no version of SOCKS');
		else if (methods.length === count) this.choose(methods);
	}

	private choose(methods: readonly number[]): void {
		const known = [USER_PASSWORD, NO_AUTHENTICATION].find((method) => methods.includes(method));
		this.output.push(5, known ?? NONE_ACCEPTABLE);
		if (known === undefined) this.fail('The client offers no method of authentication that is known here');
		else this.expect(known === USER_PASSWORD ? 'credentials' : 'request');
	}

	/** VER ULEN UNAME PLEN PASSWD (RFC 1929 section 2). Either may be empty, though it says otherwise: some clients have no password. */
	private readCredentials(): void {
		const { message } = this;
		const [version, userLength] = message;
		if (version !== 1) return this.refuseCredentials('The credentials have an unknown version');
		if (userLength === undefined) return;
		const start = 3 + userLength;
		const passwordLength = message[start - 1];
		if (passwordLength === undefined || message.length < start + passwordLength) return;
		const user = latin1(message.slice(2, start - 1));
		const password = latin1(message.slice(start));
		// RFC 7617 section 2: behind a colon the password begins, for whoever is asked about the two.
		if (user.includes(':')) return this.refuseCredentials('The user has a colon');
		if (user !== '' || password !== '') this.credentials = { user, password };
		this.output.push(1, 0);
		this.expect('request');
	}

	/** VER CMD RSV ATYP DST.ADDR DST.PORT (RFC 1928 section 4). */
	private readRequest(): void {
		const { message } = this;
		const [version, command, reserved, type, first] = message;
		if (version !== 5) return this.fail('This is no request of SOCKS5');
		if (type === undefined) return;
		if (command !== CONNECT) return this.refuse(5, 'commandNotSupported', 'Only CONNECT is known here');
		if (reserved !== 0) return this.refuse(5, 'generalFailure', 'The reserved byte of the request is not zero');
		const start = type === NAME ? 5 : 4;
		const length = type === IPV4 ? 4 : type === IPV6 ? 16 : first;
		if (type !== IPV4 && type !== IPV6 && type !== NAME)
			return this.refuse(5, 'addressTypeNotSupported', 'There is no such type of address');
		if (length === undefined || message.length < start + length + 2) return;
		const address = message.slice(start, start + length);
		this.ask(5, type === NAME ? latin1(address) : addressText(address), message.slice(start + length));
	}

	/** VN CD DSTPORT DSTIP USERID NUL; in SOCKS4a, behind an address of 0.0.0.x, a name and another NUL. */
	private readSocks4(): void {
		const { message } = this;
		if (message.length < 8) return;
		if (message[1] !== CONNECT) return this.refuse(4, 'commandNotSupported', 'Only CONNECT is known here');
		const userEnd = message.indexOf(0, 8);
		const [a, b, c, d] = message.slice(4, 8);
		const named = a === 0 && b === 0 && c === 0 && d !== 0;
		const end = named && userEnd >= 0 ? message.indexOf(0, userEnd + 1) : userEnd;
		if (end < 0) {
			const length = message.length - (userEnd < 0 ? 8 : userEnd + 1);
			if (length > LONGEST) this.refuse(4, 'generalFailure', 'The user or the host is too long');
			return;
		}
		const user = latin1(message.slice(8, userEnd));
		if (user.includes(':')) return this.refuse(4, 'notAllowed', 'The user has a colon');
		if (user !== '') this.credentials = { user, password: '' };
		const host = named ? latin1(message.slice(userEnd + 1, end)) : addressText(message.slice(4, 8));
		this.ask(4, host, message.slice(2, 4));
	}

	private ask(version: SocksVersion, host: string, [high = 0, low = 0]: readonly number[]): void {
		const port = high * 256 + low;
		const bracketed = host.startsWith('[');
		const authority = parseAuthority(host.includes(':') && !bracketed ? `[${host}]` : host);
		if (authority === null || authority.port !== null || port === 0)
			return this.refuse(version, 'generalFailure', 'The destination is no host with a port');
		const bare = bracketed ? host.slice(1, -1) : host;
		this.request = { version, host: bare, port, credentials: this.credentials };
	}

	private expect(phase: Phase): void {
		this.message = [];
		this.phase = phase;
	}

	private refuse(version: SocksVersion, reply: SocksReply, failure: string): void {
		this.output.push(...socksReply(version, reply));
		this.fail(failure);
	}

	private refuseCredentials(failure: string): void {
		this.output.push(1, 1);
		this.fail(failure);
	}

	private fail(failure: string): void {
		this.failure = failure;
	}
}

/** At most 255 of them. */
function latin1(bytes: readonly number[]): string {
	return String.fromCharCode(...bytes);
}
