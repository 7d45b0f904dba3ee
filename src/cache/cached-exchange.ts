/** One request that what is stored cannot answer as it is: fetched, validated, waited for with others, or answered stale when that fails. */
import {
	type App,
	type ClosedListener,
	type Context,
	cancelPayload,
	Disconnected,
	derive,
	type IncomingRequest,
	OutgoingResponse,
	PendingResponse,
} from '../convention/index.ts';
import { FieldList, parseEntityTags } from '../fields/index.ts';
import { Timer, type TimerOwner } from '../transport/index.ts';
import type { Cache } from './cache.ts';
import type { CacheOutcome, Forwarded } from './cache-status.ts';
import type { Entry } from './entry.ts';
import { type Asker, Fetch, type Fetched, isAuthorized, renew } from './fetch.ts';
import type { Flight, Landing, Passenger } from './flight.ts';
import { type Judgement, survivesFailure, type Wish } from './judgement.ts';
import { CONDITIONS, isAbout } from './rules/index.ts';

/** Answers that say that the origin is not well (RFC 5861 section 4). */
const FAILURES: ReadonlySet<number> = new Set([500, 502, 503, 504]);

export class CachedExchange extends PendingResponse implements Asker, Passenger, ClosedListener, TimerOwner {
	readonly key: string;
	readonly request: IncomingRequest;
	readonly context: Context;
	private readonly cache: Cache;
	private readonly next: App;
	private readonly wish: Wish;
	private judgement: Judgement;
	/** The flight that it leads, or waits for. */
	private flight: Flight | null = null;
	private collapsed = false;
	private validating: Entry | null = null;
	private over = false;
	private held: Timer | null = null;

	constructor(
		cache: Cache,
		next: App,
		request: IncomingRequest,
		context: Context,
		key: string,
		wish: Wish,
		judgement: Judgement,
	) {
		super();
		this.cache = cache;
		this.next = next;
		this.request = request;
		this.context = context;
		this.key = key;
		this.wish = wish;
		this.judgement = judgement;
	}

	begin(): void {
		if (!this.isSharable) return this.fetch();
		const flight = this.cache.flightTo(this.key);
		if (flight === null) {
			this.flight = this.cache.takeOff(this.key);
			return this.fetch();
		}
		this.flight = flight;
		this.context.onClosed(this);
		if (!this.over) flight.board(this, this.cache.settings.collapse);
	}

	/** Whether its answer may be another's, and another's may be its. */
	private get isSharable(): boolean {
		const { fields } = this.request;
		if (this.request.method !== 'GET' || this.wish.directives.has('no-store')) return false;
		if (isAuthorized(this.request, this.context) || fields.has('range') || CONDITIONS.some((name) => fields.has(name)))
			return false;
		return this.cache.collapses(this.key);
	}

	// Waiting for another's answer.

	/** Made for those who wait. */
	get timer(): Timer {
		this.held ??= new Timer(this);
		return this.held;
	}

	get isShared(): boolean {
		return this.flight?.isWaitedFor ?? false;
	}

	landed({ alone, failure }: Landing): void {
		this.flight = null;
		this.context.offClosed(this);
		if (failure !== null) return this.resolve(this.alsoFailed(failure));
		const { cache, wish, request } = this;
		const now = performance.now();
		this.judgement = cache.judge(this.key, wish, now);
		const { action, entry } = this.judgement;
		if ((action === 'serve' || action === 'refresh') && entry !== null) {
			this.collapsed = true;
			cache.counts.collapsed++;
			return this.resolve(cache.answer(entry, request, wish, { ...this.told('miss'), collapsed: true }, false));
		}
		if (alone) this.fetch();
		else this.begin();
	}

	/** The origin has failed for the other, and would for this one. */
	private alsoFailed({ status, fields, payload, reason }: OutgoingResponse): OutgoingResponse {
		const own = FieldList.from(fields).copy();
		own.delete('cache-status');
		this.cache.settings.status?.add(own, { fwd: 'miss', fwdStatus: status, collapsed: true });
		return new OutgoingResponse(status, own, payload, { reason });
	}

	/** The answer to the other has taken too long. */
	timedOut(): void {
		this.flight?.leave(this);
		this.landed({ alone: true, failure: null });
	}

	exchangeClosed(reason: unknown): void {
		this.over = true;
		this.flight?.leave(this);
		this.reject(reason instanceof Error ? reason : new Disconnected());
	}

	// Asking the origin.

	private fetch(): void {
		const { action, entry } = this.judgement;
		this.send(action === 'validate' && this.request.method === 'GET' ? entry : null);
	}

	private send(validating: Entry | null): void {
		const { request, context } = this;
		this.validating = validating;
		const sent = validating === null ? request : conditional(request, validating, context);
		new Fetch(this.cache, this, false).begin(this.next, sent);
	}

