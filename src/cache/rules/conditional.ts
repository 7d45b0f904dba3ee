/** What a client that has something already is told (RFC 9111 section 4.3.2, RFC 9110 section 13). */
import { type FieldList, parseEntityTag, parseEntityTags, sameStrongly, sameWeakly } from '../../fields/index.ts';
import { cacheDate } from './date.ts';

/** Fields that make a request conditional. */
export const CONDITIONS = [
	'if-match',
	'if-none-match',
	'if-modified-since',
	'if-unmodified-since',
	'if-range',
] as const;

/** Whether it is for the origin alone to say: what is not there may not be overwritten. */
export function isForOrigin(asked: FieldList): boolean {
	return asked.has('if-match') || asked.has('if-unmodified-since');
}

/** Whether the client has what is stored: it is told so by 304. */
export function isNotModified(asked: FieldList, stored: FieldList, now: number): boolean {
	const noneMatch = asked.get('if-none-match');
	if (noneMatch !== null) {
		const tags = parseEntityTags(noneMatch);
		if (tags === '*') return true;
		const own = parseEntityTag(stored.get('etag') ?? '');
		return own !== null && (tags ?? []).some((tag) => sameWeakly(tag, own));
	}
	const since = cacheDate(asked.get('if-modified-since'), now);
	if (since === null) return false;
	const modified = cacheDate(stored.get('last-modified'), now) ?? cacheDate(stored.get('date'), now);
	return modified !== null && modified <= since;
}

/** RFC 9110 section 13.1.5: whether a range of what is stored completes what the client has. */
export function rangeApplies(asked: FieldList, stored: FieldList, now: number): boolean {
	const value = asked.get('if-range');
	if (value === null) return true;
	const tag = parseEntityTag(value);
	const own = parseEntityTag(stored.get('etag') ?? '');
	if (tag !== null) return own !== null && sameStrongly(tag, own);
	const [date, modified] = [cacheDate(value, now), cacheDate(stored.get('last-modified'), now)];
	return date !== null && date === modified && isStrongDate(stored, modified, now);
}

/** RFC 9110 section 8.8.2.2: it had not changed for a minute when it was sent. */
function isStrongDate(stored: FieldList, modified: number, now: number): boolean {
	const sent = cacheDate(stored.get('date'), now);
	return sent !== null && sent - modified >= 60_000;
}
