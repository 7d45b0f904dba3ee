/** How xsl:number writes numbers (XSLT 1.0 section 7.7.1): `1. a) (i)` and what stands between. */
import { inGroups } from '../xpath/index.ts';

export interface Grouping {
	readonly separator: string;
	/** Digits of a group; 0: none. */
	readonly size: number;
}

const TOKEN = /[\p{L}\p{N}]+/gu;
/** What is written in letters is still read. */
const LARGEST_ROMAN = 4999;

const ROMAN: readonly (readonly [number, string])[] = [
	[1000, 'm'],
	[900, 'cm'],
	[500, 'd'],
	[400, 'cd'],
	[100, 'c'],
	[90, 'xc'],
	[50, 'l'],
	[40, 'xl'],
	[10, 'x'],
	[9, 'ix'],
	[5, 'v'],
	[4, 'iv'],
	[1, 'i'],
];

/** The numbers, each by its token; the last token serves for all that follow. */
export function formatNumbers(numbers: readonly number[], format: string, grouping: Grouping): string {
	if (numbers.length === 0) return '';
	const tokens = format.match(TOKEN) ?? ['1'];
	const between = format.split(TOKEN);
	const [prefix = '', suffix = ''] = between.length === 1 ? between : [between[0], between.at(-1)];
	const separators = between.slice(1, -1);
	let text = prefix;
	for (const [i, number] of numbers.entries()) {
		if (i > 0) text += separators[Math.min(i, separators.length) - 1] ?? '.';
		text += formatOne(number, tokens[Math.min(i, tokens.length - 1)] as string, grouping);
	}
	return text + suffix;
}

/** What cannot be counted is written as XPath does. */
function formatOne(number: number, token: string, grouping: Grouping): string {
	if (!Number.isFinite(number)) return String(number);
	const value = Math.round(number);
	const letters = value > 0 ? inLetters(value, token) : null;
	return letters ?? inDigits(value, token, grouping);
}

function inLetters(value: number, token: string): string | null {
	switch (token) {
		case 'a':
			return alphabetic(value);
		case 'A':
			return alphabetic(value).toUpperCase();
		case 'i':
			return roman(value);
		case 'I':
			return roman(value)?.toUpperCase() ?? null;
		default:
			return null;
	}
}

/** a to z, aa to zz … */
function alphabetic(value: number): string {
	let letters = '';
	for (let rest = value; rest > 0; rest = Math.floor((rest - 1) / 26)) {
		letters = String.fromCharCode(97 + ((rest - 1) % 26)) + letters;
	}
	return letters;
}

function roman(value: number): string | null {
	if (value > LARGEST_ROMAN) return null;
	let [text, rest] = ['', value];
	for (const [worth, letters] of ROMAN) {
		while (rest >= worth) {
			text += letters;
			rest -= worth;
		}
	}
	return text;
}

/** `01`: at least two digits; those of the script that the token's last digit is from. */
function inDigits(value: number, token: string, { separator, size }: Grouping): string {
	const digits = Array.from(token);
	const one = digits.at(-1)?.codePointAt(0) ?? 0;
	const zero = one - 1;
	const isPicture = /^\p{Nd}+$/u.test(token) && digits.slice(0, -1).every((digit) => digit.codePointAt(0) === zero);
	const text = String(Math.abs(value)).padStart(isPicture ? digits.length : 1, '0');
	const grouped = size > 0 ? inGroups(text, size).join(separator) : text;
	const own =
		isPicture && zero !== 48 ? grouped.replace(/[0-9]/g, (d) => String.fromCodePoint(zero + Number(d))) : grouped;
	return value < 0 ? `-${own}` : own;
}
