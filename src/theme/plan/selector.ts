/** An expression of the rules, compiled: CSS or XPath, for nodes anywhere or as a pattern, with what it wants indexed. */
import { type Css, compileCss, cssToXPath } from '../css/index.ts';
import type { Diagnostics } from '../diagnostics/index.ts';
import type { Frame } from '../page/index.ts';
import type { Expression, Selection } from '../rules/index.ts';
import { isAttribute, type NodeRef, type NodeSet, type Settlement, type Watch } from '../tree/index.ts';
import { type Asked, compileXPath, type XPath, type XPathContext, type XPathValue } from '../xpath/index.ts';
import { tellSyntax } from '../xslt/index.ts';

/** Selects in a document. */
export interface Selector {
	/** Nodes; for an expression that gives no nodes, its value. */
	evaluate(context: XPathContext): XPathValue;
	holds(context: XPathContext): boolean;
	/** When its answer can no longer change; `existence`: whether there is one. */
	settlement(uniqueIds: boolean, asked?: Asked): Settlement;
	watch(watch: Watch): void;
	/** Variables that it asks for. */
	readonly variables: ReadonlySet<string>;
	/** Asked from another node, it may select something else. */
	readonly here: boolean;
}

/** Null, and told, when the expression is wrong. */
export function compileSelector(expression: Expression, diagnostics: Diagnostics): Selector | null {
	try {
		return tryCompile(expression);
	} catch (error) {
		tellSyntax(diagnostics, expression.language === 'css' ? 'bad-selector' : 'bad-xpath', error, expression.place);
		return null;
	}
}

function tryCompile({ language, text, prefix, namespaces, place: { file } }: Expression): Selector {
	const options = namespaces === undefined ? { file } : { namespaces, file };
	if (language === 'xpath') return new XPathSelector(compileXPath(text, options));
	const usual = prefix === undefined || prefix === null || prefix === '//';
	return usual ? new CssSelector(compileCss(text)) : new XPathSelector(compileXPath(cssToXPath(text, prefix), options));
}

const NO_VARIABLES: ReadonlySet<string> = new Set();

export class CssSelector implements Selector {
	readonly css: Css;
	readonly variables: ReadonlySet<string> = NO_VARIABLES;
	readonly here: boolean = false;

	constructor(css: Css) {
		this.css = css;
	}

	evaluate(context: XPathContext): NodeSet {
		const { tree } = context;
		return { tree, nodes: this.css.select(tree, context.index(tree)) };
	}

	holds(context: XPathContext): boolean {
		return this.evaluate(context).nodes.length > 0;
	}

	settlement(uniqueIds: boolean): Settlement {
		return this.css.settlement(uniqueIds);
	}

	watch(watch: Watch): void {
		this.css.watch(watch);
	}
}

export class XPathSelector implements Selector {
	readonly xpath: XPath;

	constructor(xpath: XPath) {
		this.xpath = xpath;
	}

	get variables(): ReadonlySet<string> {
		return this.xpath.variables;
	}

	get here(): boolean {
		return !this.xpath.absolute;
	}

	evaluate(context: XPathContext): XPathValue {
		return this.xpath.evaluate(context);
	}

	holds(context: XPathContext): boolean {
		return this.xpath.boolean(context);
	}

	settlement(uniqueIds: boolean, asked: Asked = 'value'): Settlement {
		return this.xpath.settlement(uniqueIds, asked);
	}

	watch(watch: Watch): void {
		this.xpath.watch(watch);
	}
}

/** The children of every node, in order. */
export function childrenOf({ tree, nodes }: NodeSet): NodeSet {
	const children: NodeRef[] = [];
	let behind = 0;
	let nested = false;
	for (const node of nodes) {
		if (isAttribute(node)) continue;
		if (node < behind) nested = true;
		behind = tree.after(node);
		for (const child of tree.children(node)) children.push(child);
	}
	return { tree, nodes: nested ? [...new Set(children)].toSorted((a, b) => a - b) : children };
}

/** What a selection gives: the nodes, or the children of the nodes. */
export function selected(selector: Selector, selection: Selection, frame: Frame): XPathValue {
	const value = selector.evaluate(frame);
	return selection.children && typeof value === 'object' ? childrenOf(value) : value;
}
