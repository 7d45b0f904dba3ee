/** A whole payload in memory: what `text()`, `json()` and small transforms are made of. */
import type { Sink, Source } from './source.ts';
import { latin1Bytes, WholeSource } from './whole.ts';

/** A length that a peer merely claims is believed up to this many bytes when memory is set aside. */
const TRUSTED_LENGTH = 65_536;

/** `collect` rejects with it when more bytes come than its limit allows. */
export class TooLargeError extends Error {
	override readonly name = 'TooLargeError';
	readonly code = 'TOO_LARGE';
	constructor(limit: number) {
		super(`The payload is larger than ${limit} bytes`);
	}
}

/**
 * Starts `source` and resolves with all its bytes, in an array of their own. Rejects with what the source fails with, with
 * TooLargeError past `limit` bytes (the source is cancelled then), and with TypeError when the source was used before.
 */
export function collect(source: Source, limit: number = Number.POSITIVE_INFINITY): Promise<Uint8Array<ArrayBuffer>> {
	return new Promise((resolve, reject) => {
		if (source.length !== null && source.length > limit) {
			source.cancel();
			reject(new TooLargeError(limit));
		} else if (source instanceof WholeSource) {
			const content = source.take();
			resolve(typeof content === 'string' ? latin1Bytes(content) : new Uint8Array(content));
		} else {
			source.start(new Collector(source, limit, resolve, reject));
		}
	});
}

const decoder = new TextDecoder();
// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is that of ASCII
const ASCII = /^[\x00-\x7f]*$/;

/** As `collect`, decoded from UTF-8 as fetch does: a byte order mark is dropped, malformed bytes become U+FFFD. */
export async function collectText(source: Source, limit: number = Number.POSITIVE_INFINITY): Promise<string> {
	if (source instanceof WholeSource && source.length <= limit) {
		const content = source.take();
		if (typeof content !== 'string') return decoder.decode(content);
		return ASCII.test(content) ? content : decoder.decode(latin1Bytes(content));
	}
	return decoder.decode(await collect(source, limit));
}

class Collector implements Sink {
	private readonly source: Source;
	private readonly limit: number;
	private readonly resolve: (bytes: Uint8Array<ArrayBuffer>) => void;
	private readonly reject: (reason: Error) => void;
	/** The bytes so far are `bytes[0, length)`. */
	private bytes: Uint8Array<ArrayBuffer>;
	private length = 0;

	constructor(
		source: Source,
		limit: number,
		resolve: (bytes: Uint8Array<ArrayBuffer>) => void,
		reject: (reason: Error) => void,
	) {
		this.source = source;
		this.limit = limit;
		this.resolve = resolve;
		this.reject = reject;
		this.bytes = new Uint8Array(Math.min(source.length ?? 0, TRUSTED_LENGTH));
	}

	write(chunk: Uint8Array): boolean {
		const length = this.length + chunk.length;
		if (length > this.limit) {
			const error = new TooLargeError(this.limit);
			this.source.cancel(error);
			this.bytes = new Uint8Array(0);
			this.reject(error);
			return false;
		}
		if (length > this.bytes.length) {
			const larger = new Uint8Array(Math.max(length, Math.min(this.bytes.length * 2, this.source.length ?? Infinity)));
			larger.set(this.bytes.subarray(0, this.length));
			this.bytes = larger;
		}
		this.bytes.set(chunk, this.length);
		this.length = length;
		return true;
	}

	end(): void {
		this.resolve(this.length === this.bytes.length ? this.bytes : this.bytes.slice(0, this.length));
	}

	fail(reason: Error): void {
		this.reject(reason);
	}
}
