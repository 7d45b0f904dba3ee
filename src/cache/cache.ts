/** The cache of an app: what is looked up, what goes on, what an answer does to what is stored. */
import {
	type AnswerStep,
	type App,
	type Context,
	HttpError,
	type IncomingRequest,
	OutgoingResponse,
	rawResponse,
	respond,
	whenAnswered,
} from '../convention/index.ts';
import { FieldList } from '../fields/index.ts';
import { Roster } from '../transport/index.ts';
import { answerFrom, answerFromPart } from './answer.ts';
import type { CacheOutcome } from './cache-status.ts';
import { CachedExchange, conditional } from './cached-exchange.ts';
import type { Entry } from './entry.ts';
import { type Fetch, type Fetched, renew } from './fetch.ts';
import { Flight, type Landing } from './flight.ts';
import { isValidatable, type Judgement, judge, type Wish, wishOf } from './judgement.ts';
import { keyOf, keyOfReference, withoutParameters } from './key.ts';
import { partKey } from './parts.ts';
import { keepPosted } from './posted.ts';
import { Refresh } from './refresh.ts';
import type { CacheSettings } from './settings.ts';
import { groupsIn } from './tags.ts';

/** Methods that change nothing (RFC 9110 section 9.2.1). */
const SAFE: ReadonlySet<string> = new Set([
	'GET',
	'HEAD',
	'OPTIONS',
	'TRACE',
	'PROPFIND',
	'REPORT',
	'SEARCH',
	'QUERY',
	'CONNECT',
]);
/** URLs that are remembered not to be waited for. */
const MOST_APART = 10_000;
/** Milliseconds for which an origin that has failed is not asked again to renew what is stale. */
const PUT_OFF = 1_000;

export interface CacheCounts {
	hits: number;
	misses: number;
	validated: number;
	stale: number;
	passed: number;
	collapsed: number;
}

export class Cache {
	readonly settings: CacheSettings;
	readonly counts: CacheCounts = { hits: 0, misses: 0, validated: 0, stale: 0, passed: 0, collapsed: 0 };
	private readonly flights: Map<string, Flight> = new Map();
	/** Whose answers cannot be shared, and until when that is believed. */
	private readonly apart: Map<string, number> = new Map();
	/** Requests whose answers have not come yet. */
	readonly fetches: Roster<Fetch> = new Roster();
	private readonly refreshing: Set<string> = new Set();
	private readonly notBefore: WeakMap<Entry, number> = new WeakMap();

	constructor(settings: CacheSettings) {
		this.settings = settings;
	}

	handle(next: App, request: IncomingRequest, context: Context): Response | Promise<Response> {
		const { method } = request;
		if (method !== 'GET' && method !== 'HEAD') return this.handleOther(next, request, context);
		const { settings } = this;
		// A body would be part of what is asked for, and is not in the key.
		if (request.payload !== null || context.offers.length > 0 || settings.bypass?.(request, context) === true)
			return this.pass(next, request, context);
		const wish = wishOf(FieldList.from(request.fields), settings.honours);
		if (wish.directives.has('no-store')) return this.pass(next, request, context);
		const key = this.keyOf(request, context);
		const now = performance.now();
		const judgement = this.judge(key, wish, now);
		const { action, entry } = judgement;
		if (entry !== null && (action === 'serve' || action === 'refresh')) {
			if (action === 'refresh') this.refresh(next, request, context, entry, now);
			const left = entry.left(now);
			if (left > 0) this.counts.hits++;
			else this.counts.stale++;
			return answerFrom(entry, request, wish, settings, { fwd: null, ttl: left }, now, false);
		}
		const part = method === 'GET' && wish.fields.has('range') ? this.partFor(key, wish, now) : null;
		if (part !== null) return part;
		if (wish.directives.has('only-if-cached')) return this.onlyIfCached(judgement);
		if (action === 'validate') this.counts.validated++;
		else this.counts.misses++;
		if (method === 'HEAD') return this.handleHead(next, request, context, key);
		const exchange = new CachedExchange(this, next, request, context, key, wish, judgement);
		exchange.begin();
		return exchange;
	}

	/** An answer from a part that is stored by itself. */
	private partFor(key: string, wish: Wish, now: number): Response | null {
		const { action, entry } = this.judge(partKey(key), wish, now);
		if (entry === null || action !== 'serve') return null;
		const answer = answerFromPart(entry, wish, this.settings, { fwd: null, ttl: entry.left(now) }, now);
		if (answer !== null) this.counts.hits++;
		return answer;
	}

