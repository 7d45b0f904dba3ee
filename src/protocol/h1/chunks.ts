/**
 * The framing between the data of a chunked body (RFC 9112 section 7.1), one byte after another, so that it can stop
 * and go on anywhere. Data and trailers pass by it: it says how much data follows, and when the trailers begin.
 * Strict: no white space around the size, CRLF and nothing else at each line's end. Extensions are checked and dropped.
 */
import { CR, HEX, LF, TOKEN, VALUE } from './byte-classes.ts';
import type { H1Limits } from './limits.ts';
import { type Violation, violations } from './violations.ts';

/** Before the first digit of a size. */
const SIZE_START = 0;
const SIZE = 1;
/** Behind `;`: before, then in, a name. */
const NAME_START = 2;
const NAME = 3;
/** Behind `=`: before a value, in a token, in a quoted string, behind its `\`, behind its end. */
const VALUE_START = 4;
const TOKEN_VALUE = 5;
const QUOTED = 6;
const ESCAPED = 7;
const QUOTED_END = 8;
/** Behind the CR of a size line. */
const SIZE_LF = 9;
const DATA = 10;
const DATA_LF = 11;
const TRAILERS = 12;

const SEMICOLON = 0x3b;
const EQUALS = 0x3d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** More digits than any size needs; a limit on zeros in front. */
const MOST_DIGITS = 16;

export class ChunkFraming {
	violation: Violation | null = null;
	private state: number = SIZE_START;
	private size = 0;
	private data = 0;
	private digits = 0;
	private extension = 0;
	private extensions = 0;
	private total = 0;
	private readonly limits: H1Limits;

	constructor(limits: H1Limits) {
		this.limits = limits;
	}

	/** For another body. */
	reset(): void {
		this.size = this.data = this.digits = this.extension = this.extensions = this.total = 0;
		this.state = SIZE_START;
		this.violation = null;
	}

	/** The last chunk has been read: what follows is the trailer section. */
	get atTrailers(): boolean {
		return this.state === TRAILERS;
	}

	/** The bytes of data that follow; they are taken to be delivered. */
	takeData(): number {
		const { data } = this;
		this.data = 0;
		return data;
	}

	/** Reads framing from `at`; answers where data or trailers begin, or `end`, or where the violation is. */
	advance(bytes: Uint8Array, at: number, end: number): number {
		let p = at;
		while (p < end) {
			const byte = bytes[p] as number;
			if (this.state <= SIZE) this.inSize(byte);
			else if (this.state === SIZE_LF) this.sizeEnd(byte);
			else if (this.state >= DATA) this.dataEnd(byte);
			else this.inExtension(byte);
			if (this.violation !== null) return p;
			p++;
			if (this.data > 0 || this.state === TRAILERS) return p;
		}
		return p;
	}

	private inSize(byte: number): void {
		const digit = HEX[byte] as number;
		if (digit !== 255) {
			this.size = this.size * 16 + digit;
			this.state = SIZE;
			if (++this.digits > MOST_DIGITS || this.size > Number.MAX_SAFE_INTEGER) this.violation = violations.CHUNK_SIZE;
		} else if (this.state === SIZE_START) {
			this.violation = violations.CHUNK_SIZE;
		} else if (byte === SEMICOLON) {
			this.extension = 0;
			this.lengthen();
			this.state = NAME_START;
		} else if (byte === CR) {
			this.state = SIZE_LF;
		} else {
			this.violation = byte === LF ? violations.LINE_ENDING : violations.CHUNK_SIZE;
		}
	}

	private sizeEnd(byte: number): void {
		if (byte !== LF) {
			this.violation = violations.LINE_ENDING;
			return;
		}
		this.total += this.size;
		if (this.total > this.limits.bodyBytes) this.violation = violations.BODY_TOO_LARGE;
		else if (this.size === 0) this.state = TRAILERS;
		else {
			this.data = this.size;
			this.state = DATA;
		}
	}

	private dataEnd(byte: number): void {
		if (this.state === DATA && byte === CR) {
			this.state = DATA_LF;
		} else if (this.state === DATA_LF && byte === LF) {
			this.state = SIZE_START;
			this.size = this.digits = 0;
		} else {
			this.violation = violations.CHUNK_ENDING;
		}
	}

	/** `*( ";" name [ "=" value ] )`, without the white space that section 7.1.1 calls bad. */
	private inExtension(byte: number): void {
		if (byte === LF) this.violation = violations.LINE_ENDING;
		else if (byte === CR && mayEnd[this.state] === 1) this.state = SIZE_LF;
		else {
			this.lengthen();
			const next = extensionState(this.state, byte);
			if (next < 0) this.violation = violations.CHUNK_EXTENSION;
			else this.state = next;
		}
	}

	private lengthen(): void {
		this.extension++;
		this.extensions++;
		const { chunkExtensionBytes, chunkExtensionTotal } = this.limits;
		if (this.extension > chunkExtensionBytes || this.extensions > chunkExtensionTotal) {
			this.violation = violations.CHUNK_EXTENSION;
		}
	}
}

const mayEnd: readonly number[] = [0, 0, 0, 1, 0, 1, 0, 0, 1];

function extensionState(state: number, byte: number): number {
	const isToken = TOKEN[byte] === 1;
	switch (state) {
		case NAME_START:
			return isToken ? NAME : -1;
		case NAME:
			if (byte === EQUALS) return VALUE_START;
			return isToken ? NAME : nextExtension(byte);
		case VALUE_START:
			if (byte === QUOTE) return QUOTED;
			return isToken ? TOKEN_VALUE : -1;
		case TOKEN_VALUE:
			return isToken ? TOKEN_VALUE : nextExtension(byte);
		case QUOTED:
			if (byte === QUOTE) return QUOTED_END;
			if (byte === BACKSLASH) return ESCAPED;
			return VALUE[byte] === 1 ? QUOTED : -1;
		case ESCAPED:
			return VALUE[byte] === 1 ? QUOTED : -1;
		default:
			return nextExtension(byte);
	}
}

function nextExtension(byte: number): number {
	return byte === SEMICOLON ? NAME_START : -1;
}
