/**
 * Who logs the failures of an exchange in the engine's place: a layer that knows more than the engine does, the request's id
 * for one. It hears of what no layer can catch (a payload that failed behind the head, a tunnel, a response that could not be
 * sent) and of what went past it, so that everything is in one log, once.
 */
import type { Context } from './context.ts';
import { type Key, key } from './key.ts';

export interface FailureLog {
	/**
	 * Something failed that is worth a line (`errorVerdict(error).level` is not null). `committed`: the head was out, so the
	 * response was cut short. `asked` is null where the engine does not know. What this throws is dropped.
	 */
	exchangeFailed(
		error: unknown,
		committed: boolean,
		context: Context,
		asked: { readonly method: string; readonly target: string } | null,
	): void;
}

export const failureLog: Key<FailureLog, 'failure log'> = key('failure log');

/** Tells the log of the exchange, if there is one. False: the engine is to log by itself. */
export function tellFailure(
	context: Context,
	error: unknown,
	committed: boolean,
	asked: { readonly method: string; readonly target: string } | null,
): boolean {
	const log = context.get(failureLog);
	if (log === undefined) return false;
	try {
		log.exchangeFailed(error, committed, context, asked);
		return true;
	} catch {
		return false;
	}
}
