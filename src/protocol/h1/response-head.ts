/**
 * A response's head (RFC 9112 section 4): the status line here, field lines by `scan`, then framing and persistence.
 * A status line without the space behind the code is accepted: many servers send it, and nothing hangs on it.
 */
import { FieldList, tags } from '../../fields/index.ts';
import { CR, isDigit, LF, SP, VALUE } from './byte-classes.ts';
import { connectionOptions, outlives } from './connection-options.ts';
import type { ResponseHead } from './events.ts';
import { responseFraming } from './framing.ts';
import { latin1 } from './latin1.ts';
import type { H1Leniencies } from './leniencies.ts';
import type { H1Limits } from './limits.ts';
import { INCOMPLETE, reject, SEEN_CONNECTION, scan, scanFields, unfolded } from './scan.ts';
import { violations } from './violations.ts';

/** The last head parsed, and whether the connection may outlive it. Taken at once by who called `parseResponse`. */
export const response: { head: ResponseHead | null; persistent: boolean } = { head: null, persistent: true };

let version: 10 | 11 = 11;
let status = 0;
let reasonStart = 0;
let reasonEnd = 0;

/** Parses the head that begins at `start`. `method` is the request's. Answers the index behind it, INCOMPLETE or VIOLATED. */
export function parseResponse(
	bytes: Uint8Array,
	start: number,
	end: number,
	limits: H1Limits,
	leniencies: H1Leniencies,
	method: string,
): number {
	const most = end - start > limits.headBytes ? start + limits.headBytes : end;
	let at = scanStatusLine(bytes, start, most);
	if (at >= 0) at = scanFields(bytes, start, at, most, limits.fieldCount, leniencies);
	if (at >= 0) return understand(bytes, start, at, method, leniencies);
	return at === INCOMPLETE && most !== end ? reject(violations.FIELDS_TOO_LARGE) : at;
}

const ONE_POINT = [0x48, 0x54, 0x54, 0x50, 0x2f, 0x31, 0x2e];

/** `HTTP/1.` digit SP, three digits, then the reason. */
function scanStatusLine(bytes: Uint8Array, start: number, end: number): number {
	for (let i = 0; i < 7; i++) {
		if (start + i >= end) return INCOMPLETE;
		if (bytes[start + i] === ONE_POINT[i]) continue;
		return reject(i === 5 && isDigit(bytes[start + i] as number) ? violations.VERSION : violations.STATUS_LINE);
	}
	let p = start + 7;
	if (p >= end) return INCOMPLETE;
	if (!isDigit(bytes[p] as number)) return reject(violations.STATUS_LINE);
	version = bytes[p] === 0x30 ? 10 : 11;
	if (++p >= end) return INCOMPLETE;
	if (bytes[p] !== SP) return reject(violations.STATUS_LINE);
	status = 0;
	for (let i = 1; i <= 3; i++) {
		if (p + i >= end) return INCOMPLETE;
		const byte = bytes[p + i] as number;
		if (!isDigit(byte) || (i === 1 && byte === 0x30)) return reject(violations.STATUS_LINE);
		status = status * 10 + byte - 0x30;
	}
	return scanReason(bytes, p + 4, end);
}

function scanReason(bytes: Uint8Array, at: number, end: number): number {
	if (at >= end) return INCOMPLETE;
	let p = at;
	if (bytes[p] === SP) {
		p++;
		while (p < end && VALUE[bytes[p] as number] === 1) p++;
	}
	reasonStart = at + 1;
	reasonEnd = p;
	if (p >= end) return INCOMPLETE;
	if (bytes[p] !== CR) return reject(bytes[p] === LF ? violations.LINE_ENDING : violations.STATUS_LINE);
	if (p + 1 >= end) return INCOMPLETE;
	return bytes[p + 1] === LF ? p + 2 : reject(violations.LINE_ENDING);
}

function understand(bytes: Uint8Array, start: number, end: number, method: string, leniencies: H1Leniencies): number {
	const { seen } = scan;
	const text = unfolded(latin1(bytes, start, end), leniencies);
	const fields = FieldList.scanned(text, scan.marks);
	const framing = responseFraming(fields, seen, version, status, method);
	if (typeof framing !== 'number') return reject(framing);
	let options = 0;
	if ((seen & SEEN_CONNECTION) !== 0) options = connectionOptions(fields.getTagged(tags.connection) as string);
	response.persistent = outlives(version, options);
	response.head = { status, reason: reasonText(text, start), version, fields, framing };
	return end;
}

function reasonText(text: string, start: number): string {
	const length = reasonEnd - reasonStart;
	if (status === 200 && length === 2 && text.endsWith('OK', reasonEnd - start)) return 'OK';
	return length > 0 ? text.slice(reasonStart - start, reasonEnd - start) : '';
}
