/** A request's body that comes out of a native Request: a limit on its length holds, and a client that left is told apart from an end. */
import { type Sink, type Source, sourceOf, usedAlready } from '../bytes/index.ts';
import { Disconnected, ProtocolError } from '../convention/index.ts';
import type { IncomingBody } from './served-exchange.ts';

/** Who has to do with the body. */
export interface FetchBodyOwner {
	/** Who is waited for may have changed. */
	bodyMoved(): void;
	/** All has come. */
	requestComplete(trailers: null): void;
	/** More comes than is allowed. */
	giveUpRequest(): void;
}

export class FetchRequestBody implements IncomingBody, Sink {
	readonly length: number | null;
	private readonly source: Source;
	private readonly owner: FetchBodyOwner;
	private readonly most: number;
	private state: 'fresh' | 'flowing' | 'over' = 'fresh';
	private sink: Sink | null = null;
	private paused = false;
	/** Bytes that have come. */
	received = 0;
	private failure: Error | null = null;

	/** `most`: bytes it may have, Infinity for no limit. */
	constructor(stream: ReadableStream, native: Request, length: number | null, owner: FetchBodyOwner, most: number) {
		this.source = sourceOf(stream, native);
		this.length = length;
		this.owner = owner;
		this.most = most;
	}

	get waiting(): boolean {
		return this.state === 'flowing' && !this.paused;
	}

	get untouched(): boolean {
		return this.state === 'fresh';
	}

	start(sink: Sink): void {
		if (this.failure !== null) return sink.fail(this.failure);
		if (this.state !== 'fresh') throw usedAlready();
		this.source.start(this);
		this.state = 'flowing';
		this.sink = sink;
		this.owner.bodyMoved();
	}

	resume(): void {
		if (!this.paused || this.state !== 'flowing') return;
		this.paused = false;
		this.source.resume();
		this.owner.bodyMoved();
	}

	/** What nobody wants is the runtime's to drop. */
	cancel(reason?: unknown): void {
		if (this.state === 'over') return;
		this.state = 'over';
		this.sink = null;
		this.source.cancel(reason);
	}

	/** The client has left or was too slow; or nothing is answered any more. */
	cutShort(error: Error): void {
		if (this.state === 'over' || this.failure !== null) return;
		this.failure = error;
		if (this.state !== 'flowing') return;
		const { sink } = this;
		this.cancel(error);
		sink?.fail(error);
	}

	// What comes out of the stream; never from within `start`, since a native stream delivers later.

	write(chunk: Uint8Array): boolean {
		this.received += chunk.length;
		if (this.received > this.most) {
			this.owner.giveUpRequest();
			this.cutShort(tooLarge());
			return false;
		}
		const more = this.sink?.write(chunk) ?? false;
		this.paused = !more && this.state === 'flowing';
		this.owner.bodyMoved();
		return more;
	}

	end(): void {
		const { sink } = this;
		this.state = 'over';
		this.sink = null;
		this.owner.requestComplete(null);
		sink?.end();
	}

	fail(reason: Error): void {
		this.cutShort(new Disconnected(undefined, { cause: reason }));
	}
}

/** For a body that is, or is said to be, longer than the limit. */
export function tooLarge(): ProtocolError {
	return new ProtocolError({ side: 'remote', code: 'BODY_TOO_LARGE', status: 413, message: 'The body is too large.' });
}
