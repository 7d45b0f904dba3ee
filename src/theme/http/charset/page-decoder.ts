/**
 * The bytes of a page as text. A page that declares nothing is UTF-8 where its bytes are, else windows-1252: what comes
 * piece by piece is settled by the first piece that is not ASCII alone. Malformed bytes become U+FFFD.
 */
import { charsetOfMark, charsetOfPrescan, charsetOfType, PRESCAN } from './declared.ts';

interface Decoder {
	decode(bytes?: Uint8Array, options?: { readonly stream?: boolean }): string;
}

const UNDECLARED = 'windows-1252';

export class PageDecoder {
	private readonly contentType: string;
	private readonly fallback: string | null;
	private decoder: Decoder | null = null;
	/** Bytes kept until the charset is settled. */
	private early: Uint8Array | null = null;

	/** `fallback`: for pages that declare nothing, instead of a guess. */
	constructor(contentType: string, fallback: string | null) {
		this.contentType = contentType;
		this.fallback = fallback;
	}

	/** A whole page. Throws RefusedCharset. */
	whole(bytes: Uint8Array): string {
		const name = this.declared(bytes) ?? this.fallback;
		if (name !== null) return new TextDecoder(name).decode(bytes);
		try {
			return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
		} catch {
			return new TextDecoder(UNDECLARED).decode(bytes);
		}
	}

	/** The next piece: the text that is sure by now. Throws RefusedCharset. */
	write(piece: Uint8Array): string {
		if (this.decoder !== null) return this.decoder.decode(piece, { stream: true });
		const bytes = this.early === null ? piece : joined(this.early, piece);
		this.early = bytes;
		// A byte order mark could still come.
		if (bytes.length < 3) return '';
		const declared = this.declared(bytes);
		if (declared === null && bytes.length < PRESCAN) return '';
		const name = declared ?? this.fallback;
		this.early = null;
		this.decoder = name === null ? new Guessing() : new TextDecoder(name);
		return this.decoder.decode(bytes, { stream: true });
	}

	/** The page is complete: what was kept. Throws RefusedCharset. */
	end(): string {
		if (this.decoder !== null) return this.decoder.decode();
		return this.early === null ? '' : this.whole(this.early);
	}

	private declared(bytes: Uint8Array): string | null {
		return charsetOfMark(bytes) ?? charsetOfType(this.contentType) ?? charsetOfPrescan(bytes);
	}
}

/** What bytes look like that begin beyond ASCII: null while there is no more than a part of a character. */
function guessed(bytes: Uint8Array): string | null {
	try {
		const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
		return text === '' ? null : 'utf-8';
	} catch {
		return UNDECLARED;
	}
}

/** ASCII until something else comes, and then what that looks like. */
class Guessing implements Decoder {
	private settled: Decoder | null = null;
	/** Less than a character. */
	private held: Uint8Array = EMPTY;

	decode(piece: Uint8Array = EMPTY, options: { readonly stream?: boolean } = {}): string {
		if (this.settled !== null) return this.settled.decode(piece, options);
		const bytes = this.held.length === 0 ? piece : joined(this.held, piece);
		const at = bytes.findIndex((byte) => byte >= 0x80);
		this.held = EMPTY;
		if (at === -1) return ascii.decode(bytes);
		const rest = bytes.subarray(at);
		const name = guessed(rest) ?? (options.stream === true ? null : UNDECLARED);
		if (name === null) this.held = rest;
		else this.settled = new TextDecoder(name);
		return ascii.decode(bytes.subarray(0, at)) + (this.settled?.decode(rest, options) ?? '');
	}
}

const EMPTY = new Uint8Array(0);
const ascii = new TextDecoder();

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
	const whole = new Uint8Array(a.length + b.length);
	whole.set(a);
	whole.set(b, a.length);
	return whole;
}
