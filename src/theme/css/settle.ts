/** How much of a page must have been read before what a selector selects is certain. */
import type { Settlement } from '../tree/index.ts';
import { BEHIND, INSIDE, prospect } from './prospect.ts';
import type { Complex, Compound } from './selector.ts';

export function settlementOf(complex: Complex, uniqueIds: boolean): Settlement {
	const { compounds } = complex;
	const last = compounds.length - 1;
	for (let at = last; at >= 0; at--) {
		if (isBranch(complex, at) && nameOf(compounds[at]) === 'head') {
			if (bounds(compounds, at)) return 'head';
		}
	}
	if (isPageItself(compounds[last]) && compounds.every((compound) => prospect(compound) === 0)) return 'body';
	if (!uniqueIds) return 'end';
	for (let at = last; at >= 0; at--) {
		const id = compounds[at]?.tests.find((test) => test.kind === 'id');
		if (id?.kind === 'id' && isBranch(complex, at) && bounds(compounds, at)) return { ids: [id.value] };
	}
	return 'end';
}

const nameOf = (compound: Compound | undefined): string | null => compound?.name.local ?? null;

/** True where what is selected is the compound's element itself or stands inside it. */
function isBranch({ compounds, combinators }: Complex, at: number): boolean {
	return at === compounds.length - 1 || combinators[at + 1] === ' ' || combinators[at + 1] === '>';
}

/** Whether nothing behind the end of the compound's element is asked for. */
function bounds(compounds: readonly Compound[], at: number): boolean {
	return compounds.every((compound, other) => {
		return prospect(compound) <= (other < at ? 0 : other === at ? INSIDE : BEHIND);
	});
}

/** There is one html and one body, and what they are is known from their start tags. */
function isPageItself(compound: Compound | undefined): boolean {
	const name = nameOf(compound);
	if (name === 'html' || name === 'body') return true;
	return name === null && (compound?.tests.some((test) => test.kind === 'root') ?? false);
}
