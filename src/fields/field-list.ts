/**
 * The ordered list of field lines: the only form in which header and trailer sections travel through this project.
 * Lines keep their order, their case and their duplicates (RFC 9110 section 5.3). A list that came off the wire stays
 * one string with offsets into it ("scanned") until somebody edits a line in place; deleting and appending do not
 * unpack it, so a proxy can strip and add fields and write the rest out in a few slices.
 */

import { FieldLine } from './field-line.ts';
import { flags, tagOf, tagSet, UNKNOWN } from './special.ts';
import { checkName, checkValue } from './syntax.ts';

/** Name, value, name, value …: the flat form of node's `rawHeaders`. */
export type RawFields = readonly string[];

/** What `FieldList.of` takes: another list, a record, pairs, or a flat array. */
export type FieldsInit =
	| Fields
	| RawFields
	| Readonly<Record<string, string | number | readonly string[] | undefined>>
	| Iterable<readonly [string, string]>;

/** Ordered header or trailer fields. Names are found whatever their case; values are byte strings (code points 0-255). */
export interface Fields extends Iterable<[string, string]> {
	/** All lines, flat, in order; a copy. */
	readonly raw: string[];
	/** Number of field lines. */
	readonly size: number;
	/** The values of all lines of that name joined by ", " (RFC 9110 section 5.3), or null when there is none. */
	get(name: string): string | null;
	/** The value of each line of that name, in order. */
	all(name: string): string[];
	has(name: string): boolean;
	/** Replaces the first line of that name, removes the others, or appends. Throws TypeError for a name or value that could not be sent. */
	set(name: string, value: string): void;
	/** Adds a line at the end. Throws TypeError for a name or value that could not be sent. */
	append(name: string, value: string): void;
	/** Removes every line of that name. */
	delete(name: string): void;
}

/** Numbers per line in `marks`: start and end of name, start and end of value, tag. */
export const STRIDE = 5;
const DELETED = -1;
const CRLF = '\r\n';

export class FieldList implements Fields {
	/** The section as received; `marks` points into it. */
	private text: string;
	private marks: number[];
	/** Lines after the scanned ones. */
	private added: FieldLine[];
	/** Which tags may be here, one bit each: most questions about special fields are answered no without a search. */
	private seenLow: number;
	private seenHigh: number;

	private constructor(text: string, marks: number[], added: FieldLine[], low: number, high: number) {
		this.text = text;
		this.marks = marks;
		this.added = added;
		this.seenLow = low;
		this.seenHigh = high;
	}

	/** An empty list. */
	static empty(): FieldList {
		return new FieldList('', NO_MARKS, NONE_ADDED, 0, 0);
	}

	/** For parsers: `marks` holds STRIDE numbers for each line, all checked to be valid. The list takes the array over. */
	static scanned(text: string, marks: number[]): FieldList {
		let low = 0;
		let high = 0;
		for (let i = 4; i < marks.length; i += STRIDE) {
			const tag = marks[i] as number;
			if (tag < 32) low |= 1 << tag;
			else high |= 1 << (tag - 32);
		}
		return new FieldList(text, marks, NONE_ADDED, low, high);
	}

	/** A list of its own from any accepted form. Throws TypeError for names or values that could not be sent. */
	static of(init?: FieldsInit | null): FieldList {
		if (init === undefined || init === null) return FieldList.empty();
		if (init instanceof FieldList) return init.copy();
		const list = FieldList.empty();
		if (Array.isArray(init) && (init.length === 0 || typeof init[0] === 'string')) {
			for (let i = 0; i + 1 < init.length; i += 2) list.append(init[i] as string, init[i + 1] as string);
		} else if (Symbol.iterator in init) {
			for (const [name, value] of init as Iterable<readonly [string, string]>) list.append(name, value);
		} else {
			list.appendRecord(init as Readonly<Record<string, string | number | readonly string[] | undefined>>);
		}
		return list;
	}

	/** The list behind any `Fields`: itself when it is one, else a copy. */
	static from(fields: Fields): FieldList {
		return fields instanceof FieldList ? fields : FieldList.of(fields.raw);
	}

	private appendRecord(record: Readonly<Record<string, string | number | readonly string[] | undefined>>): void {
		for (const name in record) {
			const value = record[name];
			if (typeof value === 'string') this.append(name, value);
			else if (typeof value === 'number') this.append(name, String(value));
			else if (value !== undefined) for (const one of value) this.append(name, one);
		}
	}

	copy(): FieldList {
		const marks = this.marks.length === 0 ? NO_MARKS : this.marks.slice();
		const added = this.added.length === 0 ? NONE_ADDED : this.added.slice();
		return new FieldList(this.text, marks, added, this.seenLow, this.seenHigh);
	}

	get size(): number {
		let live = this.added.length;
		for (let i = 4; i < this.marks.length; i += STRIDE) if (this.marks[i] !== DELETED) live++;
		return live;
	}

