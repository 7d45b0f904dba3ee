/**
 * The bytes of a stored response, which may still be coming: whoever wants them gets what is there and then what comes. They
 * come as fast as the origin sends them, whatever those who read them do; a body that turns out too large to be kept flows on,
 * at the pace of the slowest who reads it, and is kept no longer than they need it.
 */
import { CutShortError, joined, latin1Bytes, type Sink, type Source, WholeSource } from '../bytes/index.ts';

/** Up to this many bytes a complete body is kept as a string: it costs the least, and leaves in one write with its head. */
const SMALL = 16_384;
/** After so many bytes more the owner is told that it has grown. */
const STEP = 262_144;
/** Bytes that are kept for the slowest reader of a body that is too large to be stored. */
const WINDOW = 1_048_576;

/** Told once. */
export interface BodyOwner {
	/** All of it is there. */
	bodyComplete(): void;
	/** It was cut short, or nobody wants it any more. */
	bodyCut(): void;
	/** It is more than may be kept. */
	bodyTooLarge(): void;
	/** It has grown by a good deal. False: there is no room for it, as if it were too large. */
	bodyGrown(): boolean;
}

export class Body implements Sink {
	/** When it is complete: all of it; a string is latin1. */
	private whole: string | Uint8Array | null = null;
	private chunks: Uint8Array[] = [];
	/** Where each of them begins. */
	private starts: number[] = [];
	/** The position of the first byte that is kept, and that behind the last. */
	private base = 0;
	private received = 0;
	/** As many have been told. */
	private told = 0;
	private readonly length: number | null;
	private readonly most: number;
	private readonly owner: BodyOwner | null;
	private readonly readers: Set<Reader> = new Set();
	private source: Source | null = null;
	private failure: Error | null = null;
	private flowsBy = false;
	private held = false;

	private constructor(length: number | null, most: number, owner: BodyOwner | null) {
		this.length = length;
		this.most = most;
		this.owner = owner;
	}

	/** Bytes that come from `source`, of which `most` are kept. It begins to flow with `fill`. */
	static from(source: Source, most: number, owner: BodyOwner): Body {
		const body = new Body(source.length, most, owner);
		body.source = source;
		return body;
	}

	get isComplete(): boolean {
		return this.whole !== null;
	}

	/** Bytes that are kept. */
	get bytes(): number {
		return this.whole === null ? this.received - this.base : this.whole.length;
	}

	/** All of it, when it is complete. */
	get content(): string | Uint8Array {
		return this.whole ?? '';
	}

	fill(): void {
		this.source?.start(this);
	}

	/** Whether anybody reads it now. */
	get isRead(): boolean {
		return this.readers.size > 0;
	}

	/** All of its bytes, for one who reads them. */
	read(): Source {
		const { whole } = this;
		if (whole !== null) return new WholeSource(whole);
		const reader = new Reader(this, this.length);
		this.readers.add(reader);
		return reader;
	}

	/** Nobody shall have it any more. */
	drop(reason: Error): void {
		if (this.whole !== null || this.failure !== null) return;
		const { source } = this;
		this.fail(reason);
		source?.cancel(reason);
	}

	// The origin's side.

	write(chunk: Uint8Array): boolean {
		const copy = new Uint8Array(chunk);
		this.chunks.push(copy);
		this.starts.push(this.received);
		this.received += copy.length;
		if (!this.flowsBy && (this.received > this.most || !this.hasRoom())) {
			this.flowsBy = true;
			this.owner?.bodyTooLarge();
		}
		for (const reader of this.readers) reader.more();
		return !this.flowsBy || this.mayFlow();
	}

	end(): void {
		this.source = null;
		if (this.flowsBy) {
			this.failure = null;
			for (const reader of this.readers) reader.finish();
			this.owner?.bodyCut();
			return;
		}
		this.keep(joined(this.chunks, this.received));
		this.chunks = [];
		this.starts = [];
		for (const reader of this.readers) reader.finish();
		this.owner?.bodyComplete();
	}

	fail(reason: Error): void {
		this.source = null;
		this.failure = reason;
		for (const reader of this.readers) reader.finish();
		this.owner?.bodyCut();
	}

