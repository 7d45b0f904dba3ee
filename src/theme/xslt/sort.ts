/** xsl:sort (XSLT 1.0 section 10). */
import type { Frame } from '../page/index.ts';
import type { MarkupElement } from '../rules/index.ts';
import type { NodeRef, NodeSet } from '../tree/index.ts';
import type { XPath } from '../xpath/index.ts';
import { attributeOf, expressionText, xpathAt } from './expressions.ts';
import type { MarkupSetting } from './templates.ts';

export interface Ordering {
	readonly by: XPath;
	readonly numeric: boolean;
	readonly descending: boolean;
}

/** The xsl:sort children of an instruction, the most significant first. */
export function sortings(element: MarkupElement, setting: MarkupSetting): readonly Ordering[] {
	return element.children.flatMap((child) => {
		if (child.type !== 'element' || child.namespace !== 'xsl' || child.name !== 'sort') return [];
		const found = expressionText(setting.diagnostics, child, 'select') ?? { text: '.', place: child.place };
		const by = xpathAt(setting.diagnostics, found.text, child.namespaces, found.place);
		if (by === null) return [];
		const numeric = attributeOf(child, 'data-type')?.value === 'number';
		return [{ by, numeric, descending: attributeOf(child, 'order')?.value === 'descending' }];
	});
}

/** The nodes in the order asked for; as they were where none is. */
export function ordered(set: NodeSet, orderings: readonly Ordering[], frame: Frame): NodeSet {
	if (orderings.length === 0) return set;
	const { tree, nodes } = set;
	const entries = nodes.map((node, index) => {
		const at = frame.at(tree, node, index + 1, nodes.length);
		return { node, keys: orderings.map(({ by, numeric }) => (numeric ? by.number(at) : by.string(at))) };
	});
	const sorted = entries.toSorted((a, b) => {
		for (let i = 0; i < orderings.length; i++) {
			const difference = compare(a.keys[i] as string | number, b.keys[i] as string | number);
			if (difference !== 0) return orderings[i]?.descending ? -difference : difference;
		}
		return 0;
	});
	return { tree, nodes: sorted.map(({ node }): NodeRef => node) };
}

function compare(a: string | number, b: string | number): number {
	if (typeof a === 'string' || typeof b === 'string') return String(a).localeCompare(String(b));
	if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : -1;
	return Number.isNaN(b) ? 1 : a - b;
}
