/** How many exchanges of each key are open: counted from the request until the end of the answer or of its tunnel. */
import type { Context, FinishedListener } from '../../convention/index.ts';

export class OpenExchanges {
	private readonly most: number;
	/** Keys with none open are not in it. */
	private readonly counts: Map<string, Count> = new Map();
	private all = 0;

	constructor(most: number) {
		this.most = most;
	}

	get size(): number {
		return this.all;
	}

	crowded(key: string): boolean {
		return (this.counts.get(key)?.open ?? 0) >= this.most;
	}

	/** Counts one more, until the exchange is over. */
	enter(key: string, context: Context): void {
		let count = this.counts.get(key);
		if (count === undefined) {
			count = new Count(this, key);
			this.counts.set(key, count);
		}
		count.open++;
		this.all++;
		context.onFinished(count);
	}

	left(count: Count): void {
		this.all--;
		if (--count.open === 0) this.counts.delete(count.key);
	}
}

/** Of one key; it is told of the end of each of its exchanges. */
class Count implements FinishedListener {
	open = 0;
	readonly key: string;
	private readonly of: OpenExchanges;

	constructor(of: OpenExchanges, key: string) {
		this.of = of;
		this.key = key;
	}

	exchangeFinished(): void {
		this.of.left(this);
	}
}
