/**
 * Web streams at the edge: only code that asks for `body` pays for one. A stream made from a source is remembered, so
 * that a body which somebody merely passed on (`new Response(response.body)`) leaves as the source it was.
 */
import { usedAlready } from './once.ts';
import type { Sink, Source } from './source.ts';

/** What lies behind a stream of ours. `used` once anything was read from it or it was cancelled. */
interface Origin {
	readonly source: Source;
	used: boolean;
}

const origins = new WeakMap<object, Origin>();

/** A byte stream over `source`, which is started by the first read and paused between reads. */
export function webStream(source: Source): ReadableStream<Uint8Array<ArrayBuffer>> {
	const origin: Origin = { source, used: false };
	const stream = new ReadableStream(new Puller(origin), { highWaterMark: 0 });
	origins.set(stream, origin);
	return stream;
}

/** Whether anything was read from a stream made by `webStream`, or it was cancelled. */
export function isDisturbed(stream: ReadableStream): boolean {
	return origins.get(stream)?.used ?? false;
}

/** Takes the source out of a stream made by `webStream`, and locks the stream for good. Throws TypeError if it is in use. */
export function takeSource(stream: ReadableStream): Source {
	const origin = origins.get(stream);
	if (origin === undefined) throw new TypeError('Not a stream made from a source');
	if (origin.used || stream.locked) throw usedAlready();
	stream.getReader();
	origin.used = true;
	return origin.source;
}

/**
 * A source of what `stream` delivers. The source behind a stream of ours is used directly; both happens on `start`, until
 * then the stream stays untouched. `owner` is the native message that holds the stream: it knows whether bytes are missing.
 */
export function sourceOf(stream: ReadableStream, owner: { readonly bodyUsed: boolean } | null = null): Source {
	return new StreamSource(stream, owner);
}

/** Pushes into a byte stream what the source delivers, one chunk for each pull. */
class Puller implements Sink {
	readonly type = 'bytes' as const;
	private readonly origin: Origin;
	private controller: ReadableByteStreamController | null = null;
	private writing = false;
	private wanted = false;

	constructor(origin: Origin) {
		this.origin = origin;
	}

	pull(controller: ReadableByteStreamController): void {
		if (this.writing) {
			this.wanted = true;
		} else if (this.controller !== null) {
			this.origin.source.resume();
		} else {
			this.controller = controller;
			this.origin.used = true;
			this.origin.source.start(this);
		}
	}

	cancel(reason: unknown): void {
		this.origin.used = true;
		this.origin.source.cancel(reason);
	}

	write(chunk: Uint8Array): boolean {
		if (chunk.length === 0) return true;
		this.writing = true;
		this.wanted = false;
		// The stream takes the buffer away, and the chunk is only lent.
		(this.controller as ReadableByteStreamController).enqueue(new Uint8Array(chunk));
		this.writing = false;
		return this.wanted;
	}

	end(): void {
		const controller = this.controller as ReadableByteStreamController;
		controller.close();
		controller.byobRequest?.respond(0);
	}

	fail(reason: Error): void {
		(this.controller as ReadableByteStreamController).error(reason);
	}
}

const encoder = new TextEncoder();

class StreamSource implements Source {
	private readonly stream: ReadableStream;
	private readonly owner: { readonly bodyUsed: boolean } | null;
	/** The source behind a stream of ours, once started. */
	private inner: Source | null = null;
	private reader: ReadableStreamDefaultReader | null = null;
	private sink: Sink | null = null;
	private paused = false;
	private done = false;

	constructor(stream: ReadableStream, owner: { readonly bodyUsed: boolean } | null) {
		this.stream = stream;
		this.owner = owner;
	}

	get length(): number | null {
		return origins.get(this.stream)?.source.length ?? null;
	}

	start(sink: Sink): void {
		if (this.done || this.sink !== null || this.stream.locked || this.owner?.bodyUsed) throw usedAlready();
		this.sink = sink;
		if (origins.has(this.stream)) {
			this.inner = takeSource(this.stream);
			this.inner.start(sink);
		} else {
			this.reader = this.stream.getReader();
			this.read();
		}
	}

	resume(): void {
		if (this.inner !== null) this.inner.resume();
		else if (this.paused) {
			this.paused = false;
			this.read();
		}
	}

	cancel(reason?: unknown): void {
		if (this.done) return;
		this.done = true;
		if (this.inner !== null) this.inner.cancel(reason);
		else if (this.reader !== null) this.reader.cancel(reason).catch(ignore);
		else if (!this.stream.locked) this.stream.cancel(reason).catch(ignore);
	}

	private read(): void {
		(this.reader as ReadableStreamDefaultReader).read().then(
			(result) => this.take(result),
			(error) => this.fail(error),
		);
	}

	private take(result: { readonly done: boolean; readonly value?: unknown }): void {
		if (this.done) return;
		const sink = this.sink as Sink;
		if (result.done) {
			this.done = true;
			sink.end();
			return;
		}
		// Fetch wants bytes; frameworks written for Bun deliver text, too.
		const chunk = typeof result.value === 'string' ? encoder.encode(result.value) : result.value;
		if (!(chunk instanceof Uint8Array)) {
			(this.reader as ReadableStreamDefaultReader).cancel().catch(ignore);
			this.fail(new TypeError('A body stream must deliver Uint8Array chunks'));
		} else if (chunk.length === 0 || sink.write(chunk)) {
			// `write` may have cancelled.
			if (!this.done) this.read();
		} else {
			this.paused = true;
		}
	}

	private fail(error: unknown): void {
		if (this.done) return;
		this.done = true;
		(this.sink as Sink).fail(error instanceof Error ? error : new Error('The body stream failed', { cause: error }));
	}
}

/** The stream has already told its reader what went wrong. */
function ignore(): void {}
