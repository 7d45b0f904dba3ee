/** The elements of rules in XML, and the attributes that each takes. */
import type { IncludeMethod, RuleKind } from './model.ts';

/** In the order in which they are tested. */
export const CONDITIONS = ['if-content', 'if-not-content', 'if-path', 'if-not-path', 'if', 'if-not'] as const;

const THEME = ['theme', 'theme-children'] as const;
const CONTENT = ['content', 'content-children'] as const;
const BRING = ['href', 'method', 'mode'] as const;

/** Attributes without namespace. */
export const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
	rules: CONDITIONS,
	theme: ['href', 'prefix', ...CONDITIONS],
	notheme: CONDITIONS,
	replace: [...THEME, ...CONTENT, ...BRING, 'attributes', ...CONDITIONS],
	before: [...THEME, ...CONTENT, ...BRING, ...CONDITIONS],
	after: [...THEME, ...CONTENT, ...BRING, ...CONDITIONS],
	copy: [...THEME, ...CONTENT, ...BRING, 'attributes', ...CONDITIONS],
	merge: [...THEME, ...CONTENT, 'href', 'method', 'attributes', 'separator', ...CONDITIONS],
	prepend: [...THEME, ...CONTENT, ...BRING, ...CONDITIONS],
	append: [...THEME, ...CONTENT, ...BRING, ...CONDITIONS],
	drop: [...THEME, ...CONTENT, 'attributes', ...CONDITIONS],
	strip: [...THEME, ...CONTENT, ...CONDITIONS],
	include: [...CONTENT, ...BRING, ...CONDITIONS],
};

/** Attributes that may be CSS: those that select something. */
export const TWINS: readonly string[] = [...THEME, ...CONTENT, 'if-content', 'if-not-content', 'if', 'if-not'];

/** What an element is as a rule; `children`: it is about the children of what `theme` selects. */
export interface Spelling {
	readonly kind: Exclude<RuleKind, 'attributes'>;
	readonly children: boolean;
}

export const SPELLINGS: Readonly<Record<string, Spelling>> = {
	replace: { kind: 'replace', children: false },
	before: { kind: 'before', children: false },
	after: { kind: 'after', children: false },
	drop: { kind: 'drop', children: false },
	strip: { kind: 'strip', children: false },
	// From before `theme-children` was there.
	copy: { kind: 'replace', children: true },
	prepend: { kind: 'before', children: true },
	append: { kind: 'after', children: true },
};

/** Elements that stand right in `rules`. */
export const RULE_ELEMENTS: readonly string[] = Object.keys(ATTRIBUTES).filter((name) => name !== 'include');

export const METHODS: readonly IncludeMethod[] = ['document', 'transform', 'raw', 'ssi', 'ssiwait', 'esi'];
