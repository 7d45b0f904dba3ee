/**
 * Payloads that are complete in memory. An engine recognises a WholeSource and takes its content in one piece, so that
 * a head and a small body leave in one write; for everybody else it is a source of one chunk.
 */
import type { Fields } from '../fields/index.ts';
import { usedAlready } from './once.ts';
import type { Sink, Source } from './source.ts';

const FRESH = 0;
const WRITING = 1;
const PAUSED = 2;
const USED = 3;

const encoder = new TextEncoder();
const ASCII = /^[\x00-\x7f]*$/;

/** A payload in memory: bytes, or a latin1 string that holds one byte in each code unit. */
export class WholeSource implements Source {
	readonly length: number;
	/** Fields behind the last byte; null when there are none. */
	readonly trailers: Fields | null;
	private content: string | Uint8Array;
	private sink: Sink | null = null;
	private state = FRESH;

	constructor(content: string | Uint8Array, trailers: Fields | null = null) {
		this.content = content;
		this.length = content.length;
		this.trailers = trailers;
	}

	/** Everything at once instead of `start`; a string is latin1. Throws TypeError when the source was used already. */
	take(): string | Uint8Array {
		if (this.state !== FRESH) throw usedAlready();
		this.state = USED;
		const { content } = this;
		this.content = '';
		return content;
	}

	start(sink: Sink): void {
		const content = this.take();
		if (content.length > 0) {
			this.state = WRITING;
			const more = sink.write(typeof content === 'string' ? latin1Bytes(content) : content);
			// The sink may have cancelled from within `write`.
			if (this.state !== WRITING) return;
			if (!more) {
				this.state = PAUSED;
				this.sink = sink;
				return;
			}
		}
		this.finish(sink);
	}

	resume(): void {
		if (this.state === PAUSED) this.finish(this.sink as Sink);
	}

	cancel(): void {
		this.state = USED;
		this.content = '';
		this.sink = null;
	}

	private finish(sink: Sink): void {
		this.state = USED;
		this.sink = null;
		if (this.trailers === null) sink.end();
		else sink.end(this.trailers);
	}
}

/** A source of these bytes, or of this text as UTF-8. The bytes are not copied: leave them as they are until they are sent. */
export function bytesSource(chunk: Uint8Array | string, trailers: Fields | null = null): WholeSource {
	const bytes = typeof chunk === 'string' && !ASCII.test(chunk) ? encoder.encode(chunk) : chunk;
	return new WholeSource(bytes, trailers);
}

/** A source of the bytes that the code units of `text` stand for. Throws RangeError for a code unit above 255. */
export function latin1Source(text: string, trailers: Fields | null = null): WholeSource {
	for (let i = 0; i < text.length; i++) {
		if (text.charCodeAt(i) > 0xff) throw new RangeError(`Not a latin1 string: character ${i} is above 255`);
	}
	return new WholeSource(text, trailers);
}

/** The bytes of a latin1 string. */
export function latin1Bytes(text: string): Uint8Array<ArrayBuffer> {
	const bytes = new Uint8Array(text.length);
	for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
	return bytes;
}
