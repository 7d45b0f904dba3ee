/** A tunnel whose bytes are counted both ways, and that ends where there is nothing left. */
import type { Source, Tunnel } from '../../bytes/index.ts';
import type { Fields } from '../../fields/index.ts';
import { CountedSource, type Cut } from './counted-source.ts';
import type { Meter } from './meter.ts';

type Writable = Tunnel['writable'];

export class CountedTunnel implements Tunnel, Cut {
	readonly readable: Source;
	readonly writable: Writable;
	private readonly inner: Tunnel;
	private readonly error: () => Error;
	private readonly counted: CountedSource;

	constructor(inner: Tunnel, meter: Meter, error: () => Error) {
		this.inner = inner;
		this.error = error;
		this.counted = new CountedSource(inner.readable, meter, error);
		this.readable = this.counted;
		this.writable = new CountedSink(inner.writable, meter, this);
	}

	destroy(reason?: Error): void {
		this.inner.destroy(reason);
	}

	/** Whoever reads is told; whoever writes finds that nothing is taken any more. */
	cut(): void {
		this.counted.cut();
		this.inner.destroy(this.error());
	}
}

class CountedSink implements Writable {
	private readonly inner: Writable;
	private readonly meter: Meter;
	private readonly tunnel: Cut;

	constructor(inner: Writable, meter: Meter, tunnel: Cut) {
		this.inner = inner;
		this.meter = meter;
		this.tunnel = tunnel;
	}

	get ondrain(): (() => void) | null {
		return this.inner.ondrain;
	}

	set ondrain(listener: (() => void) | null) {
		this.inner.ondrain = listener;
	}

	get onlost(): ((reason: Error) => void) | null {
		return this.inner.onlost ?? null;
	}

	set onlost(listener: ((reason: Error) => void) | null) {
		this.inner.onlost = listener;
	}

	write(chunk: Uint8Array): boolean {
		if (this.meter.take(chunk.length)) return this.inner.write(chunk);
		this.tunnel.cut();
		return false;
	}

	end(trailers?: Fields): void {
		if (trailers === undefined) this.inner.end();
		else this.inner.end(trailers);
	}

	fail(reason: Error): void {
		this.inner.fail(reason);
	}
}
