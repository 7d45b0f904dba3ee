/** Templates called and applied (XSLT 1.0 sections 5.4 and 6), and what they are given (section 11). */
import { applyImports, applyTemplates, type Frame, PageLimit, type Scope } from '../page/index.ts';
import type { Markup, MarkupElement } from '../rules/index.ts';
import { isAttribute, type NodeSet } from '../tree/index.ts';
import type { XPathValue } from '../xpath/index.ts';
import { attributeOf, nameOf, optional } from './expressions.ts';
import { fragment } from './fragment.ts';
import { type Instruction, NOTHING } from './instruction.ts';
import { ordered, sortings } from './sort.ts';
import { spendSteps } from './spend.ts';
import type { CompileBody, MarkupSetting } from './templates.ts';

export const isXsl = (markup: Markup, name: string): boolean =>
	markup.type === 'element' && markup.namespace === 'xsl' && markup.name === name;

export function applies(element: MarkupElement, setting: MarkupSetting, compile: CompileBody): Instruction {
	const select = optional(element, 'select', setting);
	if (select === null) return NOTHING;
	const mode = attributeOf(element, 'mode')?.value ?? null;
	const orderings = sortings(element, setting);
	const parameters = withParams(element, setting, compile);
	return (frame, out) => {
		const all = select === undefined ? childrenOf(frame) : select.nodes(frame);
		spendSteps(frame, all.nodes.length + 1);
		applyTemplates(frame, ordered(all, orderings, frame), mode, out, parameters(frame));
	};
}

function childrenOf({ tree, node }: Frame): NodeSet {
	return { tree, nodes: isAttribute(node) ? [] : tree.children(node) };
}

export function callTemplate(element: MarkupElement, setting: MarkupSetting, compile: CompileBody): Instruction {
	const name = nameOf(element, setting);
	const template = setting.named.get(name);
	const parameters = withParams(element, setting, compile);
	if (template === undefined) {
		setting.diagnostics.error('unknown-template', `There is no template named '${name}'.`, element.place);
		return NOTHING;
	}
	return (frame, out) => {
		const { tree, node, position, size, mode, imports } = frame;
		spendSteps(frame, 1);
		if (frame.depth > frame.page.setting.maxDepth) {
			throw new PageLimit('depth', `The template '${name}' calls itself without end`);
		}
		template.run(frame.enter(tree, node, position, size, mode, parameters(frame), imports), out);
	};
}

/** Section 5.6: where the current template is none, as in a loop, it is an error. */
export function appliesImports({ children, place }: MarkupElement, setting: MarkupSetting): Instruction {
	const { diagnostics } = setting;
	for (const child of children) {
		if (child.type === 'element') diagnostics.error('unknown-element', 'xsl:apply-imports holds nothing.', child.place);
	}
	if (setting.inTemplate !== true) {
		const message = 'xsl:apply-imports stands in xsl:template only, and in no loop.';
		diagnostics.error('unknown-instruction', message, place, 'It hands the node of the template on.');
	}
	return (frame, out) => {
		spendSteps(frame, 1);
		if (frame.depth > frame.page.setting.maxDepth)
			throw new PageLimit('depth', 'Templates call each other without end');
		applyImports(frame, out);
	};
}

/** The value of a variable or parameter: its `select`, else what its body writes. */
export function valueFor(
	element: MarkupElement,
	setting: MarkupSetting,
	compile: CompileBody,
): ((frame: Frame) => XPathValue) | null {
	const select = optional(element, 'select', setting);
	if (select === null) return null;
	if (select !== undefined) return (frame) => select.evaluate(frame);
	if (element.children.length === 0) return () => '';
	const body = compile(element.children, setting);
	return (frame) => fragment(body, frame);
}

export function variable(element: MarkupElement, setting: MarkupSetting, compile: CompileBody): Instruction {
	const name = nameOf(element, setting);
	const value = valueFor(element, setting, compile);
	return value === null ? NOTHING : (frame) => frame.declare(name, value(frame));
}

/**
 * How a value that was handed in is named until a template asks for it: as no variable can be. One that it does not ask
 * for is not seen in it (section 11.6).
 */
const handedIn = (name: string): string => `with-param ${name}`;

/** What was handed in wins over what is written here. */
export function param(element: MarkupElement, setting: MarkupSetting, compile: CompileBody): Instruction {
	const name = nameOf(element, setting);
	const given = handedIn(name);
	const value = valueFor(element, setting, compile);
	if (value === null) return NOTHING;
	return (frame) => {
		for (let one = frame.scope; one !== null; one = one.outer) {
			if (one.name === given) return frame.declare(name, one.value);
		}
		frame.declare(name, value(frame));
	};
}

type CallParameters = (frame: Frame) => Scope | null;

function withParams(element: MarkupElement, setting: MarkupSetting, compile: CompileBody): CallParameters {
	const given = element.children.flatMap((child) => {
		if (child.type !== 'element' || !isXsl(child, 'with-param')) return [];
		const value = valueFor(child, setting, compile);
		return value === null ? [] : [{ name: handedIn(nameOf(child, setting)), value }];
	});
	return (frame) => {
		let scope: Scope | null = null;
		for (const { name, value } of given) scope = { name, value: value(frame), outer: scope };
		return scope;
	};
}
