/**
 * How much one client may use in a window of time: requests, and the bytes of bodies and tunnels, counted as they flow. Who
 * has used it up gets 429, and what is under way then ends: a body is cut short, a tunnel is closed.
 */
import {
	type App,
	type Context,
	type Explanation,
	HttpError,
	type Layer,
	layer,
	type OutgoingResponse,
	type RawRequest,
	raw,
	whenAnswered,
	withOwnFields,
} from '../../convention/index.ts';
import { FieldList } from '../../fields/index.ts';
import { addressKey, shortened } from '../client-key.ts';
import { wholeSeconds } from '../duration.ts';
import { identity } from '../keys.ts';
import { BudgetFields, left } from './budget-fields.ts';
import { type BudgetKeeper, CountedExchange } from './counted-exchange.ts';
import { type BudgetOptions, type BudgetSettings, budgetSettings } from './options.ts';
import type { Used } from './store.ts';

export interface BudgetStatistics {
	readonly passed: number;
	/** Answered 429. */
	readonly refused: number;
	/** Ended in the middle, since there was nothing left. */
	readonly cut: number;
	/** Not limited, since `key` said so. */
	readonly skipped: number;
	/** Times that the store could not be asked. */
	readonly unasked: number;
	readonly store: object;
}

export interface Budget extends Layer {
	start(): Promise<void>;
	close(): Promise<void>;
	statistics(): BudgetStatistics;
}

/** Middleware that limits how much a client may use. Throws TypeError or RangeError with the option's name and the reason. */
export function budget(options: BudgetOptions): Budget {
	const settings = budgetSettings(options);
	const keeper = new Keeper(settings);
	const note = {
		name: 'budget',
		explain: (request: RawRequest, context: Context): Explanation => keeper.explain(request, context),
	};
	const made = layer(
		note,
		(next: App): App =>
			(request, context) =>
				keeper.handle(next, request, context),
	);
	const { store } = settings;
	return Object.assign(made, {
		start: async (): Promise<void> => void (await store.start?.()),
		close: async (): Promise<void> => void (await store.close?.()),
		statistics: () => ({ ...keeper.counts, store: store.statistics?.() ?? {} }),
	});
}

/** Milliseconds between two lines about a store that fails. */
const QUIET = 1000;

class Keeper implements BudgetKeeper {
	readonly settings: BudgetSettings;
	readonly counts = { passed: 0, refused: 0, cut: 0, skipped: 0, unasked: 0 };
	private readonly fields: BudgetFields;
	private logged = Number.NEGATIVE_INFINITY;

	constructor(settings: BudgetSettings) {
		this.settings = settings;
		this.fields = new BudgetFields(settings);
	}

	handle(next: App, request: Request, context: Context): Response | Promise<Response> {
		const key = this.keyOf(request, context);
		if (key === null) {
			this.counts.skipped++;
			return next(request, context, context);
		}
		const { store, per } = this.settings;
		let used: Used | Promise<Used>;
		try {
			used = store.add(key, 1, 0, per);
		} catch (error) {
			return this.without(error, next, request, context);
		}
		if (!(used instanceof Promise)) return this.judge(used, key, next, request, context);
		return used.then(
			(late) => this.judge(late, key, next, request, context),
			(error: unknown) => this.without(error, next, request, context),
		);
	}

	/** Users and addresses are told apart: a user may be called like an address. */
	private keyOf(request: Request, context: Context): string | null {
		const { key, name } = this.settings;
		if (key === null) {
			const user = context.get(identity)?.name;
			return `${name}:${user === undefined ? `address:${addressKey(context)}` : `user:${shortened(user)}`}`;
		}
		const own = key(raw(request), context);
		if (own !== null && typeof own !== 'string') throw new TypeError('budget: key has given no text and not null');
		return own === null ? null : `${name}:key:${shortened(own)}`;
	}

