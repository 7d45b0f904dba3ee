/** Ranges of addresses as people write them. What could be meant in two ways is refused, with what was probably meant. */
import { shown } from '../names/index.ts';
import { ipv4Text, ipv6Text } from './normal-address.ts';
import { readAddress } from './read-address.ts';

/** From the first to the last address of it. */
export interface AddressRange {
	readonly family: 4 | 6;
	readonly first: bigint;
	readonly last: bigint;
}

/** Names for ranges that everybody knows. */
const NAMED: Readonly<Record<string, readonly string[]>> = {
	loopback: ['127.0.0.0/8', '::1'],
	private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
	'link-local': ['169.254.0.0/16', 'fe80::/10'],
};

/** The ranges that a name stands for, or the text alone. */
function rangesNamed(text: string): readonly string[] {
	return Object.hasOwn(NAMED, text) ? (NAMED[text] as readonly string[]) : [text];
}

const words = new Uint32Array(4);

/** The ranges that a text of a list stands for. Throws TypeError, beginning with `where`, for what is none. */
export function checkedRanges(where: string, text: unknown): AddressRange[] {
	const ranges = typeof text === 'string' ? rangesNamed(text).map(parseRange) : ['it is no text'];
	return ranges.map((range) => {
		if (typeof range !== 'string') return range;
		throw new TypeError(`${where}: ${shown(text)}: ${range}`);
	});
}

/** Reads `192.0.2.1`, `10.0.0.0/8`, `2001:db8::/32`. Gives back a sentence for what is no range, without the text itself. */
function parseRange(text: string): AddressRange | string {
	const slash = text.indexOf('/');
	const address = slash === -1 ? text : text.slice(0, slash);
	const family = readAddress(address, words);
	if (family === 0) return notAnAddress(address);
	const mapped = family === 4 && address.includes(':');
	const bits = slash === -1 ? null : text.slice(slash + 1);
	if (bits !== null && !/^(?:0|[1-9]\d{0,2})$/.test(bits)) return 'the length behind the slash is no plain number';
	const written = mapped || family === 6 ? 128 : 32;
	const length = bits === null ? written : Number(bits);
	if (length > written) return `the length behind the slash is ${written} at most`;
	// A range around all IPv4 addresses in IPv6 clothes would be one of IPv4 and IPv6 at once.
	if (mapped && length < 96) return 'a range of IPv4 addresses written as IPv6 has a length from 96 to 128';
	const total = family === 4 ? 32 : 128;
	const free = BigInt(written - length);
	const value = numberOf(words);
	const first = (value >> free) << free;
	if (first !== value) {
		return `there are bits behind the first ${length}; did you mean ${textOf(first, family)}/${mapped ? length - 96 : length}?`;
	}
	return { family, first, last: first + (1n << BigInt(total - (mapped ? length - 96 : length))) - 1n };
}

function numberOf(from: Uint32Array): bigint {
	return from.reduce((sum, word) => (sum << 32n) | BigInt(word), 0n);
}

function textOf(value: bigint, family: 4 | 6): string {
	if (family === 4) return ipv4Text(Number(value));
	return ipv6Text(Uint32Array.from([96n, 64n, 32n, 0n], (shift) => Number((value >> shift) & 0xffff_ffffn)));
}

function notAnAddress(text: string): string {
	if (/^[\d.]+$/.test(text) && /(?:^|\.)0\d/.test(text)) {
		return 'a number begins with 0, which some read as octal; write it without';
	}
	if (/^0x/i.test(text) || /^\d+$/.test(text)) return 'an IPv4 address is four decimal numbers with dots';
	if (/^\d+(?:\.\d+){1,2}$/.test(text)) return 'an IPv4 address has all its four numbers';
	if (text.includes('%')) return 'an address has no zone here; leave out what begins with %';
	if (text.startsWith('[')) return 'an address has neither brackets nor a port here';
	return 'it is no address and no range; write 192.0.2.1, 10.0.0.0/8, 2001:db8::/32, loopback, private or unix';
}
