/**
 * EXSLT's regular expressions, with JavaScript's. Patterns come from rules and not from requests, but what they are
 * tried on comes from pages: both are bounded.
 */
import { type Code, nodesCode } from '../code.ts';
import type { Frame } from '../frame.ts';
import { XPathError } from '../xpath-error.ts';
import { booleanFunction, define, type FunctionDefinition, stringFunction, textAt } from './definition.ts';
import { elementTree } from './made-nodes.ts';

const LONGEST_PATTERN = 1000;
const LONGEST_TEXT = 100_000;
const KEPT = 200;

const compiled = new Map<string, RegExp>();

/** `i` and `g` are the flags there are; others are left out. */
function expression(pattern: string, flags: string): RegExp {
	const wanted = [...new Set(flags)].filter((flag) => flag === 'i' || flag === 'g').join('');
	const key = `${wanted}/${pattern}`;
	const known = compiled.get(key);
	if (known !== undefined) return known;
	if (pattern.length > LONGEST_PATTERN) throw new XPathError('This regular expression is too long.');
	try {
		const made = new RegExp(pattern, wanted);
		if (compiled.size < KEPT) compiled.set(key, made);
		return made;
	} catch (error) {
		throw new XPathError(`This is no regular expression: ${(error as Error).message}`);
	}
}

function read(frame: Frame, args: readonly Code[]): { text: string; pattern: RegExp } {
	const text = textAt(frame, args, 0);
	if (text.length > LONGEST_TEXT) throw new XPathError('The text is too long for a regular expression.');
	const pattern = expression(textAt(frame, args, 1), textAt(frame, args, 2));
	pattern.lastIndex = 0;
	return { text, pattern };
}

/** With `g` every match; without, the match and its groups. */
const match = (frame: Frame, args: readonly Code[]): string[] => {
	const { text, pattern } = read(frame, args);
	return [...(text.match(pattern) ?? [])].map((part) => part ?? '');
};

export const regexpFunctions: Readonly<Record<string, FunctionDefinition>> = {
	'regexp:test': booleanFunction([2, 3], (frame, args) => {
		const { text, pattern } = read(frame, args);
		return pattern.test(text);
	}),
	'regexp:match': define('nodes', [2, 3], (args) => nodesCode((frame) => elementTree('match', match(frame, args)))),
	'regexp:replace': stringFunction([4, 4], (frame, args) => {
		const { text, pattern } = read(frame, args);
		return text.replace(pattern, textAt(frame, args, 3));
	}),
};
