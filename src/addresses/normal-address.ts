/** Addresses in the one spelling by which they are compared, logged and counted (RFC 5952 section 4). */
import { readAddress } from './read-address.ts';

const words = new Uint32Array(4);

/** The address in its usual form, an IPv4 address for one that was written as IPv6; null for what is none. */
export function normalAddress(text: string): string | null {
	const family = readAddress(text, words);
	if (family === 0) return null;
	return family === 4 ? ipv4Text(words[3] as number) : ipv6Text(words);
}

/**
 * The smallest network that one customer is given: the address itself for IPv4, its first 64 bits for IPv6, in which a
 * single machine has all addresses for itself (RFC 4291 section 2.5.1, RFC 6177). Null for what is no address.
 */
export function customerNetwork(text: string): string | null {
	const family = readAddress(text, words);
	if (family === 0) return null;
	if (family === 6) return `${hexPair(words[0] as number)}:${hexPair(words[1] as number)}::/64`;
	// There is one spelling of IPv4: without a colon it is this one.
	return text.includes(':') ? ipv4Text(words[3] as number) : text;
}

export function ipv4Text(value: number): string {
	return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
}

function hexPair(word: number): string {
	return `${(word >>> 16).toString(16)}:${(word & 0xffff).toString(16)}`;
}

/** The first of the longest runs of zeros is left out, if it is longer than one group. */
export function ipv6Text(from: Uint32Array): string {
	const groups = [...from].flatMap((word) => [word >>> 16, word & 0xffff]);
	let [start, most] = [-1, 1];
	for (let at = 0; at < 8; at++) {
		let end = at;
		while (end < 8 && groups[end] === 0) end++;
		if (end - at > most) [start, most] = [at, end - at];
		at = Math.max(at, end - 1);
	}
	const text = groups.map((group) => group.toString(16));
	if (start === -1) return text.join(':');
	return `${text.slice(0, start).join(':')}::${text.slice(start + most).join(':')}`;
}
