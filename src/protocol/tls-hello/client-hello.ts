/**
 * The body of a ClientHello (RFC 8446 section 4.1.2, RFC 5246 section 7.4.1.2) as far as it says whom it is for and what
 * will be spoken. Whatever does not add up to its last byte is malformed: who decides by a name must not read another one
 * than who ends the TLS.
 */

export interface ClientHello {
	/** The name of SNI (RFC 6066 section 3) in lower case and without a final dot; null when the client named none. */
	readonly serverName: string | null;
	/** What ALPN offers (RFC 7301), in the client's order. */
	readonly protocols: readonly string[];
}

const SERVER_NAME = 0;
const ALPN = 16;
const HOST_NAME = 0;
const RANDOM = 32;
const LONGEST_SESSION_ID = 32;

/** Characters of a name, and octets of a label (RFC 1035 section 2.3.4). */
const LONGEST_NAME = 253;
const NAME = /^[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/;

/** Reads the body, without the four bytes before it; null when it is malformed. */
export function readClientHello(body: Uint8Array): ClientHello | null {
	const read = new Reader(body, 0, body.length);
	const major = read.number(1);
	read.skip(1 + RANDOM);
	const session = read.vector(1);
	const ciphers = read.vector(2);
	const compressions = read.vector(1);
	const lengths = session.left <= LONGEST_SESSION_ID && ciphers.left >= 2 && ciphers.left % 2 === 0;
	if (read.failed || major !== 3 || !lengths || compressions.left === 0) return null;
	// Before TLS 1.2 there need not be any extensions.
	if (read.left === 0) return { serverName: null, protocols: [] };
	const extensions = read.vector(2);
	return read.failed || read.left > 0 ? null : readExtensions(extensions);
}

function readExtensions(read: Reader): ClientHello | null {
	const seen = new Set<number>();
	let serverName: string | null = null;
	let protocols: readonly string[] = [];
	while (read.left > 0) {
		const type = read.number(2);
		const extension = read.vector(2);
		// RFC 8446 section 4.2: not more than one extension of a type.
		if (read.failed || seen.has(type)) return null;
		seen.add(type);
		if (type === SERVER_NAME) {
			serverName = readServerName(extension);
			if (serverName === null) return null;
		} else if (type === ALPN) {
			const offered = readProtocols(extension);
			if (offered === null) return null;
			protocols = offered;
		}
	}
	return { serverName, protocols };
}

/** RFC 6066 section 3: a list of names, not more than one of a type, and there is but one type. */
function readServerName(extension: Reader): string | null {
	const list = extension.vector(2);
	const type = list.number(1);
	const name = list.vector(2).text();
	if (extension.failed || extension.left > 0 || list.failed || list.left > 0 || type !== HOST_NAME) return null;
	const plain = (name.endsWith('.') ? name.slice(0, -1) : name).toLowerCase();
	return plain.length <= LONGEST_NAME && NAME.test(plain) ? plain : null;
}

function readProtocols(extension: Reader): string[] | null {
	const list = extension.vector(2);
	const protocols: string[] = [];
	while (list.left > 0 && !list.failed) protocols.push(list.vector(1).text());
	const bad = extension.failed || extension.left > 0 || list.failed;
	return bad || protocols.length === 0 || protocols.includes('') ? null : protocols;
}

/** Reads numbers and vectors; once something reaches past the end, everything is empty and `failed` says so. */
class Reader {
	failed = false;
	private readonly bytes: Uint8Array;
	private at: number;
	private readonly end: number;

	constructor(bytes: Uint8Array, at: number, end: number) {
		this.bytes = bytes;
		this.at = at;
		this.end = end;
	}

	get left(): number {
		return this.failed ? 0 : this.end - this.at;
	}

	number(size: number): number {
		const from = this.skip(size);
		let value = 0;
		if (!this.failed) for (let i = 0; i < size; i++) value = value * 256 + (this.bytes[from + i] as number);
		return value;
	}

	/** What stands behind a length of `size` bytes. */
	vector(size: number): Reader {
		const length = this.number(size);
		const from = this.skip(length);
		return this.failed ? new Reader(this.bytes, 0, 0) : new Reader(this.bytes, from, from + length);
	}

	/** The rest, each byte a character. */
	text(): string {
		let text = '';
		for (let at = this.at; at < this.end; at++) text += String.fromCharCode(this.bytes[at] as number);
		return text;
	}

	/** Goes on by `size`; gives the place before. */
	skip(size: number): number {
		const from = this.at;
		if (size > this.left) this.failed = true;
		else this.at += size;
		return from;
	}
}
