import { nearest } from '../../names/index.ts';

/** `Did you mean 'replace'?`, or null when no word is near. */
export function didYouMean(word: string, words: Iterable<string>): string | null {
	const known = nearest(word, words);
	return known === null ? null : `Did you mean '${known}'?`;
}
