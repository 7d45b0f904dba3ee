/**
 * How much of a document must have been read before an answer about it cannot change any more. With it the analyser
 * tells which parts of a page may leave while the rest is still being written.
 */
export type Settlement =
	/** Nothing of the document is asked. */
	| 'start'
	/** All of head, that is: body or anything that belongs into it has begun. */
	| 'head'
	/** The start tag of body with its attributes. */
	| 'body'
	/** All elements with these ids have ended; only where ids are known to be unique. */
	| { readonly ids: readonly string[] }
	/** All of it. */
	| 'end';

const ORDER = ['start', 'head', 'body', 'ids', 'end'];
const rank = (settlement: Settlement): number => ORDER.indexOf(typeof settlement === 'string' ? settlement : 'ids');

/** What both need. */
export function bothSettled(a: Settlement, b: Settlement): Settlement {
	if (typeof a === 'object' && typeof b === 'object') return { ids: [...new Set([...a.ids, ...b.ids])] };
	return rank(a) >= rank(b) ? a : b;
}
