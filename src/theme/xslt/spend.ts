/** What instructions cost the page: see its budget for what it may spend. */
import type { Frame } from '../page/index.ts';

/** Templates applied or called, turns of loops, nodes copied. Throws PageLimit. */
export function spendSteps({ page }: Frame, steps: number): void {
	page.budget.spendSteps(steps);
}

/** What is written. Throws PageLimit. */
export function spendText({ page }: Frame, text: string): void {
	page.budget.spendText(text.length);
}
