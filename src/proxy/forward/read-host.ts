/**
 * The host of a target in the one spelling that is compared with rules, looked up, dialled and logged. Resolvers and URL
 * parsers read more as an address than the four decimal numbers of RFC 3986 section 3.2.2: octal and hexadecimal numbers,
 * fewer than four, full-width digits, percent-encoding. Whatever somebody could read as an address and somebody else as a
 * name is refused here, so that no rule is asked about one host and another one is reached.
 */
import { normalAddress } from '../../addresses/index.ts';

export type ReadHost =
	| { readonly kind: 'name' | 'ipv4' | 'ipv6'; readonly host: string; readonly reason: null }
	/** `reason` is a sentence without the text itself: it is shown to the client. */
	| { readonly kind: null; readonly host: null; readonly reason: string };

/** Characters of a name, and octets of a label (RFC 1035 section 2.3.4). */
const LONGEST = 253;
const LONGEST_LABEL = 63;

/**
 * Reads a host without its port: a name, an IPv4 address, an IPv6 address with or without brackets. Gives lower case, no
 * final dot, addresses in their usual form (RFC 5952), an IPv4 address for one that was written as IPv6.
 */
export function readHost(text: string): ReadHost {
	if (text.startsWith('[') || text.includes(':')) return readIPv6(text);
	const name = text.endsWith('.') ? text.slice(0, -1) : text;
	const reason = faultOf(name);
	if (reason !== null) return refused(reason);
	if (!endsInNumber(name)) return { kind: 'name', host: name.toLowerCase(), reason: null };
	if (normalAddress(name) === null) return refused(oddAddress(name));
	// `127.0.0.1.` is an address to URL parsers and a name to resolvers.
	if (name !== text) return refused('An IPv4 address has no dot behind it.');
	return { kind: 'ipv4', host: name, reason: null };
}

function readIPv6(text: string): ReadHost {
	if (text.includes('%')) return refused('An IPv6 address has no zone here.');
	const open = text.startsWith('[');
	if (open !== text.endsWith(']')) return refused('An IPv6 address stands in brackets.');
	const address = open ? text.slice(1, -1) : text;
	const host = address.includes(':') ? normalAddress(address) : null;
	if (host === null) return refused('What stands with colons or in brackets is no IPv6 address.');
	return { kind: host.includes(':') ? 'ipv6' : 'ipv4', host, reason: null };
}

/** Why this is no name of letters, digits, hyphens, underscores and dots. */
function faultOf(name: string): string | null {
	if (name === '') return 'The host is empty.';
	if (name.length > LONGEST) return `The host is longer than ${LONGEST} characters.`;
	let label = 0;
	for (let at = 0; at < name.length; at++) {
		const code = name.charCodeAt(at);
		if (code === DOT) {
			if (label === 0) return 'The host has an empty label.';
			label = 0;
		} else if (!isOfName(code)) return badCharacter(code);
		else if (++label > LONGEST_LABEL) return `The host has a label longer than ${LONGEST_LABEL} characters.`;
	}
	return label === 0 ? 'The host has an empty label.' : null;
}

const DOT = 0x2e;
const HYPHEN = 0x2d;
const UNDERSCORE = 0x5f;
const PERCENT = 0x25;

function isDigit(code: number): boolean {
	return code >= 0x30 && code <= 0x39;
}

function isOfName(code: number): boolean {
	const letter = code | 0x20;
	return (letter >= 0x61 && letter <= 0x7a) || isDigit(code) || code === HYPHEN || code === UNDERSCORE;
}

function badCharacter(code: number): string {
	if (code === PERCENT) return 'The host is percent-encoded; write it as it is.';
	if (code > 0x7f) return 'The host is not in ASCII; write its A-labels (xn--…, RFC 5890).';
	return 'The host has a character that names do not have.';
}

/**
 * Whether the last label is a number, decimal, octal or hexadecimal: then URL parsers take the whole for an IPv4 address
 * (URL Standard, "ends in a number"), as inet_aton does with everything it takes. No top-level domain is a number.
 */
function endsInNumber(name: string): boolean {
	const start = name.lastIndexOf('.') + 1;
	if (!isDigit(name.charCodeAt(start))) return false;
	const hexadecimal = name.charCodeAt(start) === 0x30 && (name.charCodeAt(start + 1) | 0x20) === 0x78;
	for (let at = hexadecimal ? start + 2 : start; at < name.length; at++) {
		const code = name.charCodeAt(at);
		const letter = code | 0x20;
		if (!isDigit(code) && !(hexadecimal && letter >= 0x61 && letter <= 0x66)) return false;
	}
	return true;
}

function oddAddress(name: string): string {
	const labels = name.split('.');
	if (labels.some((label) => /^0x/i.test(label)))
		return 'The host has a hexadecimal number where an address has decimal ones.';
	if (labels.some((label) => /^0\d/.test(label)))
		return 'The host has a number that begins with 0, which some read as octal.';
	return 'The host ends in a number and is no IPv4 address of four decimal numbers.';
}

function refused(reason: string): ReadHost {
	return { kind: null, host: null, reason };
}
