/** What files are like: sizes, names, exports, and nothing from outside the repository in them. */
import { bareCode } from './code-text.ts';
import type { Rule } from './import-rules.ts';
import { sources } from './source-tree.ts';

const LONGEST_FILE = 400;
const LONGEST_MEDIAN = 150;

/** Names that say nothing. */
const EMPTY_NAMES = /^(utils?|helpers?|common|misc|managers?)$/;

/** Paths of one machine or person, which mean nothing to a reader elsewhere. */
const PRIVATE_PATH = /(?<![\w.~*-])\/(?:work|root|home\/\w+|Users\/\w+|tmp\/briefs)\/[\w.]/;

const lines = (text: string): number => text.split('\n').length - 1;

/** No file is longer than 400 lines. */
export const longest: Rule = (tree) =>
	sources(tree).flatMap(([path, text]) => (lines(text) > LONGEST_FILE ? [`${path}: ${lines(text)} lines`] : []));

/** The median file has fewer than 150. */
export const median: Rule = (tree) => {
	const sizes = sources(tree)
		.map(([, text]) => lines(text))
		.toSorted((a, b) => a - b);
	const middle = sizes[Math.floor(sizes.length / 2)] ?? 0;
	return middle >= LONGEST_MEDIAN ? [`src: the median file has ${middle} lines`] : [];
};

/** Files and folders are kebab-case, and are not called after nothing. */
export const names: Rule = (tree) =>
	[...tree.keys()].flatMap((path) => {
		if (!/^(src|test|bench)\/.*\.ts$/.test(path)) return [];
		const parts = path
			.replace(/\.ts$/, '')
			.split('/')
			.flatMap((part) => part.split('.'));
		const empty = parts.filter(
			(part) => EMPTY_NAMES.test(part) || part.split('-').some((word) => EMPTY_NAMES.test(word)),
		);
		const cased = parts.filter((part) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(part));
		return [
			...empty.map((part) => `${path}: ${part} says nothing`),
			...cased.map((part) => `${path}: ${part} is not kebab-case`),
		];
	});

/** A default export is an app's; the library has names. */
export const namedExports: Rule = (tree) =>
	sources(tree).flatMap(([path, text]) =>
		/\bexport\s+default\b|\bas\s+default\b/.test(bareCode(text)) ? [`${path}: has a default export`] : [],
	);

/** No place of one machine is mentioned anywhere. */
export const noPrivatePaths: Rule = (tree) =>
	[...tree].flatMap(([path, text]) => {
		const found = PRIVATE_PATH.exec(text)?.[0];
		return found === undefined || path.startsWith('test/architecture') ? [] : [`${path}: mentions ${found.trim()}…`];
	});
