/**
 * A request's head (RFC 9112 sections 2.2 and 3): the request line here, field lines by `scan`, and then, once every
 * byte has been found sound, what the head says as a whole: target form, Host, framing, Expect, Upgrade.
 */
import { FieldList, tags } from '../../fields/index.ts';
import { isAuthority } from './authority.ts';
import { CR, isDigit, LF, SP, TARGET, TOKEN } from './byte-classes.ts';
import { connectionOptions, outlives, UPGRADE } from './connection-options.ts';
import { NONE, type RequestHead } from './events.ts';
import { requestFraming } from './framing.ts';
import { latin1 } from './latin1.ts';
import { h1Leniencies } from './leniencies.ts';
import type { H1Limits } from './limits.ts';
import {
	INCOMPLETE,
	reject,
	SEEN_CODING,
	SEEN_CONNECTION,
	SEEN_EXPECT,
	SEEN_HOST,
	SEEN_LENGTH,
	SEEN_UPGRADE,
	scan,
	scanFields,
} from './scan.ts';
import { authorityOf, formOf } from './target.ts';
import { violations } from './violations.ts';

/** The last head parsed, and whether the connection may outlive it. Taken at once by who called `parseRequest`. */
export const request: { head: RequestHead | null; persistent: boolean } = { head: null, persistent: true };

/** What the scan of the request line leaves for the rest. */
let method = '';
let targetStart = 0;
let targetEnd = 0;
let version: 10 | 11 = 11;

/** Parses the head that begins at `start`. Answers the index behind it, INCOMPLETE or VIOLATED. */
export function parseRequest(bytes: Uint8Array, start: number, end: number, limits: H1Limits): number {
	const most = end - start > limits.headBytes ? start + limits.headBytes : end;
	let at = scanRequestLine(bytes, start, most, limits);
	if (at >= 0) at = scanFields(bytes, start, at, most, limits.fieldCount, h1Leniencies);
	if (at >= 0) return understand(bytes, start, at);
	return at === INCOMPLETE && most !== end ? reject(violations.FIELDS_TOO_LARGE) : at;
}

function scanRequestLine(bytes: Uint8Array, start: number, end: number, limits: H1Limits): number {
	let p = start;
	const mostMethod = start + limits.method;
	while (p < end && p <= mostMethod && TOKEN[bytes[p] as number] === 1) p++;
	if (p > mostMethod) return reject(violations.METHOD_TOO_LONG);
	if (p >= end) return INCOMPLETE;
	if (bytes[p] !== SP || p === start) return badMethod(bytes[p] as number, p === start);
	method = methodName(bytes, start, p);
	targetStart = ++p;
	const mostTarget = p + limits.target;
	while (p < end && TARGET[bytes[p] as number] === 1) p++;
	if (p > mostTarget) return reject(violations.TARGET_TOO_LONG);
	if (p >= end) return INCOMPLETE;
	if (bytes[p] !== SP || p === targetStart) return badTarget(bytes[p] as number, p === targetStart);
	targetEnd = p;
	return scanVersion(bytes, p + 1, end);
}

function badMethod(byte: number, first: boolean): number {
	if (byte === LF) return reject(violations.LINE_ENDING);
	return reject(byte === CR || (first && byte === SP) ? violations.REQUEST_LINE : violations.METHOD);
}

/** A line that ends behind the target is HTTP/0.9, or no HTTP at all. */
function badTarget(byte: number, empty: boolean): number {
	if (byte === LF) return reject(violations.LINE_ENDING);
	return reject(byte === CR || (empty && byte === SP) ? violations.REQUEST_LINE : violations.TARGET);
}

const ONE_POINT = [0x48, 0x54, 0x54, 0x50, 0x2f, 0x31, 0x2e];

/** `HTTP/1.` digit CRLF; 1.1 in one go when it is all there. */
function scanVersion(bytes: Uint8Array, at: number, end: number): number {
	if (at + 10 <= end && isUsualVersion(bytes, at)) {
		version = 11;
		return at + 10;
	}
	return scanOtherVersion(bytes, at, end);
}

function isUsualVersion(bytes: Uint8Array, at: number): boolean {
	return (
		bytes[at] === 0x48 &&
		bytes[at + 1] === 0x54 &&
		bytes[at + 2] === 0x54 &&
		bytes[at + 3] === 0x50 &&
		bytes[at + 4] === 0x2f &&
		bytes[at + 5] === 0x31 &&
		bytes[at + 6] === 0x2e &&
		bytes[at + 7] === 0x31 &&
		bytes[at + 8] === CR &&
		bytes[at + 9] === LF
	);
}

