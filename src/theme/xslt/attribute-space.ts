/**
 * White space in front of what sets attributes. In the text of a page it would be content, and an attribute behind
 * content is none; whoever indents instructions means neither.
 */
import type { Markup } from '../rules/index.ts';
import { attributeOf } from './expressions.ts';

const AROUND: ReadonlySet<string> = new Set(['if', 'for-each', 'choose', 'when', 'otherwise']);

const isSpace = (markup: Markup): boolean => markup.type === 'text' && /^[ \t\r\n]*$/.test(markup.text);

/** The children of an element, without the space in front of the instructions that set its attributes. */
export function withoutAttributeSpace(children: readonly Markup[]): readonly Markup[] {
	let last = -1;
	for (const [i, child] of children.entries()) {
		if (setsAttributes(child)) last = i;
		else if (!isSpace(child)) break;
	}
	return last === -1 ? children : children.filter((child, i) => i > last || !isSpace(child));
}

/** Whether an instruction begins with an attribute, as far as its writing tells. */
function setsAttributes(markup: Markup): boolean {
	if (markup.type !== 'element' || markup.namespace !== 'xsl') return false;
	if (markup.name === 'attribute') return true;
	if (markup.name === 'copy-of') return /(?:^|\/)@[^/]*$/.test(attributeOf(markup, 'select')?.value ?? '');
	if (!AROUND.has(markup.name)) return false;
	const first = markup.children.find((child) => !isSpace(child));
	return first !== undefined && setsAttributes(first);
}