	private hasRoom(): boolean {
		if (this.received - this.told < STEP) return true;
		this.told = this.received;
		return this.owner?.bodyGrown() ?? true;
	}

	private keep(content: string | Uint8Array): void {
		this.whole = kept(content);
		this.received = content.length;
	}

	private mayFlow(): boolean {
		let slowest = this.received;
		for (const { at } of this.readers) slowest = Math.min(slowest, at);
		for (
			let first = this.chunks[0];
			first !== undefined && this.base + first.length <= slowest;
			first = this.chunks[0]
		) {
			this.chunks.shift();
			this.starts.shift();
			this.base += first.length;
		}
		this.held = this.received - this.base > WINDOW;
		return !this.held;
	}

	// The readers' side.

	/** The chunk that holds the byte at `at`, from there on; null when it has not come. */
	chunkAt(at: number): Uint8Array | null {
		if (at >= this.received) return null;
		if (this.whole !== null) return bytesOf(part(this.whole, at, Number.MAX_SAFE_INTEGER));
		let [low, high] = [0, this.starts.length - 1];
		while (low < high) {
			const middle = (low + high + 1) >> 1;
			if ((this.starts[middle] as number) <= at) low = middle;
			else high = middle - 1;
		}
		const chunk = this.chunks[low] as Uint8Array;
		const start = this.starts[low] as number;
		return at === start ? chunk : chunk.subarray(at - start);
	}

	/** How it has ended: null while it flows; `true` when all of it has come. */
	get outcome(): true | Error | null {
		if (this.failure !== null) return this.failure;
		return this.source === null ? true : null;
	}

	progressed(): void {
		if (!this.held || !this.mayFlow()) return;
		this.source?.resume();
	}

	left(reader: Reader): void {
		this.readers.delete(reader);
		if (!this.flowsBy) return;
		if (this.readers.size === 0) this.drop(new CutShortError('Nobody reads this response any more'));
		else this.progressed();
	}
}

class Reader implements Source {
	readonly length: number | null;
	/** The position of the next byte. */
	at = 0;
	private readonly body: Body;
	private sink: Sink | null = null;
	private started = false;
	private paused = false;
	private writing = false;

	constructor(body: Body, length: number | null) {
		this.body = body;
		this.length = length;
	}

	start(sink: Sink): void {
		if (this.started) throw new TypeError('This source was used already.');
		this.started = true;
		this.sink = sink;
		this.resume();
	}

	resume(): void {
		this.paused = false;
		this.more();
	}

	cancel(): void {
		this.sink = null;
		this.body.left(this);
	}

	/** Something has come, or may be taken. */
	more(): void {
		if (this.writing) return;
		this.writing = true;
		while (this.sink !== null && !this.paused) {
			const chunk = this.body.chunkAt(this.at);
			if (chunk === null) break;
			this.at += chunk.length;
			if (!this.sink.write(chunk)) this.paused = true;
		}
		this.writing = false;
		if (this.sink === null) return;
		if (!this.paused && this.body.outcome !== null) this.settle();
		else this.body.progressed();
	}

	/** The body has ended, in one way or the other. */
	finish(): void {
		if (this.started) this.more();
	}

	private settle(): void {
		const { outcome } = this.body;
		const { sink } = this;
		this.sink = null;
		this.body.left(this);
		if (outcome === true) sink?.end();
		else sink?.fail(outcome as Error);
	}
}

/** What is kept of bytes that are all there: few as a string, many as they are. */
export function kept(content: string | Uint8Array): string | Uint8Array {
	if (typeof content === 'string' || content.length > SMALL) return content;
	return Buffer.from(content.buffer, content.byteOffset, content.length).toString('latin1');
}

/** The bytes from `first` through `last`. */
export function part(content: string | Uint8Array, first: number, last: number): string | Uint8Array {
	if (first === 0 && last >= content.length - 1) return content;
	const end = Math.min(content.length, last + 1);
	return typeof content === 'string' ? content.slice(first, end) : content.subarray(first, end);
}

function bytesOf(content: string | Uint8Array): Uint8Array {
	return typeof content === 'string' ? latin1Bytes(content) : content;
}
