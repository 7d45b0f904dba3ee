/** xsl:key (XSLT 1.0 section 12.2): a table for each document, made when it is first asked for. */
import type { SourceFile } from '../diagnostics/index.ts';
import type { MarkupElement } from '../rules/index.ts';
import { compareRefs, type KeyIndex, type NodeRef, type NodeSet, type Tree } from '../tree/index.ts';
import { type Pattern, stringValue, toString, type XPath, type XPathContext } from '../xpath/index.ts';
import { attributeOf, expressionText, needed, patternAt } from './expressions.ts';
import type { MarkupSetting } from './templates.ts';

interface Key {
	readonly match: Pattern;
	readonly use: XPath;
}

type Table = ReadonlyMap<string, readonly NodeRef[]>;

class NamedKeys {
	readonly keys: Key[] = [];
	/** Trees of pages go with their pages, those of the theme stay with it. A tree that is still being read grows. */
	private readonly tables: WeakMap<Tree, { readonly upTo: number; readonly table: Table }> = new WeakMap();

	table(tree: Tree, context: XPathContext): Table {
		const known = this.tables.get(tree);
		if (known?.upTo === tree.count) return known.table;
		const table = tableOf(this.keys, tree, context);
		this.tables.set(tree, { upTo: tree.count, table });
		return table;
	}
}

export class Keys {
	private readonly named: Map<string, NamedKeys> = new Map();

	/** Of one name there may be several: a node that one of them matches has all the values. */
	add(name: string, element: MarkupElement, setting: MarkupSetting): void {
		const { diagnostics } = setting;
		const found = expressionText(diagnostics, element, 'match');
		if (found === null) diagnostics.error('missing-attribute', "xsl:key needs the attribute 'match'.", element.place);
		const match = found === null ? null : patternAt(diagnostics, found.text, element.namespaces, found.place);
		const use = needed(element, 'use', setting);
		if (match === null || use === null) return;
		if (match.variables.size > 0 || use.variables.size > 0 || use.functions.has('key')) {
			const { place } = attributeOf(element, 'use') ?? element;
			diagnostics.error('bad-xpath', 'Neither variables nor key() can stand in xsl:key.', place);
			return;
		}
		const keys = this.named.get(name) ?? new NamedKeys();
		keys.keys.push({ match, use });
		this.named.set(name, keys);
	}

	find(name: string, value: string, tree: Tree, context: XPathContext): readonly NodeRef[] | null {
		const keys = this.named.get(name);
		return keys === undefined ? null : (keys.table(tree, context).get(value) ?? []);
	}
}

function tableOf(keys: readonly Key[], tree: Tree, outer: XPathContext): Table {
	const table = new Map<string, NodeRef[]>();
	for (const { match, use } of keys) {
		const context = new KeyContext(outer, tree);
		for (const node of match.select(context).nodes) {
			for (const value of valuesOf(use, context.at(node))) {
				const nodes = table.get(value);
				if (nodes === undefined) table.set(value, [node]);
				else nodes.push(node);
			}
		}
	}
	if (keys.length > 1) for (const [value, nodes] of table) table.set(value, [...new Set(nodes)].toSorted(compareRefs));
	return table;
}

/** Of a node-set the text of every node, each once. */
function valuesOf(use: XPath, context: XPathContext): Iterable<string> {
	const value = use.evaluate(context);
	if (typeof value !== 'object') return [toString(value)];
	return new Set(value.nodes.map((node) => stringValue(value.tree, node)));
}

/** A node of the tree by itself; of the world around, documents only. */
class KeyContext implements XPathContext {
	readonly tree: Tree;
	readonly node: NodeRef;
	readonly position = 1;
	readonly size = 1;
	readonly memo: Map<unknown, NodeSet>;
	private readonly outer: XPathContext;

	constructor(outer: XPathContext, tree: Tree, node: NodeRef = 0, memo: Map<unknown, NodeSet> = new Map()) {
		this.outer = outer;
		this.tree = tree;
		this.node = node;
		this.memo = memo;
	}

	get current(): { readonly tree: Tree; readonly node: NodeRef } {
		return this;
	}

	at(node: NodeRef): KeyContext {
		return new KeyContext(this.outer, this.tree, node, this.memo);
	}

	variable(): undefined {
		return undefined;
	}

	document(href: string): Tree | null {
		return this.outer.document(href);
	}

	source(file: SourceFile): Tree | null {
		return this.outer.source?.(file) ?? null;
	}

	spend(looks: number): void {
		this.outer.spend?.(looks);
	}

	index(tree: Tree): KeyIndex | null {
		return this.outer.index(tree);
	}
}
