/**
 * Server-sent events (HTML, section 9.2) for all browsers that show a theme: each is told how things stand when it comes,
 * and of every change. One that does not read is told how things stand when it does; nothing piles up.
 */
import { FedSource, type Feeder } from '../../bytes/index.ts';

/** Browsers at a time, and milliseconds between comments that keep proxies from closing what is silent. */
const MOST_LISTENERS = 64;
const HEARTBEAT = 15_000;

export interface EventStreamOptions {
	/** How things stand: the name of the event, and what goes with it as JSON. */
	readonly state: () => { readonly event: string; readonly data: unknown };
	readonly mostListeners?: number;
	/** Milliseconds. */
	readonly heartbeat?: number;
}

const encoder = new TextEncoder();

export class EventStream {
	private readonly options: EventStreamOptions;
	private readonly listeners: Set<Listener> = new Set();
	private timer: NodeJS.Timeout | null = null;
	private closed = false;

	constructor(options: EventStreamOptions) {
		this.options = options;
	}

	/** How many listen. */
	get size(): number {
		return this.listeners.size;
	}

	/** The body of a response; null when there are too many already. */
	open(): FedSource | null {
		if (this.closed || this.listeners.size >= (this.options.mostListeners ?? MOST_LISTENERS)) return null;
		const listener = new Listener((gone) => this.leave(gone));
		this.listeners.add(listener);
		listener.tell(this.message());
		this.timer ??= setInterval(() => this.beat(), this.options.heartbeat ?? HEARTBEAT).unref();
		return listener.source;
	}

	/** Things have changed. */
	tell(): void {
		const message = this.message();
		for (const listener of [...this.listeners]) listener.tell(message);
	}

	close(): void {
		this.closed = true;
		for (const listener of [...this.listeners]) listener.end();
	}

	private message(): string {
		const { event, data } = this.options.state();
		return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
	}

	private beat(): void {
		for (const listener of [...this.listeners]) listener.beat();
	}

	private leave(listener: Listener): void {
		this.listeners.delete(listener);
		if (this.listeners.size > 0 || this.timer === null) return;
		clearInterval(this.timer);
		this.timer = null;
	}
}

class Listener implements Feeder {
	readonly source: FedSource;
	private readonly gone: (listener: Listener) => void;
	/** Whether it reads. */
	private ready = false;
	/** What it has not been told yet. */
	private due: string | null = null;

	constructor(gone: (listener: Listener) => void) {
		this.gone = gone;
		this.source = new FedSource(null, this);
	}

	tell(message: string): void {
		this.due = message;
		this.flush();
	}

	beat(): void {
		if (this.ready) this.ready = this.source.feed(encoder.encode(': \n\n'), true);
	}

	end(): void {
		this.gone(this);
		this.source.finish(null);
	}

	feedStarted(): void {}

	feedMore(): void {
		this.ready = true;
		this.flush();
	}

	feedCancelled(): void {
		this.gone(this);
	}

	private flush(): void {
		const { due } = this;
		if (!this.ready || due === null) return;
		this.due = null;
		this.ready = this.source.feed(encoder.encode(due), true);
	}
}
