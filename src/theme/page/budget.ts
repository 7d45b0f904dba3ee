/**
 * What one page may cost: templates that call each other twice and twice again, loops in loops over a long page, and
 * predicates in predicates end with an error instead of holding up everybody else. Depth is bounded where templates are
 * entered.
 */
import { PageLimit } from './page-limit.ts';

/** Templates applied or called, turns of loops, nodes copied by an instruction, and what expressions look at. */
const MOST_STEPS = 2_000_000;
/** Nodes that expressions look at for one step: to look costs far less than to carry out an instruction. */
const LOOKS_PER_STEP = 50;
/** UTF-16 units that instructions write, those of variables included. */
const MOST_TEXT = 64_000_000;

export class Budget {
	#steps = 0;
	#text = 0;

	/** Throws PageLimit when the page has taken too many. */
	spendSteps(steps: number): void {
		this.#steps += steps;
		if (this.#steps > MOST_STEPS) {
			throw new PageLimit('steps', `The templates and expressions of this page take more than ${MOST_STEPS} steps`);
		}
	}

	/** Nodes that an expression looked at, or as much other work. Throws PageLimit as well. */
	spendLooks(looks: number): void {
		this.spendSteps(looks / LOOKS_PER_STEP);
	}

	/** Throws PageLimit when the page has written too much. */
	spendText(length: number): void {
		this.#text += length;
		if (this.#text > MOST_TEXT) {
			throw new PageLimit('output', `The templates of this page write more than ${MOST_TEXT} characters`);
		}
	}
}
