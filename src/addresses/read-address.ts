/**
 * IP addresses as numbers: one reading of their text, so that nobody gets past a list by another spelling. Strict, as
 * ip-address.ts of fields/ is: no leading zeros, no octal or hexadecimal parts, no short forms, no zones. An IPv4 address
 * written as IPv6 (`::ffff:192.0.2.1`, RFC 4291 section 2.5.5.2) is the IPv4 address.
 */

/** 0: no address. */
export type Family = 0 | 4 | 6;

const groups = new Uint16Array(8);

/**
 * Reads an address into four 32-bit words, the highest first; an IPv4 address is in the last, behind zeros. Runs for each
 * request: without an expression and without making anything.
 */
export function readAddress(text: string, into: Uint32Array): Family {
	const { length } = text;
	if (length < 2 || length > 45) return 0;
	for (let at = 0; at < length && at < 5; at++) if (text.charCodeAt(at) === COLON) return readIPv6(text, into);
	const value = readIPv4(text, 0);
	if (value === -1) return 0;
	into[0] = into[1] = into[2] = 0;
	into[3] = value;
	return 4;
}

const COLON = 0x3a;
const DOT = 0x2e;
const ZERO = 0x30;

/** The four decimal numbers from `from` to the end, or -1. */
function readIPv4(text: string, from: number): number {
	let value = 0;
	let part = -1;
	let parts = 0;
	for (let at = from; at <= text.length; at++) {
		const code = at === text.length ? DOT : text.charCodeAt(at);
		if (code === DOT) {
			if (part === -1) return -1;
			value = value * 256 + part;
			part = -1;
			parts++;
		} else {
			// A zero at the front is octal to some and decimal to others.
			if (code < ZERO || code > 0x39 || part === 0) return -1;
			part = (part === -1 ? 0 : part * 10) + code - ZERO;
			if (part > 255) return -1;
		}
	}
	return parts === 4 ? value : -1;
}

function readIPv6(text: string, into: Uint32Array): Family {
	let count = 0;
	let gap = -1;
	let at = 0;
	if (text.charCodeAt(0) === COLON) {
		if (text.charCodeAt(1) !== COLON) return 0;
		gap = 0;
		at = 2;
	}
	while (at < text.length) {
		if (count === 8) return 0;
		const start = at;
		let value = 0;
		for (let digit = digitAt(text, at); digit !== -1; digit = digitAt(text, ++at)) value = value * 16 + digit;
		if (at - start > 4 || at === start) return 0;
		if (at < text.length && text.charCodeAt(at) === DOT) {
			const last = count > 6 ? -1 : readIPv4(text, start);
			if (last === -1) return 0;
			groups[count++] = last >>> 16;
			groups[count++] = last & 0xffff;
			break;
		}
		groups[count++] = value;
		if (at === text.length) break;
		if (text.charCodeAt(at++) !== COLON || at === text.length) return 0;
		if (text.charCodeAt(at) === COLON) {
			if (gap !== -1) return 0;
			gap = count;
			at++;
		}
	}
	return spread(count, gap, into);
}

/** What the gap stands for is filled with zeros: one group at least. */
function spread(count: number, gap: number, into: Uint32Array): Family {
	if (gap === -1 ? count !== 8 : count > 7) return 0;
	if (gap !== -1) {
		groups.copyWithin(gap + 8 - count, gap, count);
		groups.fill(0, gap, gap + 8 - count);
	}
	for (let word = 0; word < 4; word++)
		into[word] = (groups[word * 2] as number) * 65_536 + (groups[word * 2 + 1] as number);
	if (into[0] !== 0 || into[1] !== 0 || into[2] !== 0xffff) return 6;
	into[2] = 0;
	return 4;
}

function digitAt(text: string, at: number): number {
	if (at >= text.length) return -1;
	const code = text.charCodeAt(at);
	if (code >= ZERO && code <= 0x39) return code - ZERO;
	const letter = code | 0x20;
	return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
