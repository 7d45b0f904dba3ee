/** Trees from well-formed markup, and contexts to evaluate in. */

import type { NodeKind } from '../../../src/theme/tree/index.ts';
import {
	COMMENT,
	DOCUMENT,
	ELEMENT,
	INSTRUCTION,
	KeyIndex,
	NONE,
	TEXT,
	Tree,
	Watch,
} from '../../../src/theme/tree/index.ts';
import { toString, type XPath, type XPathContext, type XPathValue } from '../../../src/theme/xpath/index.ts';

const PIECE = /<!--(.*?)-->|<\?(\S+)\s*(.*?)\?>|<\/([\w:-]+)>|<([\w:-]+)((?:\s+[\w:-]+="[^"]*")*)\s*(\/?)>|([^<]+)/gs;

export function smallTree(markup: string): Tree {
	const tree = new Tree(4);
	const open = [tree.add(DOCUMENT, '', NONE)];
	const close = (node: number): void => {
		tree.afters[node] = tree.count;
	};
	const add = (kind: NodeKind, name: string): number => tree.add(kind, name, open.at(-1) ?? NONE);
	const leaf = (kind: NodeKind, name: string, text: string): void => {
		const node = add(kind, name);
		tree.keepText(node, text);
		close(node);
	};
	for (const [, comment, target, data, end, name, attributes = '', empty, text] of markup.matchAll(PIECE)) {
		if (comment !== undefined) leaf(COMMENT, '', comment);
		else if (target !== undefined) leaf(INSTRUCTION, target, data ?? '');
		else if (text !== undefined) leaf(TEXT, '', text);
		else if (end !== undefined) close(open.pop() ?? 0);
		else if (name !== undefined) {
			const node = add(ELEMENT, name);
			const pairs = attributes.matchAll(/([\w:-]+)="([^"]*)"/g);
			tree.keepAttributes(
				node,
				[...pairs].map(([, name = '', value = '']) => ({ name, value })),
			);
			if (empty === '/') close(node);
			else open.push(node);
		}
	}
	close(0);
	return tree;
}

/** What a builder would have listed. */
export function indexOf(tree: Tree, watch: Watch): KeyIndex {
	const index = new KeyIndex(watch);
	for (let n = 0; n < tree.count; n++) {
		if (!tree.isElement(n)) continue;
		index.names.get(tree.names[n] ?? '')?.push(n);
		index.ids.get(tree.attribute(n, 'id') ?? '')?.push(n);
		for (const name of new Set((tree.attribute(n, 'class') ?? '').split(/[ \t\r\n\f]+/)))
			index.classes.get(name)?.push(n);
	}
	return index;
}

export function contextOf(
	tree: Tree,
	more: Partial<XPathContext> & { variables?: Record<string, XPathValue> } = {},
): XPathContext {
	const { node = 0, variables = {} } = more;
	return {
		tree,
		node,
		position: 1,
		size: 1,
		current: { tree, node },
		variable: (name) => variables[name],
		document: () => null,
		index: () => null,
		memo: null,
		...more,
	};
}

export function watched(tree: Tree, xpath: Pick<XPath, 'watch'>): KeyIndex {
	const watch = new Watch();
	xpath.watch(watch);
	return indexOf(tree, watch);
}

/** A value as one would write it down: node-sets as their nodes' string-values, or names of elements without text. */
export function shown(value: XPathValue): unknown {
	if (typeof value !== 'object') return value;
	return value.nodes.map(
		(node) => toString({ tree: value.tree, nodes: [node] }) || `<${value.tree.names[node] ?? ''}>`,
	);
}
