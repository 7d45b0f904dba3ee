/** Random numbers that a seed repeats, and what tests draw from them. TURNABOUT_SEED takes another seed. */

export const SEED: number = Number(process.env['TURNABOUT_SEED'] ?? 20_260);

export class Seeded {
	private state: number;

	constructor(seed: number) {
		this.state = seed >>> 0;
	}

	/** From 0 up to but not 1 (mulberry32). */
	next(): number {
		this.state = (this.state + 0x6d2b79f5) >>> 0;
		let t = this.state;
		t = Math.imul(t ^ (t >>> 15), t | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
	}

	below(limit: number): number {
		return Math.floor(this.next() * limit);
	}

	chance(part: number): boolean {
		return this.next() < part;
	}

	one<T>(from: readonly T[]): T {
		return from[this.below(from.length)] as T;
	}

	/** Any bytes, as a latin1 string. */
	bytes(length: number): string {
		const bytes = Buffer.allocUnsafe(length);
		let at = 0;
		for (; at + 4 <= length; at += 4) bytes.writeUInt32LE(this.below(4_294_967_296), at);
		for (; at < length; at++) bytes[at] = this.below(256);
		return bytes.toString('latin1');
	}

	/** Ascending positions in `text`, at which it is to be cut. */
	cuts(length: number, most: number): number[] {
		const cuts = Array.from({ length: this.below(most + 1) }, () => this.below(length + 1));
		return cuts.toSorted((a, b) => a - b);
	}
}
