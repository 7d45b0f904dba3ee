/** A stored response is renewed, with nobody in front of it. */
import { type Context, cancelPayload, type IncomingRequest } from '../convention/index.ts';
import type { Cache } from './cache.ts';
import type { Entry } from './entry.ts';
import { type Asker, type Fetched, renew } from './fetch.ts';

export class Refresh implements Asker {
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

	constructor(cache: Cache, request: IncomingRequest, context: Context, entry: Entry) {
		const { promise, resolve } = Promise.withResolvers<void>();
		this.over = promise;
		this.settle = resolve;
		this.cache = cache;
		this.request = request;
		this.context = context;
		this.entry = entry;
		this.key = entry.key;
	}

	fetched(fetched: Fetched): void {
		const { cache, entry } = this;
		const { status, response } = fetched;
		if (status === 304) renew(entry, this.request, fetched, cache.settings);
		else if (status >= 500) cache.putOff(entry, performance.now());
		else if (fetched.entry === null) cache.settings.store.remove(entry);
		cancelPayload(response.payload);
		this.end();
	}

	failed(): void {
		this.cache.putOff(this.entry, performance.now());
		this.end();
	}

	private end(): void {
		this.cache.refreshed(this.entry);
		this.settle();
	}
}
