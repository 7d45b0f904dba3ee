/** What a stored response becomes by a 304 about it (RFC 9111 sections 3.2 and 4.3.4). */
import { FieldList, parseEntityTag, sameWeakly } from '../../fields/index.ts';

/** What describes the bytes that are stored, and is not for an answer without any to change. */
const OF_THE_BODY: ReadonlySet<string> = new Set([
	'content-length',
	'content-encoding',
	'content-range',
	'transfer-encoding',
]);

/** Whether a 304 is about what is stored: it says the same tag, or none. */
export function isAbout(stored: FieldList, notModified: FieldList): boolean {
	const told = notModified.get('etag');
	if (told === null) return true;
	const [one, other] = [parseEntityTag(told), parseEntityTag(stored.get('etag') ?? '')];
	return one !== null && other !== null && sameWeakly(one, other);
}

/** The fields from now on: those of the 304 in the place of those of their names. */
export function freshened(stored: FieldList, notModified: FieldList): FieldList {
	const fields = FieldList.of(stored.raw);
	// Section 4.2.3: an age of before is not one of now.
	fields.delete('age');
	const replaced = new Set<string>();
	for (const [name, value] of notModified) {
		const key = name.toLowerCase();
		if (OF_THE_BODY.has(key)) continue;
		if (!replaced.has(key)) fields.delete(name);
		replaced.add(key);
		fields.append(name, value);
	}
	return fields;
}
