/**
 * Which addresses may be connected to: the guard against requests that are forged to reach what only we can reach (SSRF).
 * A guard judges addresses, never names: dial-guarded.ts resolves a name itself, asks about every address, and connects to
 * those that passed. The table follows IANA's registries of special-purpose addresses (RFC 6890); what carries an IPv4
 * address inside is judged by that, and IPv6 outside of 2000::/3 is refused altogether.
 */
import { AddressSet } from '../addresses/index.ts';
import { isIPv4, isIPv6 } from '../fields/index.ts';
import { isOwnListener } from '../transport/node/index.ts';

/**
 * Whether a connection may be made to this address and port. Asked before each one; an address of IPv6 may carry a zone. Port
 * 0 stands for one that is not known, as where node looks up a name and does not say what for.
 */
export type AddressGuard = (address: string, family: 4 | 6, port: number) => boolean;

export interface PublicAddressesOptions {
	/**
	 * Reached all the same: addresses, CIDR ranges, or the names `loopback`, `private`, `link-local` and `self`. An address
	 * of a metadata service is let through only where it is named itself, never by a range. Where this process itself
	 * listens, `self` lets through and nothing else does.
	 */
	readonly allow?: readonly string[];
}

/** What is no public host, beside the rest of IPv6 outside of 2000::/3. The names are told in errors. */
const refused: Readonly<Record<string, readonly string[]>> = {
	unspecified: ['0.0.0.0/8', '::'],
	private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
	'shared by carriers (CGNAT)': ['100.64.0.0/10'],
	loopback: ['127.0.0.0/8', '::1'],
	'link-local': ['169.254.0.0/16', 'fe80::/10'],
	'for protocol assignments': ['192.0.0.0/24', '2001::/23'],
	'for documentation': ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8::/32', '3fff::/20'],
	'for 6to4 relays': ['192.88.99.0/24'],
	'for benchmarking': ['198.18.0.0/15'],
	multicast: ['224.0.0.0/4', 'ff00::/8'],
	'reserved, or broadcast': ['240.0.0.0/4'],
};

/** Where clouds answer for their machines: of AWS, Google, Azure and most others; Azure's second; Alibaba; Oracle; AWS by IPv6; Google by IPv6. */
const metadata: readonly string[] = [
	'169.254.169.254',
	'169.254.170.2',
	'169.254.170.23',
	'168.63.129.16',
	'100.100.100.200',
	'192.0.0.192',
	'fd00:ec2::254',
	'fd00:ec2::23',
	'fd20:ce::254',
];

/** The reason for a refusal that is told to clients of a proxy, too: it says nothing of where a name leads. */
export const OWN_LISTENER = 'an own listener';

/** Why an address may not be connected to, or null. */
type Verdict = (address: string, port: number) => string | null;

/** Of the guards that were made here: they know why. */
const verdicts: WeakMap<AddressGuard, Verdict> = new WeakMap();

/** Why this guard refuses an address, as far as it is known. */
export function reasonOf(guard: AddressGuard, address: string, port: number): string {
	return verdicts.get(guard)?.(address, port) ?? 'not let through';
}

/** A guard that lets through public unicast addresses alone, and what `allow` adds. Throws TypeError for a bad range. */
export function publicAddresses(options: PublicAddressesOptions = {}): AddressGuard {
	const verdict = verdictBy(options.allow ?? []);
	const guard: AddressGuard = (address, _family, port) => verdict(address, port) === null;
	verdicts.set(guard, verdict);
	return guard;
}

const clouds: AddressSet = new AddressSet('metadata services', metadata);
const special: AddressSet = new AddressSet('what is no public host', Object.values(refused).flat());

