/** Range, for bytes (RFC 9110 section 14.1.2). What is to be done with the ranges is for others to say. */
import { trimmed } from './white-space.ts';
import { wholeNumber } from './whole-number.ts';

/** From `first` through `last`, as positions in a representation. */
export interface ByteRange {
	readonly first: number;
	readonly last: number;
}

const SPEC = /^(\d*)-(\d*)$/;

/**
 * The ranges that `value` asks for of a representation of `length` bytes, in the order asked for, cut at its end. Those
 * that lie behind it are left out: an empty array means that none can be satisfied. Null when the value is malformed,
 * asks for other units, or for more than `most` ranges: it is then to be ignored (section 14.2).
 */
export function parseByteRanges(value: string, length: number, most: number): ByteRange[] | null {
	const equals = value.indexOf('=');
	if (value.slice(0, equals).toLowerCase() !== 'bytes') return null;
	const ranges: ByteRange[] = [];
	let asked = 0;
	for (const part of value.slice(equals + 1).split(',')) {
		const text = trimmed(part);
		// RFC 9110 section 5.6.1.2: empty elements of a list count for nothing.
		if (text === '') continue;
		if (++asked > most) return null;
		const range = rangeOf(text, length);
		if (range === null) return null;
		if (range.first <= range.last) ranges.push(range);
	}
	return asked === 0 ? null : ranges;
}

/** A range that cannot be satisfied ends before it begins. */
function rangeOf(text: string, length: number): ByteRange | null {
	const [, first = '', last = ''] = SPEC.exec(text) ?? [];
	if (first === '') {
		const suffix = wholeNumber(last);
		return suffix < 0 ? null : { first: Math.max(0, length - suffix), last: length - 1 };
	}
	const from = wholeNumber(first);
	const to = last === '' ? Number.MAX_SAFE_INTEGER : wholeNumber(last);
	if (from < 0 || to < from) return null;
	return { first: from, last: Math.min(to, length - 1) };
}
