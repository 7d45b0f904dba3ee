/**
 * How often one client may ask: a bucket of tokens for each key. Every request takes its tokens before anything inside runs,
 * an upgrade and a CONNECT like a GET; one that finds too few is answered with 429 and when to come again.
 */
import {
	type AnswerStep,
	type App,
	type Context,
	type Explanation,
	type FieldNote,
	HttpError,
	type Layer,
	type LayerNote,
	layer,
	type Misfit,
	type RawRequest,
	raw,
	type Served,
	whenAnswered,
	withOwnFields,
} from '../../convention/index.ts';
import { FieldList } from '../../fields/index.ts';
import { addressKey, shortened } from '../client-key.ts';
import { wholeSeconds } from '../duration.ts';
import { LimitFields } from './fields.ts';
import { OpenExchanges } from './open-exchanges.ts';
import { isCost, type RateLimitOptions, type Settings, settingsOf } from './options.ts';
import type { Verdict } from './store.ts';

export interface RateLimitStatistics {
	readonly passed: number;
	/** Refused for too few tokens. */
	readonly limited: number;
	/** Refused for too many open at once. */
	readonly crowded: number;
	/** Not limited, since `skip` or `key` said so. */
	readonly skipped: number;
	/** Passed or refused without the store, which could not be asked. */
	readonly unasked: number;
	/** Open exchanges, where `concurrent` counts them. */
	readonly open: number;
	readonly store: object;
}

export interface RateLimit extends Layer {
	start(): Promise<void>;
	/** Rejects when the store could not be opened. */
	check(): Promise<void>;
	close(): Promise<void>;
	statistics(): RateLimitStatistics;
}

/** Middleware that limits how often a client may ask. Throws TypeError or RangeError with the option's name and the reason. */
export function rateLimit(options: RateLimitOptions): RateLimit {
	const settings = settingsOf(options);
	const limiter = new Limiter(settings);
	const note: LayerNote = {
		name: 'rateLimit',
		refuses: (outer) => sameName(settings, outer),
		misfit: (served) => countedApart(settings, served),
		explain: (request: RawRequest, context: Context): Explanation => limiter.explain(request, context),
	};
	limits.set(note, settings);
	const made = layer(
		note,
		(next: App): App =>
			(request, context) =>
				limiter.handle(next, request, context),
	);
	const { store } = settings;
	return Object.assign(made, {
		start: async (): Promise<void> => void (await store.start?.()),
		check: async (): Promise<void> => void (await store.check?.()),
		close: async (): Promise<void> => void (await store.close?.()),
		statistics: () => limiter.statistics(),
	});
}

/** For limits that stand within each other. */
const limits: WeakMap<LayerNote, Settings> = new WeakMap();

/** Clients tell limits apart by their names (draft-ietf-httpapi-ratelimit-headers section 3), and so do stores. */
function sameName({ bucket: { name }, fields, store }: Settings, outer: readonly LayerNote[]): string | null {
	const other = outer.map((note) => limits.get(note)).find((one) => one?.bucket.name === name);
	if (other === undefined) return null;
	const meant = `give each a \`name\` of its own`;
	if (other.store === store)
		return `another limit of the name ${name} stands around it and has the same store: ${meant}`;
	if (!other.fields || !fields) return null;
	return `another limit of the name ${name} stands around it, and answers would tell two by that name: ${meant}`;
}

/** No fault: each process is guarded as it was meant, and a client gets more than was written, but never an endless lot. */
function countedApart({ store }: Settings, { workers }: Served): Misfit | null {
	if (store.shared !== false || workers === 1) return null;
	const message = `each of ${workers} processes counts for itself, and so a client may ask up to ${workers} times as often as the limit says: take redisLimits(client) to count together, or divide the limit by ${workers}`;
	return { level: 'warning', message };
}

const REFUSED = '429 Too Many Requests';

/** Milliseconds between two lines about a store that fails. */
const QUIET = 1000;

class Limiter {
	private readonly settings: Settings;
	private readonly fields: LimitFields;
	private readonly open: OpenExchanges | null;
	private logged = Number.NEGATIVE_INFINITY;
	private readonly counts = { passed: 0, limited: 0, crowded: 0, skipped: 0, unasked: 0 };

	constructor(settings: Settings) {
		this.settings = settings;
		this.fields = new LimitFields(settings.bucket);
		this.open = settings.concurrent === Number.POSITIVE_INFINITY ? null : new OpenExchanges(settings.concurrent);
	}

