/**
 * A small reader of HTTP/1.1 messages for tests on raw sockets. It shares no code with the codec it helps to test and
 * trusts what it reads: tests assert on the raw text where the exact bytes matter.
 */

export type Pair = readonly [name: string, value: string];

/** One message as it stood on the wire (latin1). */
export class Message {
	readonly startLine: string;
	readonly fields: readonly Pair[];
	readonly body: string;
	readonly trailers: readonly Pair[];
	/** The whole message, byte for byte. */
	readonly raw: string;

	constructor(head: Head, body: string, trailers: readonly Pair[], raw: string) {
		this.startLine = head.startLine;
		this.fields = head.fields;
		this.body = body;
		this.trailers = trailers;
		this.raw = raw;
	}

	/** Of a response. */
	get status(): number {
		return Number(this.startLine.split(' ')[1]);
	}

	/** Of a request. */
	get method(): string {
		return this.startLine.split(' ')[0] as string;
	}

	/** Of a request. */
	get target(): string {
		return this.startLine.split(' ')[1] as string;
	}

	get(name: string): string | null {
		return valueOf(this.fields, name);
	}

	/** Values of every line of that name, in order. */
	all(name: string): string[] {
		return allOf(this.fields, name);
	}

	trailer(name: string): string | null {
		return valueOf(this.trailers, name);
	}
}

export interface Head {
	readonly startLine: string;
	readonly fields: readonly Pair[];
	/** Where the first byte behind the head is. */
	readonly next: number;
}

function allOf(fields: readonly Pair[], name: string): string[] {
	return fields.filter(([other]) => other.toLowerCase() === name.toLowerCase()).map(([, value]) => value);
}

function valueOf(fields: readonly Pair[], name: string): string | null {
	const values = allOf(fields, name);
	return values.length === 0 ? null : values.join(', ');
}

function pairsOf(lines: readonly string[]): Pair[] {
	return lines.map((line) => {
		const colon = line.indexOf(':');
		return [line.slice(0, colon), line.slice(colon + 1).trim()];
	});
}

/** The head that begins at `from`, or null while it is not complete. */
export function readHead(text: string, from: number): Head | null {
	const end = text.indexOf('\r\n\r\n', from);
	if (end < 0) return null;
	const [startLine, ...lines] = text.slice(from, end).split('\r\n');
	return { startLine: startLine as string, fields: pairsOf(lines), next: end + 4 };
}

interface Body {
	readonly body: string;
	readonly trailers: readonly Pair[];
	readonly next: number;
}

/** The chunked body that begins at `from`, or null while it is not complete. */
export function readChunked(text: string, from: number): Body | null {
	let body = '';
	let at = from;
	for (;;) {
		const line = text.indexOf('\r\n', at);
		if (line < 0) return null;
		const size = Number.parseInt(text.slice(at, line), 16);
		if (Number.isNaN(size)) throw new Error(`Not a chunk size: ${JSON.stringify(text.slice(at, line))}`);
		at = line + 2;
		if (size === 0) return readTrailers(text, at, body);
		if (text.length < at + size + 2) return null;
		body += text.slice(at, at + size);
		if (text.slice(at + size, at + size + 2) !== '\r\n') throw new Error('A chunk does not end in CRLF.');
		at += size + 2;
	}
}

function readTrailers(text: string, from: number, body: string): Body | null {
	if (text.startsWith('\r\n', from)) return { body, trailers: [], next: from + 2 };
	const end = text.indexOf('\r\n\r\n', from);
	if (end < 0) return null;
	return { body, trailers: pairsOf(text.slice(from, end).split('\r\n')), next: end + 4 };
}

function withLength(text: string, from: number, length: number): Body | null {
	if (text.length < from + length) return null;
	return { body: text.slice(from, from + length), trailers: [], next: from + length };
}

/** What the reader must know that the message does not say. */
export interface Reading {
	/** The sender has closed: a body that runs until the close is complete. */
	readonly ended: boolean;
	/** Method of the request that a response answers. */
	readonly method?: string;
}

function bodyOf(head: Head, text: string, { ended, method = 'GET' }: Reading): Body | null {
	const isResponse = head.startLine.startsWith('HTTP/');
	const status = isResponse ? Number(head.startLine.split(' ')[1]) : 0;
	const bodiless =
		isResponse &&
		(status < 200 || status === 204 || status === 304 || method === 'HEAD' || (method === 'CONNECT' && status < 300));
	if (bodiless) return withLength(text, head.next, 0);
	if (valueOf(head.fields, 'transfer-encoding') !== null) return readChunked(text, head.next);
	const length = valueOf(head.fields, 'content-length');
	if (length !== null) return withLength(text, head.next, Number(length));
	if (!isResponse) return withLength(text, head.next, 0);
	return ended ? withLength(text, head.next, text.length - head.next) : null;
}

/** The message that begins at `from` with the index behind it, or null while it is not complete. */
export function readMessage(text: string, from: number, reading: Reading): { message: Message; next: number } | null {
	const head = readHead(text, from);
	if (head === null) return null;
	const body = bodyOf(head, text, reading);
	if (body === null) return null;
	return { message: new Message(head, body.body, body.trailers, text.slice(from, body.next)), next: body.next };
}
