/** Parts of a stored body (RFC 9110 section 14.2). */
import { joined, latin1Bytes } from '../bytes/index.ts';
import { type ByteRange, type FieldList, parseByteRanges } from '../fields/index.ts';

/** More ranges than this are no honest wish; the whole is sent instead. */
const MOST = 16;

/** What is to be sent, in the order asked for; an empty list when nothing of it is there; null for the whole. */
export function rangesFor(value: string, length: number): readonly ByteRange[] | null {
	const ranges = parseByteRanges(value, length, MOST);
	if (ranges === null || ranges.length <= 1) return ranges;
	const bytes = ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);
	// Those that overlap are no honest wish either, and nobody gains when the parts are as long as the whole.
	return bytes >= length || overlap(ranges) ? null : ranges;
}

function overlap(ranges: readonly ByteRange[]): boolean {
	const sorted = ranges.toSorted((one, other) => one.first - other.first);
	return sorted.some(({ first }, at) => at > 0 && first <= (sorted[at - 1] as ByteRange).last);
}

let boundaries = 0;

/** Section 14.6; Content-Type is set in `fields`. */
export function multipart(fields: FieldList, ranges: readonly ByteRange[], content: string | Uint8Array): Uint8Array {
	const whole = typeof content === 'string' ? latin1Bytes(content) : content;
	const boundary = boundaryFor(whole);
	const type = fields.get('content-type');
	const typeLine = type === null ? '' : `Content-Type: ${type}\r\n`;
	fields.set('Content-Type', `multipart/byteranges; boundary=${boundary}`);
	const pieces: Uint8Array[] = [];
	for (const [index, { first, last }] of ranges.entries()) {
		const head = `${index === 0 ? '' : '\r\n'}--${boundary}\r\n${typeLine}Content-Range: bytes ${first}-${last}/${whole.length}\r\n\r\n`;
		pieces.push(latin1Bytes(head), whole.subarray(first, last + 1));
	}
	pieces.push(latin1Bytes(`\r\n--${boundary}--\r\n`));
	return joined(
		pieces,
		pieces.reduce((sum, { length }) => sum + length, 0),
	);
}

/** One that nobody can have put into the body: it is drawn when the body is there already. */
function boundaryFor(whole: Uint8Array): string {
	const drawn = (): string => Math.random().toString(36).slice(2).padEnd(11, '0');
	boundaries++;
	return `${drawn()}${drawn()}-${boundaries.toString(36)}-${whole.length.toString(36)}`;
}
