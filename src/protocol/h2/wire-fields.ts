/**
 * Fields as HTTP/2 writes them, in the form in which node takes and gives them: names in lower case, nothing that belongs to a
 * connection (RFC 9113 section 8.2), pseudo-fields in front.
 */
import { deleteNominated, FieldList, FRAMING, HOP_BY_HOP, NOT_IN_TRAILERS, tags, tokens } from '../../fields/index.ts';

/** Lines of one name follow each other. */
export type WireFields = Record<string, string | string[]>;

/** Pseudo-fields by their names, colon included. */
export type Pseudo = Record<string, string>;

/** `into` has the pseudo-fields already. */
export function wireFields(fields: FieldList, into: WireFields = Object.create(null) as WireFields): WireFields {
	const list = fields.copy();
	// The one thing that TE may say in HTTP/2.
	const takesTrailers = list.hasTagged(tags.te) && tokens(list.getTagged(tags.te) ?? '').includes('trailers');
	deleteNominated(list);
	list.deleteFlagged(FRAMING | HOP_BY_HOP);
	for (const [name, value] of list) {
		const key = name.toLowerCase();
		const before = into[key];
		if (before === undefined) into[key] = value;
		else if (Array.isArray(before)) before.push(value);
		else into[key] = [before, value];
	}
	if (takesTrailers) into['te'] = 'trailers';
	return into;
}

/** What was received, names and values in turn; a cookie in several lines is one again (RFC 9113 section 8.2.3). */
export function receivedFields(raw: readonly string[], pseudo: Pseudo): FieldList {
	const fields = FieldList.empty();
	const crumbs: string[] = [];
	for (let i = 0; i + 1 < raw.length; i += 2) {
		const name = raw[i] as string;
		const value = raw[i + 1] as string;
		if (name.startsWith(':')) pseudo[name] = value;
		else if (name === 'cookie' && crumbs.push(value) > 1) continue;
		else fields.append(name, value);
	}
	if (crumbs.length > 1) fields.set('cookie', crumbs.join('; '));
	return fields;
}

/** Null when there are none. */
export function receivedTrailers(raw: readonly string[]): FieldList | null {
	if (raw.length === 0) return null;
	const list = FieldList.empty();
	for (let i = 0; i + 1 < raw.length; i += 2) list.append(raw[i] as string, raw[i + 1] as string);
	list.deleteFlagged(NOT_IN_TRAILERS);
	return list;
}
