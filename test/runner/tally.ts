/** What came out of all files together. */
import type { FileOutcome } from './run-file.ts';

export class Tally {
	tests = 0;
	passed = 0;
	failed = 0;
	skipped = 0;
	todo = 0;
	readonly failedFiles: string[] = [];
	/** Names of tests that were not run, by the reason. */
	private readonly reasons = new Map<string, string[]>();

	add({ file, facts, failure }: FileOutcome): void {
		let failed = 0;
		for (const fact of facts) {
			if (fact.fact === 'count') {
				this.tests += fact.tests;
				this.passed += fact.passed;
				this.skipped += fact.skipped;
				this.todo += fact.todo;
				failed += fact.failed;
			} else if (fact.fact === 'skipped') {
				const why = fact.why === '' ? 'no reason given' : fact.why;
				this.reasons.set(why, [...(this.reasons.get(why) ?? []), fact.name]);
			}
		}
		// A file that fails as a whole (it does not load, or hangs) is one failure that no test of its own stands for.
		if (failure !== null && failed === 0) {
			this.tests++;
			failed = 1;
		}
		this.failed += failed;
		if (failure !== null) this.failedFiles.push(file);
	}

	/** Why something was skipped, a line per reason. */
	skips(): string[] {
		return [...this.reasons].map(
			([why, names]) =>
				`skipped ${names.length}: ${why} (${names.slice(0, 2).join('; ')}${names.length > 2 ? '; …' : ''})`,
		);
	}

	/** The last line of a run. */
	count(): string {
		const { tests, passed, failed, skipped, todo } = this;
		return `tests ${tests}, pass ${passed}, fail ${failed}, skipped ${skipped}, todo ${todo}`;
	}
}
