/** Several upstreams in turn. One that could not be connected to is passed over for a while, unless all are. */

/** Milliseconds. */
const AVOIDED = 5_000;

export class Rotation<T> {
	readonly all: readonly T[];
	private readonly avoidedUntil: number[];
	private turn = 0;

	constructor(all: readonly T[]) {
		this.all = all;
		this.avoidedUntil = all.map(() => 0);
	}

	get size(): number {
		return this.all.length;
	}

	next(): T {
		const first = this.turn;
		this.turn = (first + 1) % this.size;
		if (this.size === 1) return this.all[0] as T;
		const now = Date.now();
		for (let step = 0; step < this.size; step++) {
			const at = (first + step) % this.size;
			if ((this.avoidedUntil[at] as number) > now) continue;
			this.turn = (at + 1) % this.size;
			return this.all[at] as T;
		}
		return this.all[first] as T;
	}

	avoid(one: T): void {
		this.avoidedUntil[this.all.indexOf(one)] = Date.now() + AVOIDED;
	}
}
