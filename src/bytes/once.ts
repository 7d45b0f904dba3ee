/** A source gives its bytes once (rule 4 of the convention): the error that every source throws at a second `start`. */

/** The error for a source that was started, taken or cancelled before. */
export function usedAlready(): TypeError {
	return new TypeError('This source was used already: a payload can be started once');
}
