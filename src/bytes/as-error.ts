/** What was thrown or given as a reason, as the Error that `Sink.fail` takes. */
export function asError(reason: unknown): Error {
	return reason instanceof Error ? reason : new Error(String(reason), { cause: reason });
}
