/** Writes the header that `read.ts` reads. */
import { isIPv4, isIPv6 } from '../../fields/index.ts';
import type { End } from './read.ts';
import { SIGNATURE } from './signature.ts';

/** Both ends of a connection as the system has them; null for what has no address, a socket in the file system say. */
export interface Ends {
	readonly remote: End | null;
	readonly local: End | null;
}

/** Versions in which the header may be written: a line for people, or bytes. */
export type ProxyHeaderVersion = 1 | 2;

/** The header that says whose connection this is; that nobody knows, where an address is missing or the families differ. */
export function proxyHeader(version: ProxyHeaderVersion, { remote, local }: Ends): Uint8Array {
	const family = remote === null || local === null ? null : familyOf(remote.host, local.host);
	if (version === 1) {
		const known =
			family === null ? 'UNKNOWN' : `TCP${family} ${remote?.host} ${local?.host} ${remote?.port} ${local?.port}`;
		return new TextEncoder().encode(`PROXY ${known}\r\n`);
	}
	if (family === null) return Uint8Array.from([...SIGNATURE, 0x20, 0, 0, 0]);
	const [from, to] = [remote as End, local as End];
	const addresses = [...bytesOf(from.host), ...bytesOf(to.host), ...twoBytes(from.port), ...twoBytes(to.port)];
	return Uint8Array.from([...SIGNATURE, 0x21, family === 4 ? 0x11 : 0x21, ...twoBytes(addresses.length), ...addresses]);
}

function familyOf(one: string, other: string): 4 | 6 | null {
	if (isIPv4(one) && isIPv4(other)) return 4;
	return isIPv6(one) && isIPv6(other) ? 6 : null;
}

function twoBytes(value: number): [number, number] {
	return [value >>> 8, value & 255];
}

function bytesOf(host: string): number[] {
	if (isIPv4(host)) return host.split('.').map(Number);
	const mixed = host.replace(/:(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a: string, b: string, c: string, d: string) => {
		const word = (high: string, low: string): string => (Number(high) * 256 + Number(low)).toString(16);
		return `:${word(a, b)}:${word(c, d)}`;
	});
	const [before = '', after] = mixed.split('::');
	const groups = (text: string): number[] =>
		text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
	const [head, tail] = [groups(before), after === undefined ? [] : groups(after)];
	const zeros = Array.from<number>({ length: 8 - head.length - tail.length }).fill(0);
	return [...head, ...zeros, ...tail].flatMap(twoBytes);
}
