/**
 * Fields as they are kept: one string, a line for each, and nothing besides. A list of fields costs several times its text, and
 * there are many more stored responses than those that are answered with at a time.
 */
import { FieldList, STRIDE, tagOf } from '../fields/index.ts';

export function packFields(fields: FieldList): string {
	const { raw } = fields;
	let text = '';
	for (let at = 0; at < raw.length; at += 2) text += `${raw[at]}: ${raw[at + 1]}\r\n`;
	return flat(text);
}

/** How many lists are kept, of those that were wanted last. */
const KEPT = 4_096;
const kept: UnpackedFields[] = [];
let turn = 0;

/** The fields of one stored response as a list, kept as long as it is among the last that were wanted. */
export class UnpackedFields {
	private list: FieldList | null = null;

	/** A list of its own, each time. */
	of(packed: string): FieldList {
		if (this.list === null) {
			this.list = unpackFields(packed);
			const before = kept[turn];
			if (before !== undefined) before.list = null;
			kept[turn] = this;
			turn = (turn + 1) % KEPT;
		}
		return this.list.copy();
	}
}

function unpackFields(text: string): FieldList {
	const marks: number[] = [];
	for (let at = 0; at < text.length; ) {
		const colon = text.indexOf(':', at);
		const end = text.indexOf('\r\n', colon);
		const place = marks.length;
		marks.length = place + STRIDE;
		marks[place] = at;
		marks[place + 1] = colon;
		marks[place + 2] = colon + 2;
		marks[place + 3] = end;
		marks[place + 4] = tagOf(text.slice(at, colon));
		at = end + 2;
	}
	return FieldList.scanned(text, marks);
}

/** The same text, and not a part of a larger one, which would be kept with it. */
export function flat(text: string): string {
	return Buffer.from(text, 'latin1').toString('latin1');
}
