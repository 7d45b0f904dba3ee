/** The bytes of one exchange, added to what its client has used while they flow. */
import type { BudgetSettings } from './options.ts';
import type { Used } from './store.ts';

/** Told once, when there is nothing left. */
export interface MeterOwner {
	spent(): void;
	/** The store could not be asked. */
	unasked(error: unknown): void;
}

export class Meter {
	/** There is nothing left: no byte more goes through. */
	over = false;
	private readonly settings: BudgetSettings;
	private readonly key: string;
	private readonly owner: MeterOwner;
	private used: number;
	/** Not told to the store yet, which is being asked. */
	private waiting = 0;
	private asking = false;

	constructor(settings: BudgetSettings, key: string, used: Used, owner: MeterOwner) {
		this.settings = settings;
		this.key = key;
		this.used = used.bytes;
		this.owner = owner;
	}

	/** What is left, as far as is known. */
	get left(): number {
		return this.over ? 0 : Math.max(0, this.settings.bytes - this.used - this.waiting);
	}

	/** Counts bytes before they go on; false when they are more than was left. */
	take(bytes: number): boolean {
		if (this.over) return false;
		if (this.asking) {
			this.waiting += bytes;
			// What other exchanges use is not known yet; what this one does is.
			return this.used + this.waiting <= this.settings.bytes || this.spend();
		}
		return this.ask(bytes);
	}

	private ask(bytes: number): boolean {
		const { store, per } = this.settings;
		let used: Used | Promise<Used>;
		try {
			used = store.add(this.key, 0, bytes, per);
		} catch (error) {
			this.owner.unasked(error);
			return true;
		}
		if (!(used instanceof Promise)) return this.learn(used);
		this.asking = true;
		this.used += bytes;
		used.then(
			(late) => this.told(late),
			(error: unknown) => {
				this.owner.unasked(error);
				this.told(null);
			},
		);
		return this.used <= this.settings.bytes || this.spend();
	}

	private told(used: Used | null): void {
		this.asking = false;
		const { waiting } = this;
		this.waiting = 0;
		if (used !== null && !this.learn(used)) {
			if (waiting > 0) this.ask(waiting);
			return;
		}
		if (waiting > 0) this.ask(waiting);
	}

	private learn(used: Used): boolean {
		this.used = used.bytes;
		return used.bytes <= this.settings.bytes || this.spend();
	}

	private spend(): false {
		if (!this.over) {
			this.over = true;
			this.owner.spent();
		}
		return false;
	}
}
