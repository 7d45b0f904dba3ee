/**
 * `uri-host [ ":" port ]`, as Host, absolute-form and authority-form have it (RFC 9112 section 3.2, RFC 3986 section
 * 3.2.2). User information, commas and bytes beyond ASCII are no part of it. Ports are at most 65535.
 */
import { HEX, HOST, isDigit } from './byte-classes.ts';

const COLON = 0x3a;
const PERCENT = 0x25;
const DOT = 0x2e;

/** Whether `bytes[start, end)` is a host that is not empty, with or without a port. */
export function isAuthority(bytes: Uint8Array, start: number, end: number): boolean {
	const hostEnd = scanHost(bytes, start, end);
	if (hostEnd <= start) return false;
	return hostEnd === end || (bytes[hostEnd] === COLON && portOf(bytes, hostEnd + 1, end) >= 0);
}

/** The same with a port from 1 up, which the target of CONNECT must have (RFC 9110 section 9.3.6). */
export function isAuthorityWithPort(bytes: Uint8Array, start: number, end: number): boolean {
	const hostEnd = scanHost(bytes, start, end);
	return hostEnd > start && bytes[hostEnd] === COLON && portOf(bytes, hostEnd + 1, end) > 0;
}

/** The end of the host that begins at `start`; `start` itself when there is none, or none that is well formed. */
function scanHost(bytes: Uint8Array, start: number, end: number): number {
	if (bytes[start] === 0x5b) return scanLiteral(bytes, start, end);
	let p = start;
	while (p < end && HOST[bytes[p] as number] === 1) {
		if (bytes[p] === PERCENT) {
			if (p + 2 >= end || !isHex(bytes[p + 1] as number) || !isHex(bytes[p + 2] as number)) return start;
			p += 2;
		}
		p++;
	}
	return p;
}

const isHex = (byte: number): boolean => HEX[byte] !== 255;

/** The number in `bytes[start, end)`: 0 when there are no digits, -1 when it is no port. */
function portOf(bytes: Uint8Array, start: number, end: number): number {
	let port = 0;
	for (let p = start; p < end; p++) {
		const byte = bytes[p] as number;
		if (!isDigit(byte)) return -1;
		port = port * 10 + byte - 0x30;
		if (port > 65_535) return -1;
	}
	return port;
}

/** `[` IPv6 address `]`. Zones and future versions of IP are refused: nobody could connect to them from here. */
function scanLiteral(bytes: Uint8Array, start: number, end: number): number {
	const close = bytes.indexOf(0x5d, start);
	if (close < 0 || close >= end) return start;
	return isIpv6(bytes, start + 1, close) ? close + 1 : start;
}

function isIpv6(bytes: Uint8Array, start: number, end: number): boolean {
	let groups = 0;
	let gap = false;
	let p = start;
	while (p < end) {
		if (bytes[p] === COLON) {
			const doubled = p + 1 < end && bytes[p + 1] === COLON;
			if (doubled ? gap : p === start || p + 1 === end) return false;
			gap ||= doubled;
			p += doubled ? 2 : 1;
			if (p < end && bytes[p] === COLON) return false;
			continue;
		}
		const from = p;
		while (p < end && isHex(bytes[p] as number)) p++;
		if (p < end && bytes[p] === DOT) return isIpv4(bytes, from, end) && (gap ? groups < 6 : groups === 6);
		if (p === from || p - from > 4) return false;
		groups++;
	}
	return gap ? groups < 8 : groups === 8;
}

function isIpv4(bytes: Uint8Array, start: number, end: number): boolean {
	let parts = 0;
	let p = start;
	for (;;) {
		const from = p;
		let value = 0;
		while (p < end && isDigit(bytes[p] as number)) value = value * 10 + (bytes[p++] as number) - 0x30;
		if (p === from || p - from > 3 || value > 255) return false;
		parts++;
		if (p === end) return parts === 4;
		if (bytes[p] !== DOT || parts === 4) return false;
		p++;
	}
}
