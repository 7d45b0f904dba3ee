/**
 * xsl:attribute-set (XSLT 1.0 section 7.1.4): attributes under a name. They are kept among the named templates, behind a
 * word that is in no name of a template.
 */
import type { Frame } from '../page/index.ts';
import type { MarkupAttribute, MarkupElement } from '../rules/index.ts';
import { attributeOf, nameOf } from './expressions.ts';
import { type Instruction, sequence } from './instruction.ts';
import { spendSteps } from './spend.ts';
import type { CompileBody, MarkupSetting } from './templates.ts';

const keyOf = (name: string): string => `attribute-set ${name}`;

/** Makes the name known, so that rules may use the set before it is compiled. */
export function declareAttributeSet(element: MarkupElement, { named }: MarkupSetting): void {
	const name = attributeOf(element, 'name')?.value;
	if (name !== undefined) named.set(keyOf(name), { run: () => {} });
}

/** Adds the attributes to the set; those of a set that is declared again come later, and win. */
export function compileAttributeSet(element: MarkupElement, setting: MarkupSetting, compile: CompileBody): void {
	const name = nameOf(element, setting);
	const set = setting.named.get(keyOf(name));
	if (set === undefined) return;
	for (const child of element.children) {
		if (child.type === 'element' && child.namespace === 'xsl' && child.name === 'attribute') continue;
		setting.diagnostics.error('unknown-element', 'xsl:attribute-set holds xsl:attribute only.', child.place);
	}
	const own = sequence([usedSets(attributeOf(element, USE), setting), compile(element.children, setting)]);
	const { run } = set;
	set.run = sequence([run, own]);
}

/** The attribute that names sets, on instructions; literal elements have it in XSLT's namespace. */
export const USE = 'use-attribute-sets';

/** Writes the attributes of the sets that are named. They see variables under the root only. */
export function usedSets(attribute: MarkupAttribute | null, setting: MarkupSetting): Instruction {
	if (attribute === null) return () => {};
	const names = attribute.value.split(/\s+/).filter((name) => name !== '');
	const sets = names.flatMap((name) => {
		const set = setting.named.get(keyOf(name));
		if (set !== undefined) return [set];
		setting.diagnostics.error('unknown-template', `There is no attribute set named '${name}'.`, attribute.place);
		return [];
	});
	return (frame, out) => {
		const inside = enter(frame);
		for (const set of sets) set.run(inside, out);
	};
}

function enter(frame: Frame): Frame {
	const { tree, node, position, size, mode, depth } = frame;
	spendSteps(frame, 1);
	if (depth > frame.page.setting.maxDepth) throw new Error('An attribute set uses itself without end');
	return frame.enter(tree, node, position, size, mode, null, null);
}
