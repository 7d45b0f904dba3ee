/** Whether a response may be stored (RFC 9111 section 3). What is wrong is told in a word or two, for Cache-Status and for people. */
import type { FieldList } from '../../fields/index.ts';
import { cacheDate } from './date.ts';
import type { Directives } from './directives.ts';
import { type Freshness, isHeuristic } from './freshness.ts';

export interface StorableOptions {
	/** To the letter: a response with Set-Cookie is stored like any other. */
	readonly rfc: boolean;
}

/** The statuses whose caching we implement (section 5.2.2.3). */
const UNDERSTOOD: ReadonlySet<number> = new Set([
	200, 203, 204, 206, 300, 301, 302, 303, 307, 308, 400, 401, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413,
	414, 415, 416, 417, 421, 422, 426, 429, 500, 501, 502, 503, 504, 505,
]);

/** What our own parser, or the origin's, has against a request is not the resource's. */
const ABOUT_THE_REQUEST: ReadonlySet<number> = new Set([400, 413, 431]);

export interface Asked {
	readonly directives: Directives;
	/** The client has proved who it is: to the origin, or to a layer around us that has taken the credentials off. */
	readonly authorized: boolean;
}

/** Why a response to GET may not be stored, by what is said of it; null when nothing is said against it. */
export function refusalOf(
	asked: Asked,
	status: number,
	fields: FieldList,
	directives: Directives,
	{ rfc }: StorableOptions,
): string | null {
	if (asked.directives.has('no-store')) return 'the request says no-store';
	if (status < 200 || status === 304) return `status ${status}`;
	if (directives.has('must-understand')) {
		if (!UNDERSTOOD.has(status)) return 'must-understand';
	} else if (directives.has('no-store')) return 'no-store';
	if (directives.isPlain('private')) return 'private';
	if (asked.authorized && !mayShareAuthorized(directives)) return 'authorization';
	if (saysStar(fields)) return 'vary *';
	if (!rfc && fields.has('set-cookie') && !directives.has('public') && !directives.has('s-maxage')) return 'set-cookie';
	return !rfc && ABOUT_THE_REQUEST.has(status) ? `status ${status}` : null;
}

/** Why it would be of no use; null when it is. */
export function uselessness(status: number, fields: FieldList, freshness: Freshness): string | null {
	const { directives, explicit, lifetime } = freshness;
	if (!explicit && !directives.has('public') && !isHeuristic(status)) return `status ${status} without freshness`;
	return isUseful(fields, directives, lifetime) ? null : 'no freshness and no validator';
}

/** Section 3.5. */
function mayShareAuthorized(directives: Directives): boolean {
	return ['must-revalidate', 'public', 's-maxage'].some((name) => directives.has(name));
}

/** Section 4.1: it never matches. */
function saysStar(fields: FieldList): boolean {
	return fields.has('vary') && (fields.get('vary') as string).split(',').some((name) => name.trim() === '*');
}

/** Without any of these it would only take room: it is not fresh, and cannot become so again. */
function isUseful(fields: FieldList, directives: Directives, lifetime: number): boolean {
	if (lifetime > 0 || fields.has('etag')) return true;
	if (cacheDate(fields.get('last-modified'), Date.now()) !== null) return true;
	return directives.has('stale-while-revalidate') || directives.has('stale-if-error');
}
