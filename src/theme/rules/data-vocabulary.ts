/** The actions of rules in YAML and code, and the keys that each takes. */
import { REFERENCE_KEYS } from './reference-from-data.ts';
import type { Spelling } from './vocabulary.ts';

const THEME = ['theme', 'themeChildren'];
const CONTENT = ['content', 'contentChildren'];
const BODY = ['html', 'xml'];
const BRING = [...CONTENT, ...REFERENCE_KEYS, 'raw', ...BODY, 'when'];

/** Key of an action to the keys inside it. */
export const ACTION_KEYS: Readonly<Record<string, readonly string[]>> = {
	replace: [...THEME, ...BRING],
	fill: ['theme', ...BRING, 'children'],
	before: [...THEME, ...BRING],
	after: [...THEME, ...BRING],
	prepend: ['theme', ...BRING],
	append: ['theme', ...BRING],
	drop: [...THEME, ...CONTENT, 'when'],
	strip: ['theme', ...CONTENT, 'when'],
	attrs: ['theme', ...CONTENT, 'href', 'copy', 'merge', 'drop', 'replace', 'separator', 'when'],
	include: [...THEME, ...CONTENT, ...REFERENCE_KEYS, 'when'],
	edit: ['content', 'fn', 'when'],
	group: ['when', 'rules'],
	use: ['file', 'when'],
};

export const ACTIONS: readonly string[] = Object.keys(ACTION_KEYS);

/** `children`: it is about the children of what `theme` selects. */
export const DATA_SPELLINGS: Readonly<Record<string, Spelling>> = {
	replace: { kind: 'replace', children: false },
	include: { kind: 'replace', children: false },
	fill: { kind: 'replace', children: true },
	before: { kind: 'before', children: false },
	after: { kind: 'after', children: false },
	prepend: { kind: 'before', children: true },
	append: { kind: 'after', children: true },
	drop: { kind: 'drop', children: false },
	strip: { kind: 'strip', children: false },
};
