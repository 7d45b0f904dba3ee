import { UNFINISHED } from './tag-scanner.ts';

const BANG = 33;
const GREATER = 62;

/** Behind the comment whose `<!--` stands at `at`: `-->` or `--!>`, or at once `>` or `->`. UNFINISHED when it is cut. */
export function commentEnd(text: string, at: number): number {
	const first = at + 4;
	if (text.charCodeAt(first) === GREATER) return first + 1;
	if (text.startsWith('->', first)) return first + 2;
	for (let dashes = text.indexOf('--', first); dashes >= 0; dashes = text.indexOf('--', dashes + 1)) {
		const c = text.charCodeAt(dashes + 2);
		if (c === GREATER) return dashes + 3;
		if (c === BANG && text.charCodeAt(dashes + 3) === GREATER) return dashes + 4;
	}
	return UNFINISHED;
}
