/** A request's body on its way to the first, kept as it flows for the second; none of it is kept beyond the bound. */
import { joined, type Sink, type Source } from '../../bytes/index.ts';
import type { Fields } from '../../fields/index.ts';

export interface RecordedOwner {
	/** Once: all of it has flowed; null when it was too much, or broke off. */
	recorded(body: Uint8Array | null): void;
}

export class Recorded implements Source, Sink {
	private readonly source: Source;
	private readonly most: number;
	private readonly owner: RecordedOwner;
	private sink: Sink | null = null;
	private kept: Uint8Array[] | null = [];
	private size = 0;
	private told = false;

	constructor(source: Source, most: number, owner: RecordedOwner) {
		this.source = source;
		this.most = most;
		this.owner = owner;
	}

	get length(): number | null {
		return this.source.length;
	}

	start(sink: Sink): void {
		this.sink = sink;
		this.source.start(this);
	}

	resume(): void {
		this.source.resume();
	}

	cancel(reason?: unknown): void {
		this.source.cancel(reason);
		this.tell(null);
	}

	write(chunk: Uint8Array): boolean {
		this.size += chunk.length;
		if (this.size > this.most) this.kept = null;
		this.kept?.push(new Uint8Array(chunk));
		return this.sink?.write(chunk) ?? true;
	}

	end(trailers?: Fields): void {
		const { sink } = this;
		if (trailers === undefined) sink?.end();
		else sink?.end(trailers);
		this.tell(this.kept === null ? null : joined(this.kept, this.size));
	}

	fail(reason: Error): void {
		this.sink?.fail(reason);
		this.tell(null);
	}

	private tell(body: Uint8Array | null): void {
		if (this.told) return;
		this.told = true;
		this.kept = null;
		this.owner.recorded(body);
	}
}
