/** xsl:strip-space and xsl:preserve-space (XSLT 1.0 section 3.4): in which elements white space alone is nothing. */
import type { MarkupElement } from '../rules/index.ts';
import { TEXT, type Tree } from '../tree/index.ts';
import { attributeOf } from './expressions.ts';
import type { MarkupSetting } from './templates.ts';

export const SPACE: ReadonlySet<string> = new Set(['strip-space', 'preserve-space']);

/** A name before `svg:*`, that before `*`. */
const importance = (name: string): number => (name === '*' ? 0 : name.endsWith(':*') ? 1 : 2);

/** Whether a text is left out; null when no element says so. `elements`: all under the root, the least precedence first. */
export function strippedSpace(
	elements: readonly MarkupElement[],
	{ diagnostics }: MarkupSetting,
): ((tree: Tree, node: number) => boolean) | null {
	const strips = new Map<string, { readonly strip: boolean; readonly rank: number }>();
	for (const element of elements) {
		if (!SPACE.has(element.name)) continue;
		const names = attributeOf(element, 'elements');
		if (names === null) {
			const message = `xsl:${element.name} needs the attribute 'elements'.`;
			diagnostics.error('missing-attribute', message, element.place);
			continue;
		}
		for (const name of names.value.split(/\s+/).filter((one) => one !== '')) {
			strips.set(name, {
				strip: element.name === 'strip-space',
				rank: (element.precedence ?? 0) * 4 + importance(name),
			});
		}
	}
	if (![...strips.values()].some(({ strip }) => strip)) return null;
	const inElement = (name: string): boolean => {
		const prefix = `${name.slice(0, Math.max(name.indexOf(':'), 0))}:*`;
		const rules = [name, prefix, '*'].flatMap((one) => strips.get(one) ?? []);
		return rules.reduce((a, b) => (b.rank > a.rank ? b : a), rules[0] ?? KEPT).strip;
	};
	return (tree, node) =>
		tree.kinds[node] === TEXT &&
		inElement(tree.names[tree.parents[node] as number] as string) &&
		isBlank(tree.text(node));
}

const KEPT = { strip: false, rank: Number.NEGATIVE_INFINITY };

const isBlank = (text: string): boolean => /^[ \t\r\n]*$/.test(text);