function scanOtherVersion(bytes: Uint8Array, at: number, end: number): number {
	for (let i = 0; i < 7; i++) {
		if (at + i >= end) return INCOMPLETE;
		if (bytes[at + i] !== ONE_POINT[i]) {
			const otherMajor = i === 5 && isDigit(bytes[at + i] as number);
			return reject(otherMajor ? violations.VERSION : violations.REQUEST_LINE);
		}
	}
	const p = at + 7;
	if (p >= end) return INCOMPLETE;
	const minor = bytes[p] as number;
	if (!isDigit(minor)) return reject(violations.REQUEST_LINE);
	version = minor === 0x30 ? 10 : 11;
	if (p + 1 >= end) return INCOMPLETE;
	if (bytes[p + 1] !== CR) return reject(bytes[p + 1] === LF ? violations.LINE_ENDING : violations.REQUEST_LINE);
	if (p + 2 >= end) return INCOMPLETE;
	return bytes[p + 2] === LF ? p + 3 : reject(violations.LINE_ENDING);
}

/** Usual methods by their length: the same string every time, without looking at the head's text. */
const usual: (readonly string[])[] = [
	[],
	[],
	[],
	['GET', 'PUT'],
	['POST', 'HEAD'],
	['PATCH', 'TRACE'],
	['DELETE'],
	['OPTIONS', 'CONNECT'],
];

function methodName(bytes: Uint8Array, start: number, end: number): string {
	if (end - start === 3 && bytes[start] === 0x47 && bytes[start + 1] === 0x45 && bytes[start + 2] === 0x54)
		return 'GET';
	const candidates = usual[end - start];
	if (candidates !== undefined) {
		for (let c = 0; c < candidates.length; c++) {
			const name = candidates[c] as string;
			let i = 0;
			while (i < name.length && bytes[start + i] === name.charCodeAt(i)) i++;
			if (i === name.length) return name;
		}
	}
	return latin1(bytes, start, end);
}

/** All bytes are sound: what does the head say? `end` is behind the empty line. */
function understand(bytes: Uint8Array, start: number, end: number): number {
	const { seen } = scan;
	const form =
		bytes[targetStart] === 0x2f && method !== 'CONNECT' ? 'origin' : formOf(method, bytes, targetStart, targetEnd);
	if (form === null) return reject(violations.TARGET);
	if (!hostIsSound(bytes)) return reject(violations.HOST);
	const text = latin1(bytes, start, end);
	const fields = FieldList.scanned(text, scan.marks);
	let framing = NONE;
	if ((seen & (SEEN_LENGTH | SEEN_CODING)) !== 0) {
		const decided = requestFraming(fields, seen, scan.doubled, version, method);
		if (typeof decided !== 'number') return reject(decided);
		framing = decided;
	}
	if ((seen & SEEN_EXPECT) !== 0 && !/^100-continue$/i.test(fields.getTagged(tags.expect) as string)) {
		return reject(violations.EXPECT);
	}
	let options = 0;
	if ((seen & SEEN_CONNECTION) !== 0) options = connectionOptions(fields.getTagged(tags.connection) as string);
	const target = text.slice(targetStart - start, targetEnd - start);
	request.persistent = outlives(version, options);
	request.head = {
		method,
		target,
		form,
		version,
		fields,
		framing,
		expectsContinue: version === 11 && (seen & SEEN_EXPECT) !== 0,
		authority: effectiveAuthority(form, target, bytes),
		offersTunnel: method === 'CONNECT' || (version === 11 && (seen & SEEN_UPGRADE) !== 0 && (options & UPGRADE) !== 0),
	};
	return end;
}

/** RFC 9112 section 3.2: exactly one Host in 1.1, at most one in 1.0, and never one that is no authority. */
function hostIsSound(bytes: Uint8Array): boolean {
	if ((scan.seen & SEEN_HOST) === 0) return version === 10;
	return (scan.doubled & SEEN_HOST) === 0 && isAuthority(bytes, scan.hostStart, scan.hostEnd);
}

/** RFC 9112 section 3.3: the target's own authority comes before Host. */
function effectiveAuthority(form: RequestHead['form'], target: string, bytes: Uint8Array): string {
	if (form === 'absolute') return authorityOf(target);
	if (form === 'authority') return target;
	return (scan.seen & SEEN_HOST) === 0 ? '' : hostText(bytes, scan.hostStart, scan.hostEnd);
}

let lastHost = '';

/** The last one is kept: requests come in rows for one host, and whoever compares the texts finds them to be the same object. */
function hostText(bytes: Uint8Array, start: number, end: number): string {
	let i = lastHost.length === end - start ? 0 : -1;
	if (i === 0) while (i < lastHost.length && bytes[start + i] === lastHost.charCodeAt(i)) i++;
	if (i !== lastHost.length) lastHost = latin1(bytes, start, end);
	return lastHost;
}
