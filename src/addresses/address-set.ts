/**
 * A set of addresses that is asked for each request. The ranges are put in order and joined when it is made, and halved
 * until the one is found that could hold an address: twenty comparisons for a million ranges, and nothing is made.
 */
import { type AddressRange, checkedRanges } from './address-range.ts';
import { readAddress } from './read-address.ts';

const asked = new Uint32Array(4);

export class AddressSet {
	/** `unix` is in it: clients of a socket in the file system, who have no address. */
	readonly unix: boolean;
	/** Number of ranges after joining. */
	readonly size: number;
	private readonly ipv4: Uint32Array;
	/** Four words for the first address and four for the last, range after range. */
	private readonly ipv6: Uint32Array;

	/** Takes addresses, CIDR ranges and the names loopback, private, link-local and unix. Throws TypeError, beginning with `where`. */
	constructor(where: string, texts: readonly unknown[]) {
		const ranges = texts.filter((text) => text !== 'unix').flatMap((text) => checkedRanges(where, text));
		this.unix = texts.includes('unix');
		const narrow = joined(ranges.filter(({ family }) => family === 4));
		const wide = joined(ranges.filter(({ family }) => family === 6));
		this.ipv4 = Uint32Array.from(narrow.flatMap(({ first, last }) => [Number(first), Number(last)]));
		this.ipv6 = Uint32Array.from(wide.flatMap(({ first, last }) => [...wordsOf(first), ...wordsOf(last)]));
		this.size = narrow.length + wide.length;
	}

	/** Whether the address, in any strict spelling, or `unix` is in it. What is no address is in no set. */
	has(address: string): boolean {
		if (address === 'unix') return this.unix;
		const family = readAddress(address, asked);
		if (family === 0) return false;
		return family === 4 ? this.hasIPv4(asked[3] as number) : this.hasIPv6();
	}

	private hasIPv4(value: number): boolean {
		const { ipv4 } = this;
		let [low, high] = [0, ipv4.length / 2];
		while (low < high) {
			const middle = (low + high) >>> 1;
			if (value < (ipv4[middle * 2] as number)) high = middle;
			else if (value > (ipv4[middle * 2 + 1] as number)) low = middle + 1;
			else return true;
		}
		return false;
	}

	private hasIPv6(): boolean {
		const { ipv6 } = this;
		let [low, high] = [0, ipv6.length / 8];
		while (low < high) {
			const middle = (low + high) >>> 1;
			if (compare(ipv6, middle * 8) < 0) high = middle;
			else if (compare(ipv6, middle * 8 + 4) > 0) low = middle + 1;
			else return true;
		}
		return false;
	}
}

/** The address asked for against the one at `at`. */
function compare(list: Uint32Array, at: number): number {
	for (let word = 0; word < 4; word++) {
		const difference = (asked[word] as number) - (list[at + word] as number);
		if (difference !== 0) return difference;
	}
	return 0;
}

/** In order, with those that touch made one. */
function joined(ranges: readonly AddressRange[]): AddressRange[] {
	const out: AddressRange[] = [];
	for (const range of ranges.toSorted((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0))) {
		const before = out.at(-1);
		if (before === undefined || range.first > before.last + 1n) out.push(range);
		else if (range.last > before.last) out[out.length - 1] = { ...before, last: range.last };
	}
	return out;
}

function wordsOf(value: bigint): number[] {
	return [96n, 64n, 32n, 0n].map((shift) => Number((value >> shift) & 0xffff_ffffn));
}