	get raw(): string[] {
		const raw: string[] = [];
		const { text, marks } = this;
		for (let i = 0; i < marks.length; i += STRIDE) {
			if (marks[i + 4] === DELETED) continue;
			raw.push(text.slice(marks[i], marks[i + 1]), text.slice(marks[i + 2], marks[i + 3]));
		}
		for (const line of this.added) raw.push(line.name, line.value);
		return raw;
	}

	*[Symbol.iterator](): Generator<[string, string]> {
		const raw = this.raw;
		for (let i = 0; i < raw.length; i += 2) yield [raw[i] as string, raw[i + 1] as string];
	}

	get(name: string): string | null {
		let value: string | null = null;
		const { text, marks } = this;
		for (let i = 0; i < marks.length; i += STRIDE) {
			if (this.named(i, name)) value = joined(value, text.slice(marks[i + 2], marks[i + 3]));
		}
		for (const line of this.added) if (same(line.name, name)) value = joined(value, line.value);
		return value;
	}

	/** The names of lines that are not in the table of special fields, in order, as they came. */
	unknownNames(): string[] {
		const found: string[] = [];
		const { text, marks, added } = this;
		for (let i = 0; i < marks.length; i += STRIDE) {
			if (marks[i + 4] === UNKNOWN) found.push(text.slice(marks[i], marks[i + 1]));
		}
		for (let i = 0; i < added.length; i++) {
			const line = added[i] as FieldLine;
			if (line.tag === UNKNOWN) found.push(line.name);
		}
		return found;
	}

	/** `has` by tag. */
	hasTagged(tag: number): boolean {
		if (!this.maySee(tag)) return false;
		for (let i = 4; i < this.marks.length; i += STRIDE) if (this.marks[i] === tag) return true;
		return this.addedTag(tag);
	}

	/** `get` by tag: for special fields on the hot path. */
	getTagged(tag: number): string | null {
		if (!this.maySee(tag)) return null;
		let value: string | null = null;
		const { text, marks, added } = this;
		for (let i = 0; i < marks.length; i += STRIDE) {
			if (marks[i + 4] === tag) value = joined(value, text.slice(marks[i + 2], marks[i + 3]));
		}
		for (let i = 0; i < added.length; i++) {
			const line = added[i] as FieldLine;
			if (line.tag === tag) value = joined(value, line.value);
		}
		return value;
	}

	all(name: string): string[] {
		const values: string[] = [];
		const { text, marks } = this;
		for (let i = 0; i < marks.length; i += STRIDE) {
			if (this.named(i, name)) values.push(text.slice(marks[i + 2], marks[i + 3]));
		}
		for (const line of this.added) if (same(line.name, name)) values.push(line.value);
		return values;
	}

	has(name: string): boolean {
		if (this.scannedHas(name)) return true;
		for (const line of this.added) if (same(line.name, name)) return true;
		return false;
	}

	append(name: string, value: string): void {
		const tag = tagOf(name);
		// The names of the table are sound.
		if (tag === UNKNOWN) checkName(name);
		this.push(tag, name, checkValue(value));
	}

	/** `append` without its checks: for lines that we have made ourselves and know to be sound. */
	push(tag: number, name: string, value: string): void {
		this.pushLine(new FieldLine(tag, name, value));
	}

	/** The same for a line that is kept, to be written often. */
	pushLine(line: FieldLine): void {
		if (this.added === NONE_ADDED) this.added = [line];
		else this.added.push(line);
		this.noteTag(line.tag);
	}

	set(name: string, value: string): void {
		checkName(name);
		const clean = checkValue(value);
		if (this.scannedHas(name)) this.unpack();
		let placed = false;
		this.keepAdded((line, at) => {
			if (!same(line.name, name)) return true;
			if (placed) return false;
			placed = true;
			this.added[at] = new FieldLine(line.tag, line.name, clean);
			return true;
		});
		if (!placed) this.push(tagOf(name), name, clean);
	}

	delete(name: string): void {
		const { marks } = this;
		for (let i = 0; i < marks.length; i += STRIDE) if (this.named(i, name)) marks[i + 4] = DELETED;
		this.keepAdded((line) => !same(line.name, name));
	}

	/** Removes every line whose special flags meet `mask`. */
	deleteFlagged(mask: number): void {
		const set = tagSet(mask);
		if ((this.seenLow & set.low) === 0 && (this.seenHigh & set.high) === 0) return;
		const { marks, added } = this;
		for (let i = 4; i < marks.length; i += STRIDE) {
			const tag = marks[i] as number;
			if (tag > 0 && ((flags[tag] as number) & mask) !== 0) marks[i] = DELETED;
		}
		if (added.length > 0) this.keepAdded((line) => ((flags[line.tag] as number) & mask) === 0);
		this.seenLow &= ~set.low;
		this.seenHigh &= ~set.high;
	}

