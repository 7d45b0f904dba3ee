/**
 * The request's body on its way to the app: the first start says `100 Continue` where the client waits for it (rule 8),
 * a client that leaves cuts it short, and what nobody wanted is given up at the end of the exchange.
 */
import { type Sink, type Source, usedAlready } from '../../bytes/index.ts';
import { Disconnected } from '../../convention/index.ts';
import type { FieldList, Fields } from '../../fields/index.ts';

export class RequestPayload implements Source, Sink {
	readonly length: number | null;
	/** The fields behind the body; settles with the body's end, null when it never came. */
	readonly trailers: Promise<Fields | null>;
	private readonly source: Source;
	private readonly declared: FieldList | null;
	private readonly started: () => void;
	private readonly settle: (fields: Fields | null) => void;
	/** Bytes that have come. */
	received = 0;
	private sink: Sink | null = null;
	private used = false;
	private gone: Disconnected | null = null;

	constructor(source: Source, trailers: FieldList | null, started: () => void) {
		const { promise, resolve } = Promise.withResolvers<Fields | null>();
		this.length = source.length;
		this.trailers = promise;
		this.source = source;
		this.declared = trailers;
		this.started = started;
		this.settle = resolve;
	}

	start(sink: Sink): void {
		if (this.gone !== null) return sink.fail(this.gone);
		if (this.used) throw usedAlready();
		this.used = true;
		this.sink = sink;
		this.started();
		this.source.start(this);
	}

	resume(): void {
		if (this.sink !== null) this.source.resume();
	}

	cancel(reason?: unknown): void {
		this.used = true;
		this.sink = null;
		this.settle(null);
		this.source.cancel(reason);
	}

	write(chunk: Uint8Array): boolean {
		this.received += chunk.length;
		return this.sink?.write(chunk) ?? false;
	}

	end(trailers?: Fields): void {
		const fields = this.declared ?? trailers ?? null;
		const { sink } = this;
		this.sink = null;
		if (fields === null) sink?.end();
		else sink?.end(fields);
		this.settle(fields);
	}

	fail(reason: Error): void {
		const { sink } = this;
		this.sink = null;
		sink?.fail(reason);
		this.settle(null);
	}

	/** The client has left. */
	cut(): void {
		const reason = new Disconnected();
		this.source.cancel(reason);
		this.gone = reason;
		this.fail(reason);
	}
}
