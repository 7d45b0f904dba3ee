/** Parts of a file as answers (RFC 9110 section 14): one range as it is, several as multipart/byteranges. */
import { randomBytes } from 'node:crypto';
import type { FilePiece } from '../bytes/index.ts';
import { type ByteRange, type FieldList, type Fields, parseByteRanges } from '../fields/index.ts';

/** More ranges than this are no honest wish (section 14.2); the whole file is sent instead. */
const MOST = 16;
/** Two ranges this close cost less as one (section 15.3.7.2). */
const GAP = 80;

/** What `request` asks for: ranges to send, `'none'` that could be satisfied, or null for the whole. */
export function rangesOf(request: Fields, length: number): readonly ByteRange[] | 'none' | null {
	const value = request.get('range');
	if (value === null) return null;
	const ranges = parseByteRanges(value, length, MOST);
	if (ranges === null) return null;
	if (ranges.length === 0) return 'none';
	const joined = coalesced(ranges);
	const bytes = joined.reduce((sum, { first, last }) => sum + last - first + 1, 0);
	// Nobody gains when the parts are as long as the whole.
	return bytes >= length && joined.length > 1 ? null : joined;
}

/** Those that overlap or nearly touch become one; otherwise the order stays as it was asked for. */
function coalesced(ranges: readonly ByteRange[]): readonly ByteRange[] {
	if (ranges.length === 1) return ranges;
	const joined: ByteRange[] = [];
	for (const range of ranges) {
		let { first, last } = range;
		for (let i = joined.length - 1; i >= 0; i--) {
			const other = joined[i] as ByteRange;
			if (first > other.last + GAP || last < other.first - GAP) continue;
			first = Math.min(first, other.first);
			last = Math.max(last, other.last);
			joined.splice(i, 1);
			// What it has become may touch others that it did not touch before.
			i = joined.length;
		}
		joined.push({ first, last });
	}
	return joined;
}

/** The payload of a 206, in pieces of the file; its fields are added to `fields`. */
export function partial(fields: FieldList, ranges: readonly ByteRange[], length: number): FilePiece[] {
	const [only] = ranges;
	if (only === undefined || ranges.length > 1) return multipart(fields, ranges, length);
	fields.append('Content-Range', `bytes ${only.first}-${only.last}/${length}`);
	return [pieceOf(only)];
}

/** Section 14.6. */
function multipart(fields: FieldList, ranges: readonly ByteRange[], length: number): FilePiece[] {
	const boundary = randomBytes(18).toString('hex');
	const type = fields.get('content-type');
	const typeLine = type === null ? '' : `Content-Type: ${type}\r\n`;
	fields.set('Content-Type', `multipart/byteranges; boundary=${boundary}`);
	const pieces: FilePiece[] = [];
	for (const [index, range] of ranges.entries()) {
		const rangeLine = `Content-Range: bytes ${range.first}-${range.last}/${length}\r\n`;
		const head = `${index === 0 ? '' : '\r\n'}--${boundary}\r\n${typeLine}${rangeLine}\r\n`;
		pieces.push(Buffer.from(head, 'latin1'), pieceOf(range));
	}
	pieces.push(Buffer.from(`\r\n--${boundary}--\r\n`, 'latin1'));
	return pieces;
}

const pieceOf = ({ first, last }: ByteRange): FilePiece => ({ start: first, length: last - first + 1 });
