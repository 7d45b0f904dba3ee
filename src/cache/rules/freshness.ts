/** How long a response is fresh, and how old it was when it came (RFC 9111 section 4.2). Seconds, but for the clocks. */
import type { FieldList } from '../../fields/index.ts';
import { cacheDate } from './date.ts';
import { type Directives, parseDirectives, parseTargeted } from './directives.ts';

/** When a response was asked for and when its head came. */
export interface Received {
	/** Milliseconds of a clock that only goes on: when the request was sent, and when the head of its response was there. */
	readonly asked: number;
	readonly answered: number;
	/** Milliseconds since 1970, when the head was there. */
	readonly at: number;
}

export interface FreshnessOptions {
	/** Targeted fields (RFC 9213), the first of which that is there counts, by their names in lower case. */
	readonly targets: readonly string[];
	/** Seconds that a response without a word about it may be fresh at the most; 0: none is. */
	readonly heuristicMost: number;
	/** Of the time since Last-Modified. */
	readonly heuristicShare: number;
}

export interface Freshness {
	/** The directives that count: of a targeted field, or of Cache-Control. */
	readonly directives: Directives;
	/** Seconds of freshness. */
	readonly lifetime: number;
	/** Whether the response says so itself. */
	readonly explicit: boolean;
	/** How old it was when its head came (section 4.2.3). */
	readonly initialAge: number;
}

/** RFC 9110 section 15.1. */
const HEURISTIC: ReadonlySet<number> = new Set([200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501]);

export function isHeuristic(status: number): boolean {
	return HEURISTIC.has(status);
}

/** What a response says of being stored, and where. */
export interface Said {
	readonly directives: Directives;
	/** It is a targeted field that says so: Expires does not count then (RFC 9213 section 2.2). */
	readonly targeted: boolean;
}

export function saidIn(fields: FieldList, targets: readonly string[]): Said {
	const targeted = targetedIn(fields, targets);
	if (targeted !== null) return { directives: targeted, targeted: true };
	return { directives: parseDirectives(fields.get('cache-control')), targeted: false };
}

export function freshnessOf(
	status: number,
	fields: FieldList,
	received: Received,
	options: FreshnessOptions,
	{ directives, targeted }: Said = saidIn(fields, options.targets),
): Freshness {
	const date = cacheDate(fields.get('date'), received.at) ?? received.at;
	const initialAge = initialAgeOf(fields, date, received);
	const given = explicitLifetime(directives, targeted ? null : fields, date, received.at);
	if (given !== null) return { directives, lifetime: given, explicit: true, initialAge };
	const may = isHeuristic(status) || directives.has('public');
	const lifetime = may ? heuristicLifetime(fields, date, received.at, options) : 0;
	return { directives, lifetime, explicit: false, initialAge };
}

function targetedIn(fields: FieldList, targets: readonly string[]): Directives | null {
	for (const name of targets) {
		const directives = parseTargeted(fields.get(name));
		if (directives !== null) return directives;
	}
	return null;
}

/** Section 4.2.1. `fields` is null where Expires does not count. */
function explicitLifetime(directives: Directives, fields: FieldList | null, date: number, now: number): number | null {
	const given = directives.seconds('s-maxage') ?? directives.seconds('max-age');
	if (given !== null) return given;
	const lines = fields?.all('expires') ?? [];
	if (lines.length === 0) return null;
	// Section 5.3: what is no date, two of them included, is in the past.
	const expires = lines.length === 1 ? cacheDate(lines[0] as string, now) : null;
	return expires === null ? 0 : Math.max(0, (expires - date) / 1_000);
}

/** Section 4.2.2. */
function heuristicLifetime(fields: FieldList, date: number, now: number, options: FreshnessOptions): number {
	const modified = cacheDate(fields.get('last-modified'), now);
	if (modified === null || modified > date) return 0;
	return Math.min(options.heuristicMost, ((date - modified) / 1_000) * options.heuristicShare);
}

/** Section 4.2.3. */
function initialAgeOf(fields: FieldList, date: number, { asked, answered, at }: Received): number {
	const apparent = Math.max(0, (at - date) / 1_000);
	const [first = ''] = (fields.all('age')[0] ?? '').split(',');
	const told = /^[ \t]*\d+[ \t]*$/.test(first) ? Math.min(2_147_483_648, Number(first)) : 0;
	return Math.max(apparent, told + (answered - asked) / 1_000);
}
