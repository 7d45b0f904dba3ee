/** Lines about what clients and origins cause, who must not be able to fill a log: one of a kind in a second. */
import type { InjectLogEntry } from './options.ts';

/** Milliseconds. */
const QUIET = 1_000;

export class SparingLog {
	private readonly log: (entry: InjectLogEntry) => void;
	private readonly told: Map<string, number> = new Map();

	constructor(log: (entry: InjectLogEntry) => void) {
		this.log = log;
	}

	/** There are as many kinds as calls in the code. */
	tell(kind: string, entry: InjectLogEntry): void {
		const now = performance.now();
		if (now - (this.told.get(kind) ?? Number.NEGATIVE_INFINITY) < QUIET) return;
		this.told.set(kind, now);
		this.log(entry);
	}
}
