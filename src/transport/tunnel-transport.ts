/** A tunnel as a transport: for an engine that speaks with whoever is at the other end of it. */
import { CutShortError, type Sink, type Tunnel } from '../bytes/index.ts';
import type { Address } from '../convention/index.ts';
import type { Transport, TransportHandler } from './transport.ts';

/** The addresses at both ends: a tunnel does not know them. */
export interface TunnelEnds {
	readonly remote: Address;
	readonly local: Address;
}

export class TunnelTransport implements Transport {
	readonly remote: Address;
	readonly local: Address;
	readonly tls = null;
	handler: TransportHandler;
	pending = false;
	private readonly tunnel: Tunnel;
	private paused = false;
	/** The tunnel waits to be resumed. */
	private stopped = false;
	/** Its end has come, and has not been told while we are paused. */
	private endWaits = false;
	private peerEnded = false;
	private weEnded = false;
	private gone = false;
	/** Written while bytes were waiting already. */
	private waiting = 0;

	constructor(tunnel: Tunnel, { remote, local }: TunnelEnds, handler: TransportHandler) {
		this.tunnel = tunnel;
		this.remote = remote;
		this.local = local;
		this.handler = handler;
		tunnel.writable.ondrain = () => this.taken();
		tunnel.writable.onlost = (reason) => this.close(reason);
	}

	/** Begins to read. */
	listen(): void {
		this.tunnel.readable.start(this.incoming);
	}

	/** A tunnel tells only when all has left. */
	get unsent(): number {
		return this.waiting;
	}

	write(data: string | Uint8Array): boolean {
		if (this.gone || this.weEnded) return false;
		const bytes = typeof data === 'string' ? Buffer.from(data, 'latin1') : data;
		if (!this.tunnel.writable.write(bytes)) this.pending = true;
		if (this.pending) this.waiting += bytes.length;
		return !this.pending;
	}

	writeFramed(before: string, data: Uint8Array, after: string): boolean {
		if (before !== '') this.write(before);
		const takesMore = this.write(data);
		return after === '' ? takesMore : this.write(after);
	}

	/** The tunnel's own transport does it. */
	probe(): void {}

	pause(): void {
		this.paused = true;
	}

	resume(): void {
		if (!this.paused) return;
		this.paused = false;
		if (this.endWaits) return queueMicrotask(() => this.tellEnd());
		if (!this.stopped) return;
		this.stopped = false;
		this.tunnel.readable.resume();
	}

	end(): void {
		if (this.weEnded || this.gone) return;
		this.weEnded = true;
		this.tunnel.writable.end();
		if (this.peerEnded) this.close(null);
	}

	destroy(reset = false): void {
		if (this.gone) return;
		if (reset) this.tunnel.writable.fail(new CutShortError('The connection was dropped'));
		else this.tunnel.destroy();
		this.close(null);
	}

	private taken(): void {
		this.pending = false;
		this.waiting = 0;
		if (!this.gone) this.attempt(() => this.handler.drained());
	}

	// What comes out of the tunnel.

	private readonly incoming: Sink = {
		// Lent until the tunnel is resumed, which is what `durable` says.
		write: (chunk) => {
			if (this.gone) return true;
			this.attempt(() => this.handler.received(chunk, chunk.length, true));
			this.stopped = this.paused;
			return !this.paused;
		},
		end: () => {
			this.peerEnded = true;
			this.endWaits = true;
			this.tellEnd();
		},
		fail: (reason) => this.close(reason),
	};

	private tellEnd(): void {
		if (this.paused || !this.endWaits || this.gone) return;
		this.endWaits = false;
		this.attempt(() => this.handler.ended());
		if (this.weEnded) this.close(null);
	}

	/** Whoever asked is in the middle of something: it is told afterwards. */
	private close(error: Error | null): void {
		if (this.gone) return;
		this.gone = true;
		queueMicrotask(() => this.attempt(() => this.handler.closed(error)));
	}

	private attempt(work: () => void): void {
		try {
			work();
		} catch (error) {
			this.handler.broken?.(error);
			this.destroy(true);
		}
	}
}
