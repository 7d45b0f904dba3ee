/** An answer to POST that is also the answer to GET: one that says so by its Content-Location, and how long it holds (RFC 9110 section 9.3.3). */
import type { Context, IncomingRequest, OutgoingResponse } from '../convention/index.ts';
import type { Cache } from './cache.ts';
import { type Asker, Fetch, type Fetched } from './fetch.ts';
import { keyOfReference } from './key.ts';

/** The answer for the client, when it is stored; null when it is none for GET. */
export function keepPosted(
	cache: Cache,
	request: IncomingRequest,
	context: Context,
	response: OutgoingResponse,
): Response | null {
	const key = cache.keyOf(request, context);
	const location = response.fields.get('content-location');
	if (location === null || keyOfReference(location, key) !== key) return null;
	const posted = new Posted(cache, key, request, context);
	new Fetch(cache, posted, false).responded(response);
	return posted.answer;
}

class Posted implements Asker {
	readonly key: string;
	readonly request: IncomingRequest;
	readonly context: Context;
	readonly isShared = false;
	readonly onlyExplicit = true;
	answer: Response | null = null;
	private readonly cache: Cache;

	constructor(cache: Cache, key: string, request: IncomingRequest, context: Context) {
		this.cache = cache;
		this.key = key;
		this.request = request;
		this.context = context;
	}

	fetched({ status, response, entry }: Fetched): void {
		const stored = entry === null ? {} : { stored: true, ttl: entry.left(performance.now()) };
		this.cache.settings.status?.add(response.fields, { fwd: 'method', fwdStatus: status, ...stored });
		this.answer = response;
	}

	/** An answer is there already. */
	failed(): void {}
}
