/** How much must have been read, in words. */
import { bothSettled, type Settlement } from '../tree/index.ts';

const WORDS = { start: 'nothing', head: 'head', body: 'the start tag of body', end: 'everything' } as const;

export function settlementText(settlement: Settlement): string {
	if (typeof settlement === 'string') return WORDS[settlement];
	return `the end of ${settlement.ids.map((id) => `#${id}`).join(' and ')}`;
}

/** Whether `more` has to be waited for when `known` has been read. */
export function waitsLonger(known: Settlement, more: Settlement): boolean {
	const both = bothSettled(known, more);
	if (typeof both === 'string' || typeof known === 'string') return both !== known;
	return both.ids.length > known.ids.length;
}
