/**
 * A request's body that comes out of a node stream: the first start tells the exchange (rule 8 of the convention, for
 * `100 Continue`), a limit on its length holds, and what its consumer does not want is read and dropped up to a point.
 */
import type { Readable } from 'node:stream';
import { CutShortError, fromReadable, type Sink, type Source, usedAlready } from '../bytes/index.ts';
import { Disconnected, ProtocolError } from '../convention/index.ts';
import { FieldList, type Fields } from '../fields/index.ts';
import type { IncomingBody } from './served-exchange.ts';

/** Bytes of a body nobody wants that are read for the sake of the next request; beyond, the connection is given up. */
export const DISCARD = 262_144;

/** Who has to do with the body. */
export interface BodyOwner {
	/** The app asks for the body for the first time. */
	bodyStarted(): void;
	/** Who is waited for may have changed. */
	bodyMoved(): void;
	/** All has come. */
	requestComplete(trailers: FieldList | null): void;
	/** More comes than is dropped for nothing, or than is allowed. */
	bodyExceeds(): void;
}

export interface BodyFacts {
	readonly length: number | null;
	/** Bytes it may have; Infinity for no limit. */
	readonly most: number;
	/** Asked at the end. */
	readonly trailers: () => FieldList | null;
	/** Whether the stream's end is the body's: node ends some streams that were cut short. */
	readonly intact: () => boolean;
}

export class NodeBody implements IncomingBody, Sink {
	readonly length: number | null;
	private readonly source: Source;
	private readonly owner: BodyOwner;
	private readonly facts: BodyFacts;
	private state: 'fresh' | 'flowing' | 'dropping' | 'over' = 'fresh';
	private sink: Sink | null = null;
	private paused = false;
	/** Bytes that have come. */
	received = 0;
	private dropped = 0;
	private failure: Error | null = null;

	constructor(readable: Readable, owner: BodyOwner, facts: BodyFacts) {
		this.length = facts.length;
		this.owner = owner;
		this.facts = facts;
		this.source = fromReadable(readable, {
			length: facts.length,
			destroy: false,
			trailers: () => facts.trailers() ?? undefined,
		});
	}

	get waiting(): boolean {
		return this.state === 'flowing' && !this.paused;
	}

	get untouched(): boolean {
		return this.state === 'fresh';
	}

	start(sink: Sink): void {
		if (this.failure !== null && this.state !== 'dropping') return sink.fail(this.failure);
		if (this.state !== 'fresh') throw usedAlready();
		this.state = 'flowing';
		this.sink = sink;
		this.owner.bodyStarted();
		this.source.start(this);
		this.owner.bodyMoved();
	}

	resume(): void {
		if (!this.paused || this.state !== 'flowing') return;
		this.paused = false;
		this.source.resume();
		this.owner.bodyMoved();
	}

	cancel(): void {
		const { state } = this;
		if (state === 'over' || state === 'dropping') return;
		this.state = 'dropping';
		this.sink = null;
		if (state === 'fresh') this.source.start(this);
		else if (this.paused) this.source.resume();
		this.paused = false;
	}

	/** The client has left, broke a rule or was too slow; or nothing is answered any more. */
	cutShort(error: Error): void {
		if (this.state === 'over' || this.failure !== null) return;
		this.failure = error;
		if (this.state !== 'flowing') return;
		this.state = 'over';
		const { sink } = this;
		this.sink = null;
		sink?.fail(error);
		this.source.cancel(error);
	}

	// What comes out of the stream.

	write(chunk: Uint8Array): boolean {
		this.received += chunk.length;
		if (this.received > this.facts.most) {
			this.cutShort(
				new ProtocolError({ side: 'remote', code: 'BODY_TOO_LARGE', status: 413, message: 'The body is too large.' }),
			);
			this.owner.bodyExceeds();
			return false;
		}
		if (this.state === 'flowing') {
			const more = this.sink?.write(chunk) ?? false;
			this.paused = !more && this.state === 'flowing';
			this.owner.bodyMoved();
			return more;
		}
		this.dropped += chunk.length;
		if (this.dropped > DISCARD) this.owner.bodyExceeds();
		return this.dropped <= DISCARD;
	}

	end(trailers?: Fields): void {
		if (!this.facts.intact()) return this.fail(new CutShortError('The stream was closed before its end'));
		const { sink } = this;
		this.state = 'over';
		this.sink = null;
		this.owner.requestComplete(trailers === undefined ? null : FieldList.from(trailers));
		if (trailers === undefined) sink?.end();
		else sink?.end(trailers);
	}

	/** The stream broke off: the client has left, unless a better reason was told by `cutShort` before. */
	fail(reason: Error): void {
		if (this.state === 'dropping') this.state = 'over';
		else this.cutShort(reason instanceof ProtocolError ? reason : new Disconnected(undefined, { cause: reason }));
	}
}
