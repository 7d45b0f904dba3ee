/**
 * The field section, byte by byte (RFC 9112 section 5): what lives here is the syntax of field lines, for requests,
 * responses and trailers alike. Start lines are next door, and what fields mean is not known here.
 *
 * Bytes are judged strictly in order, so a verdict never depends on how the bytes were cut into reads: a longer input
 * either gets the same verdict, or gets on where a shorter one was incomplete.
 */
import { STRIDE, tagOfBytes, tags } from '../../fields/index.ts';
import { COLON, CR, HTAB, LF, SP, TOKEN, VALUE } from './byte-classes.ts';
import type { H1Leniencies } from './leniencies.ts';
import { type Violation, violations } from './violations.ts';

/** More bytes are needed. */
export const INCOMPLETE = -1;
/** A rule was broken; `scan.violation` says which. */
export const VIOLATED = -2;

/** Bits of `scan.seen` and `scan.doubled`: the fields that decide something about the message itself. */
export const SEEN_HOST = 1;
export const SEEN_LENGTH = 2;
export const SEEN_CODING = 4;
export const SEEN_CONNECTION = 8;
export const SEEN_EXPECT = 16;
export const SEEN_UPGRADE = 32;

const seenByTag = new Uint8Array(256);
seenByTag[tags.host] = SEEN_HOST;
seenByTag[tags['content-length']] = SEEN_LENGTH;
seenByTag[tags['transfer-encoding']] = SEEN_CODING;
seenByTag[tags.connection] = SEEN_CONNECTION;
seenByTag[tags.expect] = SEEN_EXPECT;
seenByTag[tags.upgrade] = SEEN_UPGRADE;

/** Where marks are collected before each head gets an array of the right size. Only numbers, never holes. */
const scratch: number[] = [];
for (let i = 0; i < 128 * STRIDE; i++) scratch.push(0);

/**
 * What the last scan found. There is one for all connections: a scan is over, and its results are taken, before
 * anybody else's code runs.
 */
export const scan: {
	marks: number[];
	seen: number;
	doubled: number;
	/** The value of the last Host line, in `bytes`. */
	hostStart: number;
	hostEnd: number;
	violation: Violation;
} = { marks: [], seen: 0, doubled: 0, hostStart: 0, hostEnd: 0, violation: violations.REQUEST_LINE };

/** Remembers the violation; for `return reject(...)`. */
export function reject(violation: Violation): typeof VIOLATED {
	scan.violation = violation;
	return VIOLATED;
}

/**
 * Scans field lines from `at` up to and with the empty line. `base` is where marks count from. At most `most` lines.
 * Answers the index behind the empty line, INCOMPLETE or VIOLATED.
 */
export function scanFields(
	bytes: Uint8Array,
	base: number,
	at: number,
	end: number,
	most: number,
	leniencies: H1Leniencies,
): number {
	let mark = 0;
	let p = at;
	scan.seen = scan.doubled = 0;
	if (bytes !== viewed) lookAt(bytes);
	for (;;) {
		const nameStart = p;
		while (p < end && TOKEN[bytes[p] as number] === 1) p++;
		if (p >= end) return INCOMPLETE;
		if (p === nameStart) return scanEnd(bytes, p, end, mark);
		const nameEnd = p;
		if (bytes[p] !== COLON) p = scanColon(bytes, p, end, leniencies.spaceBeforeColonInResponse);
		if (p < 0) return p;
		if (mark >= most * STRIDE) return reject(violations.FIELDS_TOO_MANY);
		p++;
		while (p < end && (bytes[p] === SP || bytes[p] === HTAB)) p++;
		let valueStart = p;
		p = scanValue(bytes, p, end);
		if (leniencies.foldedFieldInResponse) {
			p = skipFolds(bytes, p, end);
			while (valueStart < p && isTrimmed(bytes[valueStart] as number)) valueStart++;
		}
		if (p + 1 >= end || bytes[p] !== CR || bytes[p + 1] !== LF) return badEnding(bytes, p, end);
		let valueEnd = p;
		while (valueEnd > valueStart && isTrimmed(bytes[valueEnd - 1] as number)) valueEnd--;
		p += 2;
		const tag = tagOfBytes(bytes, nameStart, nameEnd);
		if (tag !== 0) note(tag, valueStart, valueEnd);
		keep(mark, nameStart - base, nameEnd - base, valueStart - base, valueEnd - base);
		scratch[mark + 4] = tag;
		mark += STRIDE;
	}
}

