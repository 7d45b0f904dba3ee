/**
 * HAProxy's PROXY protocol, versions 1 and 2: who is really at the other end, said by a balancer before the first byte of the
 * client's. Section numbers are of its specification, "The PROXY protocol, versions 1 & 2".
 */
import { isIPv4, isIPv6 } from '../../fields/index.ts';
import { SIGNATURE } from './signature.ts';

export interface End {
	readonly host: string;
	readonly port: number;
}

/** Both ends of the connection that the balancer has accepted. */
export interface ProxiedEnds {
	readonly remote: End;
	readonly local: End;
}

/** `ends` is null where the balancer speaks for itself (a health check), or does not know. */
export type ProxyHeaderOutcome =
	| { readonly state: 'more' }
	| { readonly state: 'read'; readonly length: number; readonly ends: ProxiedEnds | null }
	| { readonly state: 'wrong'; readonly reason: string };

/** Bytes of the longest header that is read: addresses, and as much about them as anybody sends. */
export const LONGEST_PROXY_HEADER = 4_096;

/** Section 2.1: 107 characters with the line's end. */
const LONGEST_LINE = 107;
const MORE: ProxyHeaderOutcome = { state: 'more' };

/** Reads the header that `bytes` begin with. */
export function readProxyHeader(bytes: Uint8Array): ProxyHeaderOutcome {
	if (bytes.length === 0) return MORE;
	return bytes[0] === SIGNATURE[0] ? readBinary(bytes) : readLine(bytes);
}

function wrong(reason: string): ProxyHeaderOutcome {
	return { state: 'wrong', reason };
}

// Version 1: a line.

function readLine(bytes: Uint8Array): ProxyHeaderOutcome {
	const text = String.fromCharCode(...bytes.subarray(0, LONGEST_LINE));
	if (!text.startsWith('PROXY '.slice(0, text.length))) return wrong('no PROXY header');
	const end = text.indexOf('\r\n');
	if (end === -1) return text.length >= LONGEST_LINE ? wrong('a line without an end') : MORE;
	const length = end + 2;
	const [, family, source = '', destination = '', from = '', to = '', ...rest] = text.slice(0, end).split(' ');
	if (family === 'UNKNOWN') return { state: 'read', length, ends: null };
	const version = family === 'TCP4' ? 4 : family === 'TCP6' ? 6 : null;
	if (version === null || rest.length > 0) return wrong('no PROXY header');
	const isAddress = version === 4 ? isIPv4 : isIPv6;
	if (!isAddress(source) || !isAddress(destination)) return wrong('no address');
	if (!isPort(from) || !isPort(to)) return wrong('no port');
	const ends = {
		remote: { host: source, port: Number(from) },
		local: { host: destination, port: Number(to) },
	};
	return { state: 'read', length, ends };
}

function isPort(text: string): boolean {
	return /^(?:0|[1-9]\d{0,4})$/.test(text) && Number(text) <= 65_535;
}

// Version 2: bytes.

const FIXED = 16;
const LOCAL = 0;
const PROXY = 1;
/** Family and transport: TCP over IPv4 and IPv6. */
const TCP4 = 0x11;
const TCP6 = 0x21;

function readBinary(bytes: Uint8Array): ProxyHeaderOutcome {
	for (let at = 0; at < Math.min(bytes.length, SIGNATURE.length); at++)
		if (bytes[at] !== SIGNATURE[at]) return wrong('no PROXY header');
	if (bytes.length < FIXED) return MORE;
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
	const [version, command] = [view.getUint8(12) >>> 4, view.getUint8(12) & 15];
	if (version !== 2 || (command !== LOCAL && command !== PROXY))
		return wrong('no version of the PROXY header that is known');
	const size = view.getUint16(14);
	const length = FIXED + size;
	if (length > LONGEST_PROXY_HEADER) return wrong('a PROXY header that is too long');
	if (bytes.length < length) return MORE;
	const kind = view.getUint8(13);
	// Section 2.2: what is no address that we know is passed over, and the connection's own stands.
	if (command === LOCAL || (kind !== TCP4 && kind !== TCP6)) return { state: 'read', length, ends: null };
	const width = kind === TCP4 ? 4 : 16;
	if (size < 2 * width + 4) return wrong('a PROXY header without its addresses');
	const host = (at: number): string => (width === 4 ? textOf4(bytes, at) : textOf6(view, at));
	const ports = FIXED + 2 * width;
	const ends = {
		remote: { host: host(FIXED), port: view.getUint16(ports) },
		local: { host: host(FIXED + width), port: view.getUint16(ports + 2) },
	};
	return { state: 'read', length, ends };
}

function textOf4(bytes: Uint8Array, at: number): string {
	return bytes.subarray(at, at + 4).join('.');
}

/** All eight groups of it. */
function textOf6(view: DataView, at: number): string {
	return Array.from({ length: 8 }, (_, group) => view.getUint16(at + 2 * group).toString(16)).join(':');
}
