/** The command line is not understood: exit status 2. Says the flag, the reason, and what to write instead. */
export class UsageError extends Error {
	readonly hint: string;

	constructor(message: string, hint: string) {
		super(message);
		this.name = 'UsageError';
		this.hint = hint;
	}
}
