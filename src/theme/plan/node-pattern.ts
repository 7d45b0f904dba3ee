/** Which nodes an edit is about: a CSS selector or an XSLT pattern, one alternative at a time. */
import { type Css, compileCss, cssToXPath } from '../css/index.ts';
import type { Frame } from '../page/index.ts';
import type { Expression } from '../rules/index.ts';
import type { NodeRef, Settlement } from '../tree/index.ts';
import { compilePattern } from '../xpath/index.ts';
import { tellSyntax } from '../xslt/index.ts';
import { selectsAttributes } from './attribute-writers.ts';
import type { RuleSetting } from './bring.ts';
import { childrenOf } from './selector.ts';

export interface NodePattern {
	/** XSLT 1.0 section 5.5. */
	readonly priority: number;
	/** The nodes of the frame's tree. */
	select(frame: Frame): readonly NodeRef[];
	/**
	 * How much must have been read before the answer about a node that has been read can no longer change: `start` where
	 * nothing behind the node has a say.
	 */
	readonly settlement: Settlement;
	/** The document itself is what it finds. */
	readonly isRoot?: boolean;
	/** Attributes are what it finds, or may be. */
	readonly ofAttributes?: boolean;
}

/** Every alternative by itself; empty, and told, when the expression is wrong. */
export function contentPatterns(expression: Expression, { diagnostics, questions }: RuleSetting): NodePattern[] {
	const { language, text, prefix, place, namespaces } = expression;
	const { file } = place;
	try {
		const usual = prefix === undefined || prefix === null || prefix === '//';
		if (language === 'css' && usual) {
			const css = compileCss(text);
			css.watch(questions.watch);
			return css.branches.map(cssPattern);
		}
		const source = language === 'css' ? cssToXPath(text, prefix ?? '//') : text;
		const pattern = compilePattern(source, namespaces === undefined ? { file } : { namespaces, file });
		pattern.watch(questions.watch);
		return pattern.alternatives.map((xpath, index) => ({
			priority: pattern.priorities[index] ?? 0.5,
			select: (frame) => xpath.nodes(frame.at(frame.tree, 0, 1, 1)).nodes,
			settlement: 'end',
			isRoot: xpath.source.trim() === '/',
			ofAttributes: selectsAttributes(xpath.source),
		}));
	} catch (error) {
		tellSyntax(diagnostics, language === 'css' ? 'bad-selector' : 'bad-xpath', error, place);
		return [];
	}
}

/** cssselect makes every selector a path from the root, whose priority is 0.5. */
function cssPattern(css: Css): NodePattern {
	return {
		priority: 0.5,
		select: (frame) => css.select(frame.tree, frame.index(frame.tree)),
		settlement: css.looksAhead ? 'end' : 'start',
	};
}

/** The children of what a pattern finds, of every kind. */
export function childrenPattern(pattern: NodePattern): NodePattern {
	return {
		priority: 0.5,
		settlement: pattern.settlement,
		select: (frame) => childrenOf({ tree: frame.tree, nodes: pattern.select(frame) }).nodes,
	};
}
