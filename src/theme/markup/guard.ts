/** What is open around a place where content is put, in the form the writer needs. Made once for each place. */
import { atHole, DOCUMENT_STATE, inside, ruleOf } from './nesting.ts';

export interface Guard {
	/** What start tags would do there: a state of nesting.ts. */
	readonly state: number;
}

/** `openNames`: the elements around the place, outermost first; none: a document of its own, where all may stand. */
export function guardFor(openNames: readonly string[]): Guard {
	let state = DOCUMENT_STATE;
	for (const name of openNames) state = inside(state, name, ruleOf(name));
	return { state: atHole(state, openNames.at(-1)) };
}
