/**
 * A function of the user's that is told what went wrong. It is told behind an exchange or beside it, where nobody waits for
 * what it throws: that must neither end the process nor change an answer.
 */
export function toldSafely<T>(tell: (what: T) => unknown): (what: T) => void {
	return (what) => {
		try {
			const told = tell(what);
			if (told instanceof Promise) told.catch(() => {});
		} catch {
			// What it could not take in is lost; there is nobody else to tell.
		}
	};
}
