/** The context under watch: rule 8 for what an app does with it. */
import type { Fields } from '../fields/index.ts';
import type { Context } from './context.ts';
import { DerivedContext } from './derive-context.ts';
import { LintError } from './lint-error.ts';
import { lintFields } from './lint-fields.ts';

export class LintContext extends DerivedContext {
	private readonly expected: boolean;

	/** `expected`: the client waits for 100 Continue. */
	constructor(outer: Context, expected: boolean) {
		super(outer);
		this.expected = expected;
	}

	override inform(status: number, fields?: Fields): void {
		if (!Number.isInteger(status) || status < 100 || status > 199 || status === 101) {
			throw new LintError(8, `${status} is not an informational status`);
		}
		if (status === 100 && !this.expected) throw new LintError(8, '100 Continue, and nobody waits for it');
		if (fields !== undefined) lintFields(fields, 'informational response');
		this.outer.inform(status, fields);
	}
}