	private judge(used: Used, key: string, next: App, request: Request, context: Context): Response | Promise<Response> {
		const { requests, bytes, fields } = this.settings;
		if (used.requests > requests || used.bytes >= bytes) throw this.refused(used);
		if (bytes === Number.POSITIVE_INFINITY) {
			this.counts.passed++;
			if (!fields) return next(request, context, context);
			return whenAnswered(next, request, context, new Told(this, used));
		}
		const exchange = new CountedExchange(this, key, used);
		const counted = exchange.asked(raw(request));
		this.counts.passed++;
		return whenAnswered(next, counted, context, exchange);
	}

	refused(used: Used): HttpError {
		this.counts.refused++;
		return this.usedUp(used);
	}

	usedUp(used: Used): HttpError {
		const { requests, bytes, window, fields } = this.settings;
		const seconds = Math.max(1, wholeSeconds(used.reset));
		// RFC 9110 section 10.2.3: whole seconds, and not too early.
		const list = FieldList.of({ 'Retry-After': String(seconds) });
		if (fields) this.fields.add(list, used);
		const parts = [share(requests, used.requests, 'requests'), share(bytes, used.bytes, 'bytes')];
		const what = parts.filter((part) => part !== null).join(' and ');
		const message = `Your budget for ${window} is used up. Left: ${what}. All of it is there again in ${seconds} s.`;
		return new HttpError(429, { message, fields: list });
	}

	cutOff(): void {
		this.counts.cut++;
	}

	tell(response: OutgoingResponse, used: Used): void {
		this.fields.add(response.fields, used);
	}

	private without(error: unknown, next: App, request: Request, context: Context): Response | Promise<Response> {
		this.unasked(error);
		if (this.settings.open) return next(request, context, context);
		throw new HttpError(503, { cause: error, fields: { 'Retry-After': '1' } });
	}

	unasked(error: unknown): void {
		const { open, log, name } = this.settings;
		this.counts.unasked++;
		const now = performance.now();
		if (now - this.logged < QUIET) return;
		this.logged = now;
		const what = open ? 'requests pass without a budget' : 'requests are refused';
		log({ level: 'error', message: `the store cannot be asked, ${what}`, budget: name, error });
	}

	explain(request: RawRequest, context: Context): Explanation {
		const key = this.keyOf(request, context);
		if (key === null) return { does: ['Has no budget for this request.', 'Passes the request on as it is.'] };
		const { requests, bytes, window, fields } = this.settings;
		const parts = [amount(requests, 'requests'), amount(bytes, 'bytes')].filter((part) => part !== null);
		const does = [
			`Counts it to the budget of ${JSON.stringify(key)}: ${parts.join(' and ')} in ${window}.`,
			'Answers 429 Too Many Requests, with Retry-After, when it is used up.',
		];
		if (bytes !== Number.POSITIVE_INFINITY) does.push('Ends bodies and tunnels that go beyond it.');
		does.push('Passes the request on as it is.');
		if (!fields) return { does };
		const source = 'draft-ietf-httpapi-ratelimit-headers';
		return {
			does,
			fields: [
				{ what: 'adds', name: 'RateLimit-Policy', value: this.fields.policyValue, on: 'response', source },
				{ what: 'adds', name: 'RateLimit', on: 'response', source },
			],
		};
	}
}

function amount(limit: number, of: string): string | null {
	return limit === Number.POSITIVE_INFINITY ? null : `${limit} ${of}`;
}

function share(limit: number, used: number, of: string): string | null {
	return limit === Number.POSITIVE_INFINITY ? null : `${left(limit, used)} of ${limit} ${of}`;
}

/** Adds the fields to the answer of one exchange whose bytes are not counted. */
class Told {
	private readonly keeper: Keeper;
	private readonly used: Used;

	constructor(keeper: Keeper, used: Used) {
		this.keeper = keeper;
		this.used = used;
	}

	answered(response: Response): Response {
		const message = withOwnFields(response);
		this.keeper.tell(message, this.used);
		return message;
	}
}