	fetched(fetched: Fetched): void {
		const { status, response, entry } = fetched;
		const { validating } = this;
		if (validating !== null && status === 304) return this.notModified(validating, fetched);
		if (FAILURES.has(status) && this.answeredStale(status)) return cancelPayload(response.payload);
		if (entry === null) this.unsettle(status);
		this.landWith(entry, response);
		const outcome = { ...this.told(this.judgement.fwd), fwdStatus: status };
		const stored = entry === null ? {} : { stored: true, ttl: entry.left(performance.now()) };
		this.cache.settings.status?.add(response.fields, { ...outcome, ...stored });
		this.resolve(response);
	}

	private notModified(entry: Entry, fetched: Fetched): void {
		const { cache, request, wish } = this;
		const { response } = fetched;
		cancelPayload(response.payload);
		if (!isAbout(entry.fields, response.fields)) return this.notAbout(response);
		renew(entry, request, fetched, cache.settings);
		this.landWith(entry, null);
		const outcome = { ...this.told(this.judgement.fwd), fwdStatus: 304, ttl: entry.left(performance.now()) };
		this.resolve(cache.answer(entry, request, wish, outcome, true));
	}

	/** It is about what the client has, or about something that nobody has. */
	private notAbout(response: OutgoingResponse): void {
		const asked = this.request.fields.get('if-none-match');
		if (asked === null) return this.send(null);
		this.land(true, false, null);
		this.cache.settings.status?.add(response.fields, { ...this.told(this.judgement.fwd), fwdStatus: 304 });
		this.resolve(response);
	}

	failed(error: unknown): void {
		if (this.answeredStale(null)) return;
		// When it was the client that left, one of those who wait goes on in its place.
		this.land(!(error instanceof Disconnected), false, null);
		this.reject(error);
	}

	/** What is stored answers although it is stale, since the origin fails. */
	private answeredStale(status: number | null): boolean {
		const { entry, fwd } = this.judgement;
		const { cache, request, wish } = this;
		const now = performance.now();
		if (entry === null || !survivesFailure(entry, wish, cache.settings.grace, now)) return false;
		cache.putOff(entry, now);
		this.land(true, false, null);
		const answered = status === null ? {} : { fwdStatus: status };
		const outcome = { ...this.told(fwd), ...answered, ttl: entry.left(now), detail: 'origin failed' };
		this.resolve(cache.answer(entry, request, wish, outcome, false));
		return true;
	}

	/** What was stored is not what the resource says now (section 4.3.3); what a failing origin says is no word about it. */
	private unsettle(status: number): void {
		const { entry } = this.judgement;
		if (this.request.method === 'HEAD' || status === 304 || FAILURES.has(status)) return;
		if (entry !== null && entry === this.validating) this.cache.settings.store.remove(entry);
	}

	private told(fwd: Forwarded): CacheOutcome {
		return this.collapsed ? { fwd, collapsed: true } : { fwd };
	}

	/** Those who wait are let go together, each for itself, where the answer is not for them; a failure is an answer for all. */
	private landWith(entry: Entry | null, response: OutgoingResponse | null): void {
		if (this.flight === null) return;
		const isFor = entry !== null && entry.left(performance.now()) > 0 && !entry.directives.isPlain('no-cache');
		const failure = response !== null && FAILURES.has(response.status) && isRepeatable(response) ? response : null;
		this.land(!isFor, !isFor && failure === null, failure);
	}

	private land(alone: boolean, apart: boolean, failure: OutgoingResponse | null): void {
		if (this.flight === null) return;
		this.cache.land(this.key, this.flight, { alone, apart, failure });
		this.flight = null;
	}
}

/** Whether it can be given to several: nothing of it flows. */
function isRepeatable({ payload }: OutgoingResponse): boolean {
	return payload === null || typeof payload === 'string' || payload instanceof Uint8Array;
}

/** The same request, asking whether what is stored still holds (section 4.3.1). */
export function conditional(request: IncomingRequest, entry: Entry, context: Context): IncomingRequest {
	const fields = FieldList.from(request.fields).copy();
	const clients = fields.get('if-none-match');
	for (const name of CONDITIONS) fields.delete(name);
	fields.delete('range');
	const [tag, modified] = [entry.fields.get('etag'), entry.fields.get('last-modified')];
	if (tag !== null) fields.append('If-None-Match', withClients(tag, clients));
	if (modified !== null) fields.append('If-Modified-Since', modified);
	return derive(request, { fields, circumstances: context });
}

/** The client's tags as well: the origin may say of one of them that it still holds. */
function withClients(tag: string, clients: string | null): string {
	if (clients === null) return tag;
	const tags = parseEntityTags(clients);
	if (tags === null || tags === '*') return tag;
	const texts = tags.map(({ weak, opaque }) => `${weak ? 'W/' : ''}${opaque}`);
	return [tag, ...texts.filter((text) => text !== tag)].join(', ');
}
