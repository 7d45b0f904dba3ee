/** Entity tags (RFC 9110 section 8.8.3), and the two ways to compare them. */

/** `W/"abc"` is weak with the opaque part `"abc"`. */
export interface EntityTag {
	readonly weak: boolean;
	/** With its quotes. */
	readonly opaque: string;
}

const TAG = /^(W\/)?("[\x21\x23-\x7e\x80-\xff]*")$/;
/**
 * One element of a list and the comma behind it. Tags hold commas, and backslashes escape nothing in them. White space before
 * it is passed over first: two stretches of it, with nothing between, would be tried in every division.
 */
const ELEMENT = /(?:(W\/)?("[\x21\x23-\x7e\x80-\xff]*"))?[ \t]*(?:,|$)/y;

/** Reads one tag; null when it is none. */
export function parseEntityTag(text: string): EntityTag | null {
	const [, weak, opaque] = TAG.exec(text) ?? [];
	return opaque === undefined ? null : { weak: weak !== undefined, opaque };
}

/** The tags of If-Match or If-None-Match, `'*'`, or null when the value is malformed. */
export function parseEntityTags(value: string): readonly EntityTag[] | '*' | null {
	if (value === '*') return '*';
	const tags: EntityTag[] = [];
	for (let at = 0; at < value.length; at = ELEMENT.lastIndex) {
		while (value[at] === ' ' || value[at] === '\t') at++;
		ELEMENT.lastIndex = at;
		const [, weak, opaque] = ELEMENT.exec(value) ?? [undefined, undefined, null];
		if (opaque === null) return null;
		if (opaque !== undefined) tags.push({ weak: weak !== undefined, opaque });
	}
	return tags.length === 0 ? null : tags;
}

/** Both strong, and the same (RFC 9110 section 8.8.3.2): for If-Match, If-Range and ranges. */
export function sameStrongly(one: EntityTag, other: EntityTag): boolean {
	return !one.weak && !other.weak && one.opaque === other.opaque;
}

/** The same, whether weak or not: for If-None-Match. */
export function sameWeakly(one: EntityTag, other: EntityTag): boolean {
	return one.opaque === other.opaque;
}
