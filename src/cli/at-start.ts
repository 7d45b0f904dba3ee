/** What is read when a command starts: a file that is missing or wrong is the user's to mend, and told without a stack. */
import { isStartError, StartError } from '../serve/index.ts';
import { UsageError } from './usage-error.ts';

/** Gives what `make` makes. Throws StartError with the message of what it throws. */
export function atStart<T>(make: () => T): T {
	try {
		return make();
	} catch (error) {
		if (!(error instanceof Error) || error instanceof UsageError || isStartError(error)) throw error;
		throw new StartError(error.message, null, error);
	}
}