	/** RFC 9111 section 5.2.1.7. */
	private onlyIfCached({ fwd }: Judgement): never {
		const fields = FieldList.empty();
		this.settings.status?.add(fields, { fwd, detail: 'only-if-cached' });
		throw new HttpError(504, { message: 'Nothing that is stored answers this request.', fields, expose: true });
	}

	// Looking up.

	keyOf(request: IncomingRequest, context: Context): string {
		const { drop, key } = this.settings;
		const url = keyOf(request, context);
		const kept = drop.size === 0 ? url : withoutParameters(url, drop);
		const more = key?.(request, context) ?? null;
		return more === null ? kept : `${kept}\n${more}`;
	}

	judge(key: string, wish: Wish, now: number): Judgement {
		return judge(this.settings.store.variants(key), wish, now);
	}

	answer(
		entry: Entry,
		request: IncomingRequest,
		wish: Wish,
		outcome: CacheOutcome,
		validated: boolean,
	): OutgoingResponse {
		return answerFrom(entry, request, wish, this.settings, outcome, performance.now(), validated);
	}

	// Requests for the same.

	flightTo(key: string): Flight | null {
		return this.flights.get(key) ?? null;
	}

	takeOff(key: string): Flight {
		const flight = new Flight();
		this.flights.set(key, flight);
		return flight;
	}

	/** `apart`: the answer is for nobody else, and neither will the next ones be. */
	land(key: string, flight: Flight, landing: Landing & { readonly apart: boolean }): void {
		if (this.flights.get(key) === flight) this.flights.delete(key);
		if (landing.apart) this.keepApart(key);
		else if (!landing.alone) this.apart.delete(key);
		flight.land(landing);
	}

	collapses(key: string): boolean {
		const { collapse } = this.settings;
		if (collapse === 0) return false;
		const until = this.apart.get(key);
		return until === undefined || until <= performance.now();
	}

	private keepApart(key: string): void {
		if (this.apart.size >= MOST_APART) this.apart.clear();
		this.apart.set(key, performance.now() + this.settings.apart);
	}

	// Asking the origin.

	/** What is stale and answers is renewed behind the answer, by one request (RFC 5861 section 3). */
	private refresh(next: App, request: IncomingRequest, context: Context, entry: Entry, now: number): void {
		const { key } = entry;
		if (this.refreshing.has(key) || (this.notBefore.get(entry) ?? 0) > now) return;
		this.refreshing.add(key);
		const refresh = new Refresh(this, request, context, entry);
		context.waitUntil(refresh.over);
		const sent = isValidatable(entry) ? conditional(request, entry, context) : unconditional(request, entry, context);
		refresh.begin(next, sent);
	}

	refreshed(entry: Entry): void {
		this.refreshing.delete(entry.key);
	}

	/** Its origin has failed: it is left alone for a moment. */
	putOff(entry: Entry, now: number): void {
		this.notBefore.set(entry, now + PUT_OFF * (1 + Math.random()));
	}

	// What is not for the store.

	private pass(next: App, request: IncomingRequest, context: Context): Response | Promise<Response> {
		this.counts.passed++;
		if (this.settings.status === null || context.offers.length > 0) return next(request, context, context);
		return whenAnswered(next, request, context, this.passed);
	}

	private readonly passed: AnswerStep = {
		answered: (response) => this.marked(response, 'bypass'),
	};

	private marked(response: Response, fwd: 'bypass' | 'method' | 'miss'): Response {
		const message = rawResponse(response);
		if (message.tunnel !== undefined) return message;
		const fields = FieldList.from(message.fields).copy();
		this.settings.status?.add(fields, { fwd, fwdStatus: message.status });
		return withFields(message, fields);
	}

	/** HEAD that nothing stored answers: what it says of the stored answers to GET counts (section 4.3.5). */
	private handleHead(next: App, request: IncomingRequest, context: Context, key: string): Response | Promise<Response> {
		const asked = performance.now();
		return whenAnswered(next, request, context, {
			answered: (response) => {
				const received = { asked, answered: performance.now(), at: Date.now() };
				const message = rawResponse(response);
				for (const entry of [...this.settings.store.variants(key)]) this.compare(entry, request, message, received);
				return this.marked(message, 'miss');
			},
		});
	}