/** The bytes seen last, which are most often the same buffer, and a view of them that reads four at a time. */
let viewed: Uint8Array | null = null;
let view: DataView = new DataView(new ArrayBuffer(0));

function lookAt(bytes: Uint8Array): void {
	viewed = bytes;
	view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Nearly every byte of a value is visible ASCII: four of them are told by arithmetic, one by a comparison; the table has the rest. */
function scanValue(bytes: Uint8Array, at: number, end: number): number {
	let p = at;
	for (; p + 4 <= end; p += 4) {
		const four = view.getInt32(p, true);
		// Some byte is above 0x7f, is 0x7f, or is below the space.
		if (((four | (four + 0x01010101) | (four - 0x20202020)) & 0x80808080) !== 0) break;
	}
	for (; p < end; p++) {
		const byte = bytes[p] as number;
		if ((byte - SP) >>> 0 > 0x5e && VALUE[byte] === 0) return p;
	}
	return p;
}

function keep(mark: number, nameStart: number, nameEnd: number, valueStart: number, valueEnd: number): void {
	scratch[mark] = nameStart;
	scratch[mark + 1] = nameEnd;
	scratch[mark + 2] = valueStart;
	scratch[mark + 3] = valueEnd;
}

function note(tag: number, valueStart: number, valueEnd: number): void {
	const bit = seenByTag[tag] as number;
	if (bit === 0) return;
	if ((scan.seen & bit) !== 0) scan.doubled |= bit;
	scan.seen |= bit;
	if (bit === SEEN_HOST) {
		scan.hostStart = valueStart;
		scan.hostEnd = valueEnd;
	}
}

/** A line that does not begin with a name: the end, or an error. */
function scanEnd(bytes: Uint8Array, p: number, end: number, mark: number): number {
	const byte = bytes[p] as number;
	if (byte === CR) {
		if (p + 1 >= end) return INCOMPLETE;
		if (bytes[p + 1] !== LF) return reject(violations.LINE_ENDING);
		scan.marks = scratch.slice(0, mark);
		return p + 2;
	}
	if (byte === LF) return reject(violations.LINE_ENDING);
	// RFC 9112 section 2.2: white space before the first field is no fold, since there is nothing to continue.
	if ((byte === SP || byte === HTAB) && mark > 0) return reject(violations.FOLDED_FIELD);
	return reject(violations.FIELD_NAME);
}

function badEnding(bytes: Uint8Array, p: number, end: number): number {
	if (p >= end) return INCOMPLETE;
	const byte = bytes[p] as number;
	if (byte === CR) return p + 1 >= end ? INCOMPLETE : reject(violations.LINE_ENDING);
	return reject(byte === LF ? violations.LINE_ENDING : violations.FIELD_VALUE);
}

/** A name that the colon does not follow at once. */
function scanColon(bytes: Uint8Array, at: number, end: number, spaces: boolean): number {
	let p = at;
	if (spaces) while (p < end && (bytes[p] === SP || bytes[p] === HTAB)) p++;
	if (p >= end) return INCOMPLETE;
	return bytes[p] === COLON ? p : reject(violations.FIELD_NAME);
}

/** From the end of a line over every continuation of it; to `end` when it cannot be told yet. */
function skipFolds(bytes: Uint8Array, at: number, end: number): number {
	let p = at;
	for (;;) {
		if (p >= end || bytes[p] !== CR) return p;
		if (p + 1 >= end) return p;
		if (bytes[p + 1] !== LF) return p;
		if (p + 2 >= end) return end;
		if (bytes[p + 2] !== SP && bytes[p + 2] !== HTAB) return p;
		p += 3;
		while (p < end && VALUE[bytes[p] as number] === 1) p++;
	}
}

/** White space, and the line endings inside a folded value. */
function isTrimmed(byte: number): boolean {
	return byte === SP || byte === HTAB || byte === CR || byte === LF;
}

const FOLD = /\r\n(?=[\t ])/g;

/** The text with its folds, if a leniency let them in, made spaces; as long as before, so that marks stay right. */
export function unfolded(text: string, { foldedFieldInResponse }: H1Leniencies): string {
	return foldedFieldInResponse ? text.replace(FOLD, '  ') : text;
}
