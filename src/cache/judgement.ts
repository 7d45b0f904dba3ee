/** What becomes of a request, by what is stored for it (RFC 9111 section 4): the table of section 4.2 and 5.2 in one place. */
import type { FieldList } from '../fields/index.ts';
import type { Forwarded } from './cache-status.ts';
import type { Entry } from './entry.ts';
import { type Directives, isForOrigin, parseDirectives, selects } from './rules/index.ts';

/** What a client has said. */
export interface Wish {
	readonly fields: FieldList;
	readonly directives: Directives;
	/** Its validation is wanted, whatever is stored. */
	readonly noCache: boolean;
}

const NOTHING: Directives = parseDirectives(null);

/** `honours`: whether clients have a say (section 5.2.1). */
export function wishOf(fields: FieldList, honours: boolean): Wish {
	if (!honours) return { fields, directives: NOTHING, noCache: false };
	const value = fields.get('cache-control');
	const directives = value === null ? NOTHING : parseDirectives(value);
	// Section 5.4: Pragma counts where there is no Cache-Control.
	const pragma = value === null && fields.has('pragma') && parseDirectives(fields.get('pragma')).has('no-cache');
	return { fields, directives, noCache: pragma || directives.has('no-cache') };
}

/** `serve`: it answers. `refresh`: it answers, and is renewed behind the answer. `validate`: it is asked about. `fetch`: it is of no use. */
export interface Judgement {
	readonly action: 'serve' | 'refresh' | 'validate' | 'fetch';
	readonly entry: Entry | null;
	readonly fwd: Forwarded;
	/** Why, for people. */
	readonly because: string;
}

/** The one of several responses that a request selects (section 4.1); `variants` are in order, the latest first. */
export function selected(variants: readonly Entry[], asked: FieldList): Entry | null {
	const [latest] = variants;
	if (latest === undefined) return null;
	for (const entry of variants) {
		// What the latest depends on is what the resource depends on: one that knows nothing of it is no answer.
		const knows = latest.selecting.every(([name]) => entry.selecting.some(([other]) => other === name));
		if (knows && selects(entry.selecting, asked)) return entry;
	}
	return null;
}

export function judge(variants: readonly Entry[], wish: Wish, now: number): Judgement {
	const entry = selected(variants, wish.fields);
	if (entry === null) {
		const fwd = variants.length === 0 ? 'uri-miss' : 'vary-miss';
		return {
			action: 'fetch',
			entry,
			fwd,
			because: fwd === 'uri-miss' ? 'nothing is stored' : 'what is stored was for others',
		};
	}
	if (isForOrigin(wish.fields))
		return { action: 'fetch', entry: null, fwd: 'request', because: 'the client sets conditions for the origin' };
	const must = whyValidate(entry, wish, now);
	if (must !== null) return stale(entry, wish, now, must);
	return { action: 'serve', entry, fwd: 'stale', because: `fresh for ${Math.trunc(entry.left(now))} s` };
}

interface Reason {
	readonly fwd: Forwarded;
	readonly because: string;
	/** Whether it is only that it has grown old. */
	readonly age: boolean;
}

function whyValidate(entry: Entry, { directives, noCache }: Wish, now: number): Reason | null {
	if (entry.invalid) return { fwd: 'stale', because: 'it was invalidated', age: false };
	if (entry.directives.isPlain('no-cache')) return { fwd: 'stale', because: 'it says no-cache', age: false };
	if (noCache) return { fwd: 'request', because: 'the client says no-cache', age: false };
	const left = entry.left(now);
	if (left <= 0) return { fwd: 'stale', because: `stale for ${Math.trunc(-left)} s`, age: true };
	const [most, least] = [directives.asked('max-age'), directives.asked('min-fresh')];
	if (most !== null && entry.age(now) > most)
		return { fwd: 'request', because: `older than the client’s max-age ${most}`, age: false };
	if (least !== null && left < least)
		return { fwd: 'request', because: `not as fresh as the client’s min-fresh ${least}`, age: false };
	return null;
}

function stale(entry: Entry, { directives }: Wish, now: number, { fwd, because, age }: Reason): Judgement {
	const validate: Judgement = { action: isValidatable(entry) ? 'validate' : 'fetch', entry, fwd, because };
	if (!age || forbidsStale(entry)) return validate;
	const since = -entry.left(now);
	if (directives.has('max-stale') && since <= (directives.asked('max-stale') ?? Number.POSITIVE_INFINITY))
		return { action: 'serve', entry, fwd, because: 'the client takes it stale' };
	const window = entry.directives.seconds('stale-while-revalidate');
	if (window !== null && since <= window) return { action: 'refresh', entry, fwd, because: 'stale-while-revalidate' };
	return validate;
}

/** Section 4.2.4: it says so itself, whatever else is wished. */
export function forbidsStale(entry: Entry): boolean {
	const { directives } = entry;
	return (
		entry.invalid ||
		directives.isPlain('no-cache') ||
		['must-revalidate', 'proxy-revalidate', 's-maxage'].some((name) => directives.has(name))
	);
}

/** Whether it answers while the origin fails (RFC 5861 section 4, RFC 9111 section 4.2.4). `grace`: seconds, unasked. */
export function survivesFailure(entry: Entry, { directives }: Wish, grace: number, now: number): boolean {
	if (forbidsStale(entry)) return false;
	const window = entry.directives.seconds('stale-if-error') ?? 0;
	return -entry.left(now) <= Math.max(grace, window, directives.asked('stale-if-error') ?? 0);
}

/** Whether its origin can be asked if it still holds. */
export function isValidatable({ fields }: Entry): boolean {
	return fields.has('etag') || fields.has('last-modified');
}
