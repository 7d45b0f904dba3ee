/** Conditional requests for what exists, in the order of RFC 9110 section 13.2.2. */
import {
	type EntityTag,
	type Fields,
	parseEntityTag,
	parseEntityTags,
	parseHttpDate,
	sameStrongly,
	sameWeakly,
} from '../fields/index.ts';
import type { Validators } from './validators.ts';

/** Whether to go on, or which status answers instead. A condition that cannot be read is one that is not there. */
export function preconditions(fields: Fields, { tag, modified }: Validators): 'go on' | 304 | 412 {
	const match = fields.get('if-match');
	if (match !== null) {
		const tags = parseEntityTags(match);
		// Malformed, it holds no tag of ours; a client that sends it fears to lose something.
		if (tags !== '*' && !(tags ?? []).some((one) => sameStrongly(one, tag))) return 412;
	} else {
		const since = dateOf(fields, 'if-unmodified-since');
		if (since !== null && modified > since) return 412;
	}
	const noneMatch = fields.get('if-none-match');
	if (noneMatch !== null) {
		const tags = parseEntityTags(noneMatch);
		return tags === '*' || (tags ?? []).some((one) => sameWeakly(one, tag)) ? 304 : 'go on';
	}
	const since = dateOf(fields, 'if-modified-since');
	return since !== null && modified <= since ? 304 : 'go on';
}

/** Section 13.1.5: whether the client's part is of this very representation, so that a range may complete it. */
export function rangeApplies(fields: Fields, { tag, modified }: Validators): boolean {
	const value = fields.get('if-range');
	if (value === null) return true;
	const asked: EntityTag | null = parseEntityTag(value);
	if (asked !== null) return sameStrongly(asked, tag);
	// A date is a strong validator only where the file had settled; the tag says so.
	return !tag.weak && parseHttpDate(value) === modified;
}

function dateOf(fields: Fields, name: string): number | null {
	const value = fields.get(name);
	return value === null ? null : parseHttpDate(value);
}
