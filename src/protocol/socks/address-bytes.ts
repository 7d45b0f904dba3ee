/** IP addresses as the bytes that stand for them on the wire. */
import { isIPv4, isIPv6 } from '../../fields/index.ts';

/** The 4 or 16 bytes of an address in its usual form; null for anything else, such as a name. */
export function addressBytes(text: string): readonly number[] | null {
	if (isIPv4(text)) return text.split('.').map(Number);
	if (!isIPv6(text)) return null;
	const gap = text.indexOf('::');
	if (gap < 0) return bytesOf(text);
	const before = bytesOf(text.slice(0, gap));
	const after = bytesOf(text.slice(gap + 2));
	return [...before, ...new Array<number>(16 - before.length - after.length).fill(0), ...after];
}

function bytesOf(groups: string): number[] {
	if (groups === '') return [];
	return groups.split(':').flatMap((group) => {
		if (group.includes('.')) return group.split('.').map(Number);
		const value = Number.parseInt(group, 16);
		return [value >> 8, value & 255];
	});
}

/** The address that 4 or 16 bytes stand for, in its usual form (RFC 5952 section 4). */
export function addressText(bytes: readonly number[]): string {
	if (bytes.length === 4) return bytes.join('.');
	const groups = Array.from({ length: 8 }, (_, at) => (bytes[at * 2] as number) * 256 + (bytes[at * 2 + 1] as number));
	let [start, most] = [0, 1];
	for (let at = 0; at < 8; at++) {
		const next = groups.findIndex((group, index) => index >= at && group !== 0);
		const length = (next < 0 ? 8 : next) - at;
		if (length > most) [start, most] = [at, length];
	}
	const text = groups.map((group) => group.toString(16));
	if (most === 1) return text.join(':');
	return `${text.slice(0, start).join(':')}::${text.slice(start + most).join(':')}`;
}
