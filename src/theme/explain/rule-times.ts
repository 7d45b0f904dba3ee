/** Watches a page being written: what each rule wrote, and how long that took. */
import type { Watcher } from '../plan/index.ts';

export interface RuleWork {
	/** Characters; for rules about attributes 0. */
	written: number;
	/** Milliseconds, with what was looked up for it first. */
	time: number;
	/** How often it was carried out. */
	times: number;
}

export class RuleTimes implements Watcher {
	readonly byRule: Map<number, RuleWork> = new Map();
	private begun = 0;

	enter(_rule: number): string {
		this.begun = performance.now();
		return '';
	}

	leave(rule: number, written: number): string {
		const work = this.of(rule);
		work.time += performance.now() - this.begun;
		work.written += written;
		work.times++;
		return '';
	}

	decided(rule: number): void {
		this.of(rule).times++;
	}

	private of(rule: number): RuleWork {
		let work = this.byRule.get(rule);
		if (work === undefined) {
			work = { written: 0, time: 0, times: 0 };
			this.byRule.set(rule, work);
		}
		return work;
	}
}
