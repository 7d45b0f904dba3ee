/** The textual forms of IP addresses (RFC 3986 section 3.2.2): strict, without zones, ports or brackets. */

const IPV4 = /^(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/;
const GROUP = /^[0-9a-fA-F]{1,4}$/;

/** Whether `text` is four decimal numbers up to 255, without leading zeros. */
export function isIPv4(text: string): boolean {
	return IPV4.test(text);
}

/** Whether `text` is an IPv6 address; its last 32 bits may be written as IPv4. */
export function isIPv6(text: string): boolean {
	if (text.length > 45 || !text.includes(':')) return false;
	const gap = text.indexOf('::');
	if (gap === -1) return groups(text, true) === 8;
	// "::" stands for at least one group, and only once.
	if (text.includes('::', gap + 1)) return false;
	const before = groups(text.slice(0, gap), false);
	const after = groups(text.slice(gap + 2), true);
	return before !== -1 && after !== -1 && before + after <= 7;
}

/** How many 16-bit groups `text` holds, or -1. */
function groups(text: string, ipv4: boolean): number {
	if (text === '') return 0;
	const parts = text.split(':');
	const last = parts.at(-1) as string;
	const mixed = ipv4 && last.includes('.') && isIPv4(last);
	if (mixed) parts.pop();
	return parts.every((part) => GROUP.test(part)) ? parts.length + (mixed ? 2 : 0) : -1;
}
