/** The trailer section behind the last chunk (RFC 9112 section 7.1.2): field lines with limits of their own. */
import { FieldList, NOT_IN_TRAILERS } from '../../fields/index.ts';
import { latin1 } from './latin1.ts';
import type { H1Leniencies } from './leniencies.ts';
import type { H1Limits } from './limits.ts';
import { INCOMPLETE, reject, scan, scanFields, unfolded, VIOLATED } from './scan.ts';
import { violations } from './violations.ts';

/** The last section parsed: null when it held nothing to hand on. Taken at once by who called `parseTrailers`. */
export const trailers: { fields: FieldList | null } = { fields: null };

/** Parses the section that begins at `start`. Answers the index behind it, INCOMPLETE or VIOLATED. */
export function parseTrailers(
	bytes: Uint8Array,
	start: number,
	end: number,
	limits: H1Limits,
	leniencies: H1Leniencies,
): number {
	const most = end - start > limits.trailerBytes ? start + limits.trailerBytes : end;
	const at = scanFields(bytes, start, start, most, limits.trailerCount, leniencies);
	if (at === INCOMPLETE && most !== end) return reject(violations.TRAILERS_TOO_LARGE);
	if (at === VIOLATED && scan.violation === violations.FIELDS_TOO_MANY) return reject(violations.TRAILERS_TOO_LARGE);
	if (at >= 0) trailers.fields = forwarded(bytes, start, at, leniencies);
	return at;
}

/** RFC 9110 section 6.5.1: what must not be in trailers is dropped, so that nobody behind us can merge it. */
function forwarded(bytes: Uint8Array, start: number, end: number, leniencies: H1Leniencies): FieldList | null {
	if (scan.marks.length === 0) return null;
	const fields = FieldList.scanned(unfolded(latin1(bytes, start, end), leniencies), scan.marks);
	fields.deleteFlagged(NOT_IN_TRAILERS);
	return fields.size === 0 ? null : fields;
}
