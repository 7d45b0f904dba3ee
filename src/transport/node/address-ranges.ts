/** Sets of IP addresses, by node's own BlockList. */
import { BlockList, isIP } from 'node:net';

/** Names for ranges that everybody knows. */
const named: Readonly<Record<string, readonly string[]>> = {
	loopback: ['127.0.0.0/8', '::1/128'],
	private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
	'link-local': ['169.254.0.0/16', 'fe80::/10'],
};

/**
 * A test for the addresses in `ranges`: addresses, CIDR ranges, or the names `loopback`, `private` and `link-local`.
 * Throws TypeError for anything else.
 */
export function addressRanges(ranges: readonly string[]): (address: string) => boolean {
	const list = new BlockList();
	for (const range of ranges.flatMap((range) => named[range] ?? [range])) {
		const slash = range.indexOf('/');
		const address = slash < 0 ? range : range.slice(0, slash);
		const bits = slash < 0 ? undefined : range.slice(slash + 1);
		const family = isIP(address);
		const most = family === 4 ? 32 : 128;
		const prefix = bits === undefined ? most : Number(bits);
		if (family === 0 || !/^\d+$/.test(bits ?? '0') || prefix > most) {
			throw new TypeError(
				`Not an address or range: ${JSON.stringify(range)}. Write 192.0.2.1, 10.0.0.0/8, loopback or private.`,
			);
		}
		list.addSubnet(address, prefix, family === 4 ? 'ipv4' : 'ipv6');
	}
	return (address) => list.check(address, address.includes(':') ? 'ipv6' : 'ipv4');
}