	/** Removes every line with that tag. */
	deleteTagged(tag: number): void {
		if (!this.maySee(tag)) return;
		const { marks } = this;
		for (let i = 4; i < marks.length; i += STRIDE) if (marks[i] === tag) marks[i] = DELETED;
		if (this.addedTag(tag)) this.keepAdded((line) => line.tag !== tag);
		if (tag < 32) this.seenLow &= ~(1 << tag);
		else this.seenHigh &= ~(1 << (tag - 32));
	}

	/** The section as HTTP/1.1 writes it, each line ending in CRLF, without lines whose special flags meet `skip`. */
	serialize(skip: number): string {
		const { text, marks, added } = this;
		let out = '';
		// What is to be written as it came, line endings included.
		let from = 0;
		let to = 0;
		for (let i = 0; i < marks.length; i += STRIDE) {
			const tag = marks[i + 4] as number;
			if (tag === DELETED || ((flags[tag] as number) & skip) !== 0) continue;
			const start = marks[i] as number;
			const end = marks[i + 3] as number;
			if (start !== to) {
				if (to > from) out += text.slice(from, to);
				from = start;
			}
			to = end + 2;
			if (this.isTidy(i)) continue;
			out += text.slice(from, marks[i + 1]) + ': ' + text.slice(marks[i + 2], end) + CRLF;
			from = to = 0;
		}
		if (to > from) out += text.slice(from, to);
		for (let i = 0; i < added.length; i++) {
			const line = added[i] as FieldLine;
			if (((flags[line.tag] as number) & skip) === 0) out += line.text;
		}
		return out;
	}

	/** Whether the line was received as we would write it: one space behind the colon, and none behind the value. */
	private isTidy(mark: number): boolean {
		const { text, marks } = this;
		const nameEnd = marks[mark + 1] as number;
		if (marks[mark + 2] !== nameEnd + 2 || text.charCodeAt(nameEnd + 1) !== 0x20) return false;
		return text.charCodeAt(marks[mark + 3] as number) === 0x0d;
	}

	private addedTag(tag: number): boolean {
		const { added } = this;
		for (let i = 0; i < added.length; i++) if ((added[i] as FieldLine).tag === tag) return true;
		return false;
	}

	private maySee(tag: number): boolean {
		return ((tag < 32 ? this.seenLow >> tag : this.seenHigh >> (tag - 32)) & 1) !== 0;
	}

	private noteTag(tag: number): void {
		if (tag < 32) this.seenLow |= 1 << tag;
		else this.seenHigh |= 1 << (tag - 32);
	}

	private named(mark: number, name: string): boolean {
		const { text, marks } = this;
		const start = marks[mark] as number;
		if ((marks[mark + 1] as number) - start !== name.length || marks[mark + 4] === DELETED) return false;
		for (let i = 0; i < name.length; i++) {
			const a = text.charCodeAt(start + i);
			const b = name.charCodeAt(i);
			if (a !== b && lower(a) !== lower(b)) return false;
		}
		return true;
	}

	private scannedHas(name: string): boolean {
		for (let i = 0; i < this.marks.length; i += STRIDE) if (this.named(i, name)) return true;
		return false;
	}

	/** `keep` is asked with each line behind the scanned ones, and its place in `added`. */
	private keepAdded(keep: (line: FieldLine, at: number) => boolean): void {
		const { added } = this;
		if (added.length === 0) return;
		let kept = 0;
		for (let i = 0; i < added.length; i++) {
			// What `keep` has put in its place counts.
			if (keep(added[i] as FieldLine, i)) added[kept++] = added[i] as FieldLine;
		}
		added.length = kept;
	}

	private unpack(): void {
		const { text, marks } = this;
		if (marks.length === 0) return;
		const lines: FieldLine[] = [];
		for (let i = 0; i < marks.length; i += STRIDE) {
			const tag = marks[i + 4] as number;
			if (tag === DELETED) continue;
			lines.push(new FieldLine(tag, text.slice(marks[i], marks[i + 1]), text.slice(marks[i + 2], marks[i + 3])));
		}
		for (const line of this.added) lines.push(line);
		this.added = lines;
		this.marks = NO_MARKS;
		this.text = '';
	}
}

/** Shared by all lists without scanned lines; never written to, because every write is guarded by its length. */
const NO_MARKS: number[] = [];
/** Shared by all lists to which nothing was added; replaced by the first line that is. */
const NONE_ADDED: FieldLine[] = [];

const joined = (before: string | null, next: string): string => (before === null ? next : `${before}, ${next}`);

const lower = (code: number): number => (code >= 0x41 && code <= 0x5a ? code | 0x20 : code);

function same(a: string, b: string): boolean {
	return a === b || (a.length === b.length && a.toLowerCase() === b.toLowerCase());
}
