/**
 * What one page may cost: templates that call each other twice and twice again, or loops in loops over a long page, end
 * with an error instead of holding up everybody else. Depth is bounded where templates are entered.
 */
import { type Frame, type Page, PageLimit } from '../page/index.ts';

/** Templates applied or called, turns of loops, and nodes copied by an instruction. */
const MOST_STEPS = 5_000_000;
/** UTF-16 units that instructions write, those of variables included. */
const MOST_TEXT = 64_000_000;

interface Spent {
	steps: number;
	text: number;
}

const pages = new WeakMap<Page, Spent>();

function spentBy(page: Page): Spent {
	let spent = pages.get(page);
	if (spent === undefined) {
		spent = { steps: 0, text: 0 };
		pages.set(page, spent);
	}
	return spent;
}

/** Throws PageLimit when the page has taken too many. */
export function spendSteps({ page }: Frame, steps: number): void {
	const spent = spentBy(page);
	spent.steps += steps;
	if (spent.steps > MOST_STEPS) {
		throw new PageLimit('steps', `The templates of this page take more than ${MOST_STEPS} steps`);
	}
}

/** Throws PageLimit when the page has written too much. */
export function spendText({ page }: Frame, text: string): void {
	const spent = spentBy(page);
	spent.text += text.length;
	if (spent.text > MOST_TEXT) {
		throw new PageLimit('output', `The templates of this page write more than ${MOST_TEXT} characters`);
	}
}
