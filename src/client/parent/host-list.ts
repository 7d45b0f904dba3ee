/**
 * Lists of hosts as proxies' settings have them. An entry is `*`, a name, an IP address, a CIDR range, or a name or address
 * with a port behind it. Names are not looked up: addresses and ranges are compared with hosts that are addresses.
 */
import { isIPv4, isIPv6 } from '../../fields/index.ts';
import { addressRanges } from '../../transport/node/index.ts';

/** Whether the list names a host, which stands without brackets. */
export type HostTest = (host: string, port: number) => boolean;

/** Of a name with or without a leading dot: does it stand for what is below it, too? */
export interface HostListOptions {
	readonly below: boolean;
}

interface Names {
	/** Hosts with that very name, and those below one. */
	readonly exact: Set<string>;
	readonly below: Set<string>;
	readonly addresses: string[];
}

/** Throws TypeError, with the entry, for a range or a port that is none. */
export function hostList(entries: readonly string[], { below }: HostListOptions): HostTest {
	if (entries.includes('*')) return () => true;
	/** By port; 0 is all of them. */
	const byPort = new Map<number, Names>();
	for (const entry of entries) {
		const { name, port } = portOf(entry);
		let names = byPort.get(port);
		if (names === undefined) byPort.set(port, (names = { exact: new Set(), below: new Set(), addresses: [] }));
		add(names, name, entry, below);
	}
	const tests = new Map([...byPort].map(([port, names]) => [port, testOf(names)]));
	return (given, port) => {
		const host = plain(given);
		return tests.get(0)?.(host) === true || tests.get(port)?.(host) === true;
	};
}

function add(names: Names, name: string, entry: string, below: boolean): void {
	const address = /^\[(.*)\]$/.exec(name)?.[1] ?? name;
	if (isIPv4(address) || isIPv6(address)) names.addresses.push(address);
	else if (name.includes('/')) {
		if (!/^[0-9a-fA-F.:]+\/\d+$/.test(name)) throw new TypeError(`Not a range of addresses: ${JSON.stringify(entry)}`);
		addressRanges([name]);
		names.addresses.push(name);
	} else if (name.startsWith('*.')) names.below.add(plain(name.slice(2)));
	else {
		const bare = plain(name.replace(/^\./, ''));
		names.exact.add(bare);
		if (below || name.startsWith('.')) names.below.add(bare);
	}
}

function testOf({ exact, below, addresses }: Names): (host: string) => boolean {
	const isListed = addresses.length === 0 ? null : addressRanges(addresses);
	return (host) => {
		if (isIPv4(host) || isIPv6(host)) return isListed !== null && isListed(host);
		if (exact.has(host)) return true;
		if (below.size === 0) return false;
		for (let dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1))
			if (dot > 0 && below.has(host.slice(dot + 1))) return true;
		return false;
	};
}

/** A port stands behind a name, an IPv4 address, or an IPv6 address in brackets. */
function portOf(entry: string): { name: string; port: number } {
	const match = /^(\[[^\]]*\]|[^:]*):(\d*)$/.exec(entry);
	if (match === null) return { name: entry, port: 0 };
	const port = Number(match[2]);
	if (match[2] === '' || port < 1 || port > 65_535) throw new TypeError(`Not a port: ${JSON.stringify(entry)}`);
	return { name: match[1] as string, port };
}

/** Names are compared without case and without the dot of the root. */
function plain(name: string): string {
	const lower = name.toLowerCase();
	return lower.endsWith('.') ? lower.slice(0, -1) : lower;
}
