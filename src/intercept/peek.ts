/**
 * The first look at a tunnel: its client's bytes are read until they say whether it speaks TLS, and with whom. Then it is a
 * tunnel again, whose first bytes are those that were read.
 */
import { copied, type Sink, type Source, type Tunnel, usedAlready } from '../bytes/index.ts';
import { type HelloOutcome, HelloReader } from '../protocol/tls-hello/index.ts';
import { Timer, type TimerOwner, wheel } from '../transport/index.ts';

/** `silent`: the client has said nothing, or not enough, in the time it had. `gone`: it never will. */
export type Seen = HelloOutcome | { readonly kind: 'silent' | 'gone' };

/** Looks for at most `patience` milliseconds; 0 is for ever. Tells once, and never from within a call of the tunnel's. */
export function peek(tunnel: Tunnel, patience: number, tell: (seen: Seen, tunnel: Tunnel) => void): void {
	new Peek(tunnel, tell).begin(patience);
}

class Peek implements Sink, Source, Tunnel, TimerOwner {
	readonly length = null;
	readonly writable: Tunnel['writable'];
	private readonly tunnel: Tunnel;
	private readonly tell: (seen: Seen, tunnel: Tunnel) => void;
	private readonly reader: HelloReader = new HelloReader();
	private readonly timer: Timer = new Timer(this);
	private held: Uint8Array[] = [];
	private seen = false;
	private ended = false;
	private failure: Error | null = null;
	/** Nothing is passed on any more: it was told how it ended, or nobody wants to know. */
	private cancelled = false;
	private sink: Sink | null = null;

	constructor(tunnel: Tunnel, tell: (seen: Seen, tunnel: Tunnel) => void) {
		this.tunnel = tunnel;
		this.writable = tunnel.writable;
		this.tell = tell;
	}

	get readable(): Source {
		return this;
	}

	destroy(reason?: Error): void {
		this.tunnel.destroy(reason);
	}

	begin(patience: number): void {
		wheel.set(this.timer, patience);
		this.tunnel.readable.start(this);
	}

	timedOut(): void {
		this.settle({ kind: 'silent' });
	}

	private settle(seen: Seen): void {
		if (this.seen) return;
		this.seen = true;
		wheel.remove(this.timer);
		// The tunnel is in the middle of a call: what it is asked now could be lost on it.
		queueMicrotask(() => this.tell(seen, this));
	}

	// As the sink of the tunnel.

	write(chunk: Uint8Array): boolean {
		if (this.cancelled) return true;
		if (this.sink !== null && this.held.length === 0) return this.sink.write(chunk);
		this.held.push(copied(chunk));
		if (!this.seen) {
			const outcome = this.reader.feed(chunk);
			if (outcome !== null) this.settle(outcome);
		}
		return !this.seen;
	}

	end(): void {
		this.ended = true;
		this.settle({ kind: 'gone' });
		this.tellEnd();
	}

	fail(reason: Error): void {
		this.failure = reason;
		this.settle({ kind: 'gone' });
		this.tellEnd();
	}

	/** Behind all that is held. */
	private tellEnd(): void {
		const { sink, failure } = this;
		if (sink === null || this.cancelled || (failure === null && (!this.ended || this.held.length > 0))) return;
		this.cancelled = true;
		if (failure === null) sink.end();
		else sink.fail(failure);
	}

	// As the source of those who come after.

	start(sink: Sink): void {
		if (this.sink !== null) throw usedAlready();
		this.sink = sink;
		this.resume();
	}

	resume(): void {
		const { sink } = this;
		if (sink === null) return;
		for (let chunk = this.next(); chunk !== undefined; chunk = this.next()) if (!sink.write(chunk)) return;
		if (this.cancelled) return;
		if (this.ended || this.failure !== null) this.tellEnd();
		else this.tunnel.readable.resume();
	}

	/** Of what is held. */
	private next(): Uint8Array | undefined {
		return this.cancelled ? undefined : this.held.shift();
	}

	cancel(reason?: unknown): void {
		this.cancelled = true;
		this.held = [];
		this.tunnel.readable.cancel(reason);
	}
}