	handle(next: App, given: Request, context: Context): Response | Promise<Response> {
		const { settings, open } = this;
		const request = settings.key === null && settings.skip === null ? given : raw(given);
		const key = this.keyOf(request as RawRequest, context);
		if (key === null) {
			this.counts.skipped++;
			return next(given, context, context);
		}
		if (open !== null && open.crowded(key)) {
			this.counts.crowded++;
			throw new HttpError(429, { message: 'Too many requests at once', fields: { 'Retry-After': '1' } });
		}
		const { cost, store } = settings;
		const tokens = typeof cost === 'number' ? cost : this.askCost(cost, given, context);
		// Held while the store is asked, too: a crowd could pass together otherwise.
		if (open !== null) open.enter(key, context);
		let verdict: Verdict | Promise<Verdict>;
		try {
			verdict = store.take(key, tokens, settings.bucket);
		} catch (error) {
			return this.unasked(error, next, given, context);
		}
		if (!(verdict instanceof Promise)) return this.judge(verdict, next, given, context);
		return verdict.then(
			(late) => this.judge(late, next, given, context),
			(error: unknown) => this.unasked(error, next, given, context),
		);
	}

	private keyOf(request: RawRequest, context: Context): string | null {
		const { skip, key } = this.settings;
		if (skip !== null && skip(request, context)) return null;
		if (key === null) return addressKey(context);
		const own = key(request, context);
		if (own !== null && typeof own !== 'string') throw new TypeError('rateLimit: key has given no text and not null');
		return own === null ? null : shortened(own);
	}

	private askCost(cost: (request: RawRequest, context: Context) => number, given: Request, context: Context): number {
		const tokens = cost(raw(given), context);
		if (!isCost(tokens)) throw new TypeError('rateLimit: cost has given no number from 0 on');
		return tokens;
	}

	private judge(verdict: Verdict, next: App, request: Request, context: Context): Response | Promise<Response> {
		const { fields } = this.settings;
		if (verdict.allowed) {
			this.counts.passed++;
			return fields
				? whenAnswered(next, request, context, new Told(this.fields, verdict))
				: next(request, context, context);
		}
		this.counts.limited++;
		const list = FieldList.empty();
		if (verdict.retry !== Number.POSITIVE_INFINITY) {
			// RFC 9110 section 10.2.3: whole seconds, and not too early.
			list.append('Retry-After', String(Math.max(1, wholeSeconds(verdict.retry))));
		}
		if (fields) this.fields.add(list, verdict);
		throw new HttpError(429, { message: 'Too many requests', fields: list });
	}

	private unasked(error: unknown, next: App, request: Request, context: Context): Response | Promise<Response> {
		const { open, log, bucket } = this.settings;
		this.counts.unasked++;
		const now = performance.now();
		if (now - this.logged >= QUIET) {
			this.logged = now;
			const what = open ? 'requests pass without a limit' : 'requests are refused';
			log({ level: 'error', message: `the store cannot be asked, ${what}`, limit: bucket.name, error });
		}
		if (open) return next(request, context, context);
		throw new HttpError(503, { cause: error, fields: { 'Retry-After': '1' } });
	}

	explain(request: RawRequest, context: Context): Explanation {
		const { bucket, concurrent } = this.settings;
		const key = this.keyOf(request, context);
		if (key === null) return { does: ['Does not limit this request.', 'Passes the request on as it is.'] };
		const { interval, burst } = bucket;
		const does = [
			`Takes a token out of the bucket of ${JSON.stringify(key)}: it holds ${burst}, and one comes back every ${round(interval)} ms.`,
			`Answers ${REFUSED} when there are too few${this.open === null ? '' : `, or ${concurrent} exchanges of that key are open`}.`,
			'Passes the request on as it is.',
		];
		const retry: FieldNote = {
			what: 'adds',
			name: 'Retry-After',
			on: 'response',
			when: `with ${REFUSED}`,
			source: 'RFC 9110 section 10.2.3',
		};
		if (!this.settings.fields) return { does, fields: [retry] };
		const source = 'draft-ietf-httpapi-ratelimit-headers-10';
		return {
			does,
			fields: [
				{ what: 'adds', name: 'RateLimit-Policy', value: this.fields.policyValue, on: 'response', source },
				{ what: 'adds', name: 'RateLimit', on: 'response', source },
				retry,
			],
		};
	}

	statistics(): RateLimitStatistics {
		return { ...this.counts, open: this.open?.size ?? 0, store: this.settings.store.statistics?.() ?? {} };
	}
}

const round = (milliseconds: number): number => Math.round(milliseconds * 1000) / 1000;

/** Adds the fields to the answer of one exchange. */
class Told implements AnswerStep {
	private readonly fields: LimitFields;
	private readonly verdict: Verdict;

	constructor(fields: LimitFields, verdict: Verdict) {
		this.fields = fields;
		this.verdict = verdict;
	}

	answered(response: Response): Response {
		const message = withOwnFields(response);
		this.fields.add(message.fields, this.verdict);
		return message;
	}
}
