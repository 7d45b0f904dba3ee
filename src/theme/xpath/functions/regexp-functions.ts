/**
 * EXSLT's regular expressions, written as JavaScript's. Patterns come from rules, and from includes of pages; what they are
 * tried on comes from pages. So they are carried out without backtracking, and what they cost is counted.
 */
import { type Code, nodesCode } from '../code.ts';
import type { Frame } from '../frame.ts';
import { type Found, LinearRegExp } from '../regexp/index.ts';
import { XPathError } from '../xpath-error.ts';
import { bounded } from './bounded.ts';
import { booleanFunction, define, type FunctionDefinition, stringFunction, textAt } from './definition.ts';
import { elementTree } from './made-nodes.ts';

const LONGEST_PATTERN = 1000;
const LONGEST_TEXT = 100_000;
const KEPT = 200;

const compiled = new Map<string, LinearRegExp>();

/** JavaScript says what is no pattern, before it is read here. */
function checked(pattern: string): string {
	try {
		return RegExp(pattern) && pattern;
	} catch (error) {
		throw new XPathError(`This is no regular expression: ${(error as Error).message}`);
	}
}

/** `i` and `g` are the flags there are; others are left out. */
function expression(pattern: string, ignoreCase: boolean): LinearRegExp {
	const key = `${ignoreCase ? 'i' : ''}/${pattern}`;
	const known = compiled.get(key);
	if (known !== undefined) return known;
	if (pattern.length > LONGEST_PATTERN) throw new XPathError('This regular expression is too long.');
	const made = new LinearRegExp(checked(pattern), ignoreCase);
	if (compiled.size < KEPT) compiled.set(key, made);
	return made;
}

interface Search {
	readonly text: string;
	/** The first match, or with `g` all of them. */
	readonly found: readonly Found[];
	readonly all: boolean;
}

function search(frame: Frame, args: readonly Code[]): Search {
	const text = textAt(frame, args, 0);
	if (text.length > LONGEST_TEXT) throw new XPathError('The text is too long for a regular expression.');
	const flags = textAt(frame, args, 2);
	const pattern = expression(textAt(frame, args, 1), flags.includes('i'));
	const all = flags.includes('g');
	const { context } = frame.evaluation;
	const found: Found[] = [];
	for (let from = 0; from <= text.length; ) {
		const one = pattern.exec(text, from, (looks) => context.spend?.(looks));
		if (one === null) break;
		found.push(one);
		if (!all) break;
		const [start = 0, end = 0] = one;
		from = end === start ? end + 1 : end;
	}
	return { text, found, all };
}

const part = (text: string, found: Found, group: number): string => {
	const [start = -1, end = -1] = found.slice(2 * group, 2 * group + 2);
	return start === -1 || end === -1 ? '' : text.slice(start, end);
};

/** With `g` every match; without, the match and its groups. */
function match(frame: Frame, args: readonly Code[]): string[] {
	const { text, found, all } = search(frame, args);
	if (all) return found.map((one) => part(text, one, 0));
	return found.flatMap((one) => Array.from({ length: one.length / 2 }, (_, group) => part(text, one, group)));
}

/** As JavaScript has it: `$&` is the match, `$1` a group, `$$` a dollar. */
function substituted(by: string, text: string, found: Found): string {
	return by.replace(/\$(?:([$&`'])|(\d\d?))/g, (written, sign?: string, digits = '') => {
		if (sign === '$') return '$';
		if (sign === '`') return text.slice(0, found[0]);
		if (sign === "'") return text.slice(found[1]);
		if (sign === '&') return part(text, found, 0);
		const groups = found.length / 2;
		const known = [digits, digits.slice(0, 1)].find((one) => Number(one) > 0 && Number(one) < groups);
		return known === undefined ? written : part(text, found, Number(known)) + digits.slice(known.length);
	});
}

function replaced(frame: Frame, args: readonly Code[]): string {
	const { text, found } = search(frame, args);
	const by = textAt(frame, args, 3);
	let result = '';
	let behind = 0;
	for (const one of found) {
		const [start = 0, end = 0] = one;
		result = bounded(result + text.slice(behind, start) + substituted(by, text, one), 'regexp:replace()');
		behind = end;
	}
	return result + text.slice(behind);
}

export const regexpFunctions: Readonly<Record<string, FunctionDefinition>> = {
	'regexp:test': booleanFunction([2, 3], (frame, args) => search(frame, args).found.length > 0),
	'regexp:match': define('nodes', [2, 3], (args) => nodesCode((frame) => elementTree('match', match(frame, args)))),
	'regexp:replace': stringFunction([4, 4], replaced),
};
