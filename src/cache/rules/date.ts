/** Dates in fields that decide over freshness: as strict as all dates here, but for their letters' case. */
import { parseHttpDate } from '../../fields/index.ts';

const WORD = /[A-Za-z]+/g;

/** Milliseconds since 1970; null for what is no date. */
export function cacheDate(text: string | null, now: number): number | null {
	if (text === null) return null;
	return parseHttpDate(text, now) ?? parseHttpDate(text.replace(WORD, cased), now);
}

function cased(word: string): string {
	if (word.toUpperCase() === 'GMT') return 'GMT';
	return `${(word[0] as string).toUpperCase()}${word.slice(1).toLowerCase()}`;
}
