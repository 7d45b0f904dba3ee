/** A stored response is renewed, with nobody in front of it. */
import { type App, type Context, cancelPayload, type IncomingRequest, UpstreamError } from '../convention/index.ts';
import { Timer, type TimerOwner, wheel } from '../transport/index.ts';
import type { Cache } from './cache.ts';
import type { Entry } from './entry.ts';
import { type Asker, Fetch, type Fetched, renew } from './fetch.ts';

export class Refresh implements Asker, TimerOwner {
	readonly key: string;
	readonly request: IncomingRequest;
	readonly context: Context;
	/** What is stored is for everybody. */
	readonly isShared = true;
	/** Resolves when it is over, in whichever way. */
	readonly over: Promise<void>;
	private readonly cache: Cache;
	private readonly entry: Entry;
	private readonly settle: () => void;
	private readonly timer: Timer = new Timer(this);
	private readonly fetch: Fetch;
	private isOver = false;

	constructor(cache: Cache, request: IncomingRequest, context: Context, entry: Entry) {
		const { promise, resolve } = Promise.withResolvers<void>();
		this.over = promise;
		this.settle = resolve;
		this.cache = cache;
		this.request = request;
		this.context = context;
		this.entry = entry;
		this.key = entry.key;
		this.fetch = new Fetch(cache, this, true);
	}

	/** `sent`: the request as it goes out. */
	begin(next: App, sent: IncomingRequest): void {
		// Nobody waits for it; but as long as it is under way, no other is begun.
		wheel.set(this.timer, this.cache.settings.renewal);
		this.fetch.begin(next, sent);
	}

	fetched(fetched: Fetched): void {
		const { cache, entry } = this;
		const { status, response } = fetched;
		if (this.isOver) return cancelPayload(response.payload);
		if (status === 304) renew(entry, this.request, fetched, cache.settings);
		else if (status >= 500) cache.putOff(entry, performance.now());
		else if (fetched.entry === null) cache.settings.store.remove(entry);
		cancelPayload(response.payload);
		this.end();
	}

	timedOut(): void {
		this.failed();
		this.fetch.abandon(new UpstreamError('http_response_timeout'));
	}

	failed(): void {
		if (this.isOver) return;
		this.cache.putOff(this.entry, performance.now());
		this.end();
	}

	private end(): void {
		this.isOver = true;
		wheel.clear(this.timer);
		this.cache.refreshed(this.entry);
		this.settle();
	}
}
