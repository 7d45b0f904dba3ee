/** The rules of the convention in one sentence each, numbered as in docs/convention.md, and the error that names one. */
import { brand } from './brand.ts';

export type RuleNumber = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12;

export const rules: Readonly<Record<RuleNumber, string>> = {
	1: 'The request argument is the truth',
	2: 'Targets, names and values are byte strings',
	3: 'Editing headers edits the fields',
	4: 'A payload is started or cancelled, exactly once',
	5: 'Back-pressure is write() === false, then resume()',
	6: 'Framing belongs to the engine',
	7: 'Nothing cut short may look complete',
	8: '100 Continue goes out when the payload is first started',
	9: 'A tunnel is allowed only where offers named it',
	10: 'Mounting derives; it never changes what it was given',
	11: 'An app may answer synchronously',
	12: 'A body that is only passed on is piped raw',
};

/** What `lint` throws, rejects with or fails a payload with. */
export class LintError extends Error {
	override readonly name: string = 'LintError';
	readonly code: string;
	/** The rule that was broken. */
	readonly rule: RuleNumber;

	constructor(rule: RuleNumber, what: string) {
		super(`Rule ${rule} (${rules[rule]}): ${what}`);
		this.rule = rule;
		this.code = `LINT_${rule}`;
	}
}

brand(LintError, Symbol.for('turnabout.LintError'));