	private compare(entry: Entry, request: IncomingRequest, head: OutgoingResponse, received: Fetched['received']): void {
		if (head.status >= 500 || head.status === 304) return;
		const fields = FieldList.from(head.fields).copy();
		const known = entry.fields;
		const alike = ['etag', 'last-modified', 'content-length'].every((name) => {
			const [told, stored] = [fields.get(name), known.get(name)];
			return told === null || (name === 'content-length' ? Number(told) === entry.bytes : told === stored);
		});
		if (head.status === entry.status && alike && entry.isComplete)
			renew(
				entry,
				request,
				{ status: head.status, response: withFields(head, fields), entry, received },
				this.settings,
			);
		else entry.invalid = true;
	}

	private handleOther(next: App, request: IncomingRequest, context: Context): Response | Promise<Response> {
		const { method } = request;
		if (method === 'PURGE' && this.settings.purge?.(request, context) === true) return this.purged(request, context);
		if (SAFE.has(method)) return next(request, context, context);
		return whenAnswered(next, request, context, {
			answered: (response) => {
				const message = rawResponse(response);
				if (message.status < 200 || message.status >= 400) return this.marked(message, 'method');
				this.invalidateBy(request, context, FieldList.from(message.fields));
				const kept = method === 'POST' ? keepPosted(this, request, context, message) : null;
				return kept ?? this.marked(message, 'method');
			},
		});
	}

	private purged(request: IncomingRequest, context: Context): Response {
		const found = this.invalidate(this.keyOf(request, context), true);
		return respond(found === 0 ? 404 : 200, { 'Cache-Control': 'no-store' }, `${found} removed\n`);
	}

	// What is stored, and does not hold any more.

	/** RFC 9111 section 4.4, and RFC 9875 section 3. */
	private invalidateBy(request: IncomingRequest, context: Context, fields: FieldList): void {
		const key = this.keyOf(request, context);
		this.invalidate(key, false);
		for (const name of ['location', 'content-location']) {
			const reference = fields.get(name);
			const other = reference === null ? null : keyOfReference(reference, key);
			if (other !== null) this.invalidate(other, false);
		}
		const groups = groupsIn(fields, 'cache-group-invalidation');
		if (groups.length === 0) return;
		const origin = key.slice(0, key.indexOf('/', key.indexOf('//') + 2) + 1);
		this.invalidateWhere(
			(entry) => entry.key.startsWith(origin) && entry.tags.some((tag) => groups.includes(tag)),
			false,
		);
	}

	/** What is stored for a key is validated before it is used again; `hard`: it is removed. Gives how many there were. */
	invalidate(key: string, hard: boolean): number {
		for (const fetch of this.fetches.all()) if (fetch.key === key) fetch.tainted = true;
		const { store } = this.settings;
		const entries = [...store.variants(key), ...store.variants(partKey(key))];
		for (const entry of entries) this.spoil(entry, hard);
		return entries.length;
	}

	/** A URL, with all that `key` makes of it. */
	purge(url: string, hard: boolean): number {
		if (this.settings.key === null) return this.invalidate(url, hard);
		return this.invalidateWhere(({ key }) => key === url || key.startsWith(`${url}\n`), hard);
	}

	/** The same for all that `fits`; whatever is under way is not stored, since nobody knows what it will be. */
	invalidateWhere(fits: (entry: Entry) => boolean, hard: boolean): number {
		for (const fetch of this.fetches.all()) fetch.tainted = true;
		let found = 0;
		for (const entry of this.settings.store.all()) {
			if (!fits(entry)) continue;
			found++;
			this.spoil(entry, hard);
		}
		return found;
	}

	private spoil(entry: Entry, hard: boolean): void {
		if (hard) this.settings.store.remove(entry);
		else entry.invalid = true;
	}
}

/** The whole again, as somebody without anything would ask. */
function unconditional(request: IncomingRequest, entry: Entry, context: Context): IncomingRequest {
	const sent = conditional(request, entry, context);
	sent.fields.delete('if-none-match');
	sent.fields.delete('if-modified-since');
	return sent;
}

function withFields(message: OutgoingResponse, fields: FieldList): OutgoingResponse {
	const { status, payload } = message;
	return new OutgoingResponse(status, fields, payload, message);
}
