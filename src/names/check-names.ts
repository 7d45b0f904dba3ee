/** Options by names that nobody knows are refused when something is made: passed over, a mistyped one would be missed for long. */
import { nearest } from './nearest.ts';

/** Throws TypeError for a name in `options` that is none of `known`; `where` stands before the name: `files: `, `limits.`. */
export function checkNames(where: string, options: object, known: readonly string[]): void {
	const stray = Object.keys(options).find((name) => !known.includes(name));
	if (stray !== undefined) throw new TypeError(`${where}${stray}: no such option; ${choices(stray, known)}`);
}

/** What might have been meant by a name that is none of `known`: `there are index, listing; did you mean listing?` */
export function choices(name: string, known: readonly string[]): string {
	if (known.length === 0) return 'there are none';
	const near = nearest(name, known);
	const meant = near === null ? '' : `; did you mean ${near}?`;
	return `there ${known.length === 1 ? 'is' : 'are'} ${known.join(', ')}${meant}`;
}
