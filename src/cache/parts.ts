/**
 * A part of a response that is stored by itself (RFC 9111 section 3.3): it answers requests for what lies within it, and nothing
 * else. One for a URL, the latest; it is never a whole, and never combined with another.
 */
import { type ByteRange, type FieldList, parseByteRanges } from '../fields/index.ts';

/** Where parts are stored: beside the whole, and not in its place. */
export function partKey(key: string): string {
	return `${key}\n\npart`;
}

export interface Part extends ByteRange {
	/** Bytes of the whole; null where nobody has said it. */
	readonly total: number | null;
}

/** What a 206 is a part of; null for several parts, and for what cannot be read. */
export function partIn(fields: FieldList): Part | null {
	const [, first, last, total] =
		/^bytes (\d{1,15})-(\d{1,15})\/(?:(\d{1,15})|\*)$/.exec(fields.get('content-range') ?? '') ?? [];
	if (first === undefined) return null;
	const part = { first: Number(first), last: Number(last), total: total === undefined ? null : Number(total) };
	const isWithin = part.total === null || part.last < part.total;
	return part.first <= part.last && isWithin ? part : null;
}

/** The bytes that a request wants, as positions in the whole, when all of them are in the part; else null. */
export function wantedOf(range: string, part: Part): ByteRange | null {
	const ranges = parseByteRanges(range, part.total ?? Number.MAX_SAFE_INTEGER, 1);
	const [only] = ranges ?? [];
	if (only === undefined) return null;
	// How long the whole is must be known for what is counted from its end, or goes on to it.
	if (part.total === null && only.last >= Number.MAX_SAFE_INTEGER - 1) return null;
	return only.first >= part.first && only.last <= part.last ? only : null;
}
