/**
 * ETags that change with the theme, and the way back (RFC 9110 section 8.8.3). `"abc"` of the upstream becomes
 * `W/"abc+ts.VARIANT"` on a themed page: weak, because a transformed page equals another in meaning alone (section 8.8.1).
 * The letter says what stood there: `s` a strong tag, `w` a weak one, `d` no tag but a Last-Modified, in seconds. Themed
 * pages carry no Last-Modified: a date could not tell that the rules have changed.
 */
import { type FieldList, formatHttpDate, listOf, parseHttpDate } from '../../fields/index.ts';

const TAG = /^(W\/)?"(.*)"$/s;
const OURS = /^(?:W\/)?"(.*)\+t([swd])\.([a-z0-9]+)"$/s;

/** What a client's conditions became for the upstream. */
export interface Translation {
	/** The client's tags by what the upstream knows them as. */
	readonly tags: ReadonlyMap<string, string>;
}

/** Marks the validators of a response; `weak` where the bytes are not those of the upstream, `dates` where they go with the rules. */
export function markValidators(fields: FieldList, variant: string, how: { weak: boolean; dates: boolean }): void {
	const tag = fields.get('etag');
	const parts = tag === null ? null : TAG.exec(tag);
	if (parts !== null) {
		const strong = parts[1] === undefined;
		const mark = how.weak || !strong ? 'W/' : '';
		fields.set('ETag', `${mark}"${parts[2]}+t${strong ? 's' : 'w'}.${variant}"`);
	} else if (tag !== null) {
		fields.delete('etag');
	} else if (how.dates) {
		const dated = dateTag(fields, variant);
		if (dated !== null) fields.set('ETag', dated);
	}
	if (how.dates) fields.delete('last-modified');
}

function dateTag(fields: FieldList, variant: string): string | null {
	const modified = parseHttpDate(fields.get('last-modified') ?? '');
	return modified === null || modified < 0 ? null : `W/"${(modified / 1000).toString(36)}+td.${variant}"`;
}

/**
 * Takes the marks off a request's conditions. Tags of another variant are no tags of the upstream's: without any left,
 * a new page is asked for. If-Match is about the content, whatever theme it was seen in. Null when there was no mark.
 */
export function unmarkConditions(fields: FieldList, variant: string): Translation | null {
	const matched = unmarkIfMatch(fields);
	const value = fields.get('if-none-match');
	if (value === null || !value.includes('+t')) return matched ? { tags: new Map() } : null;
	const tags = new Map<string, string>();
	const kept: string[] = [];
	let date: string | null = null;
	for (const tag of listOf(value)) {
		const [, opaque = '', kind, of] = OURS.exec(tag) ?? [];
		if (kind === undefined) kept.push(tag);
		if (kind === undefined || of !== variant) continue;
		const original = kind === 'd' ? httpDate(opaque) : `${kind === 'w' ? 'W/' : ''}"${opaque}"`;
		if (original === null) continue;
		tags.set(key(original), tag);
		if (kind === 'd') date = original;
		else kept.push(original);
	}
	fields.delete('if-none-match');
	// RFC 9110 section 13.1.3: beside If-None-Match it would have been ignored.
	fields.delete('if-modified-since');
	if (kept.length > 0) fields.append('If-None-Match', kept.join(', '));
	else if (date !== null) fields.append('If-Modified-Since', date);
	return { tags };
}

/** On a 304: the tag, or the date, as the client knows it. True when it is about one of ours. */
export function remarkNotModified(fields: FieldList, { tags }: Translation): boolean {
	const known = fields.get('etag') ?? fields.get('last-modified');
	// A 304 that says nothing is about the only tag that was asked about.
	const tag = known === null ? (tags.size === 1 ? [...tags.values()][0] : undefined) : tags.get(key(known));
	if (tag === undefined) return false;
	fields.set('ETag', tag);
	fields.delete('last-modified');
	return true;
}

/** Tags are compared weakly. */
const key = (original: string): string => original.replace(/^W\//, '');

function unmarkIfMatch(fields: FieldList): boolean {
	const value = fields.get('if-match');
	if (value === null || !value.includes('+t')) return false;
	const tags = listOf(value).map((tag) => {
		const [, opaque, kind] = OURS.exec(tag) ?? [];
		return kind === 's' ? `"${opaque}"` : tag;
	});
	fields.set('If-Match', tags.join(', '));
	return true;
}

function httpDate(seconds: string): string | null {
	const time = Number.parseInt(seconds, 36) * 1000;
	return time >= 0 && time < 253402300800000 ? formatHttpDate(time) : null;
}