function verdictBy(allow: readonly string[]): Verdict {
	const isSelfOpen = allow.includes('self');
	const opened = allow.filter((range) => range !== 'self');
	if (opened.includes('unix')) throw new TypeError('allow: "unix": a unix socket has no address that could be opened');
	const allowed = new AddressSet('allow', opened);
	const named = new AddressSet(
		'allow',
		opened.filter((range) => isIPv4(range) || isIPv6(range)),
	);
	const judge = (address: string, port: number, isPublic: () => boolean): string | null => {
		const isOwn = isOwnListener(address, port);
		if (isOwn && !isSelfOpen) return OWN_LISTENER;
		if (clouds.has(address)) return named.has(address) ? null : 'a metadata service';
		return isOwn || allowed.has(address) || isPublic() ? null : kindOf(address);
	};
	const ofIPv4: Verdict = (address, port) => judge(address, port, () => !special.has(address));
	const ofIPv6 = (groups: readonly number[], port: number): string | null => {
		const carrier = carriers.find(({ before }) => before.every((group, at) => groups[at] === group));
		if (carrier !== undefined) return ofIPv4(ipv4At(groups, carrier.before.length), port);
		const address = groups.map((group) => group.toString(16)).join(':');
		const isSafe = (): boolean => !isIsatap(groups) || ofIPv4(ipv4At(groups, 6), port) === null;
		return judge(address, port, () => isGlobalUnicast(groups) && !special.has(address) && isSafe());
	};
	return (address, port) => {
		if (isIPv4(address)) return ofIPv4(address, port);
		const groups = groupsOf(address);
		return groups === null ? 'no address' : ofIPv6(groups, port);
	};
}

let kinds: readonly { readonly name: string; readonly range: AddressSet }[] | null = null;

/** The name of the range that it is in. Asked for refusals only. */
function kindOf(address: string): string {
	kinds ??= Object.entries(refused).map(([name, ranges]) => ({ name, range: new AddressSet(name, ranges) }));
	return kinds.find(({ range }) => range.has(address))?.name ?? 'not public';
}

/** RFC 4291 section 2.4, as far as it has been given out: 2000::/3. */
function isGlobalUnicast(groups: readonly number[]): boolean {
	return ((groups[0] as number) & 0xe000) === 0x2000;
}

/** The eight groups of an IPv6 address, its zone left out; null for what is none. */
function groupsOf(address: string): number[] | null {
	const zone = address.indexOf('%');
	const text = zone < 0 ? address : address.slice(0, zone);
	if (!isIPv6(text)) return null;
	const gap = text.indexOf('::');
	if (gap < 0) return groupsIn(text);
	const before = groupsIn(text.slice(0, gap));
	const after = groupsIn(text.slice(gap + 2));
	return [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after];
}

function groupsIn(text: string): number[] {
	if (text === '') return [];
	return text.split(':').flatMap((part) => {
		if (!part.includes('.')) return [Number.parseInt(part, 16)];
		const [a, b, c, d] = part.split('.').map(Number) as [number, number, number, number];
		return [a * 256 + b, c * 256 + d];
	});
}

/** Where an IPv4 address stands in an IPv6 address and is what will be reached: the groups before it, and what they are. */
const carriers: readonly { readonly what: string; readonly before: readonly number[] }[] = [
	{ what: 'IPv4-mapped (RFC 4291 section 2.5.5.2)', before: [0, 0, 0, 0, 0, 0xffff] },
	{ what: 'IPv4-translated (RFC 2765)', before: [0, 0, 0, 0, 0xffff, 0] },
	{ what: 'NAT64 (RFC 6052)', before: [0x64, 0xff9b, 0, 0, 0, 0] },
	{ what: '6to4 (RFC 3056)', before: [0x2002] },
];

function ipv4At(groups: readonly number[], at: number): string {
	const [high, low] = [groups[at] as number, groups[at + 1] as number];
	return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
}

/** RFC 5214 section 6.1: behind any first 64 bits, the last 32 name a host by IPv4. */
function isIsatap(groups: readonly number[]): boolean {
	return ((groups[4] as number) & 0xfdff) === 0 && groups[5] === 0x5efe;
}
