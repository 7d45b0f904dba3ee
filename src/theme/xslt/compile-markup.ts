/** Markup in rules becomes instructions: elements with their attribute value templates, text, XSLT and includes. */
import type { Markup, MarkupElement } from '../rules/index.ts';
import type { Attribute } from '../tree/index.ts';
import { valueTemplate } from './expressions.ts';
import { block, type Instruction, sequence } from './instruction.ts';
import type { MarkupSetting } from './templates.ts';
import { xslInstruction } from './xsl-instructions.ts';

/** The instructions of a body; variables declared in it end with it. */
export function compileMarkup(markup: readonly Markup[], setting: MarkupSetting): Instruction {
	return block(markup.map((one) => compileOne(one, setting)));
}

/** The same without a boundary for variables: for bodies whose variables are seen behind them. */
export function compileOpen(markup: readonly Markup[], setting: MarkupSetting): Instruction {
	return sequence(markup.map((one) => compileOne(one, setting)));
}

function compileOne(markup: Markup, setting: MarkupSetting): Instruction {
	if (markup.type === 'text') return (_frame, out) => out.text(markup.text, false);
	// XSLT would take it for a remark on the template; in rules it is part of what is brought in.
	if (markup.type === 'comment') return (_frame, out) => out.comment(markup.text);
	if (markup.namespace === 'xsl') return xslInstruction(markup, setting, compileMarkup);
	if (markup.namespace === 'diazo') return setting.include(markup);
	return literalElement(markup, setting);
}

function literalElement(element: MarkupElement, setting: MarkupSetting): Instruction {
	const templates = element.attributes
		.filter((one) => one.namespace !== 'css' && one.namespace !== XSL)
		.map((one) => ({ name: one.name, value: valueTemplate(setting.diagnostics, one, element.namespaces) }));
	const isFixed = element.attributes.every((one) => !/[{}]/.test(one.value));
	const fixed: readonly Attribute[] = isFixed ? element.attributes.map(({ name, value }) => ({ name, value })) : [];
	const { name } = element;
	const body = compileMarkup(element.children, setting);
	const isRawText = RAW_TEXT.has(name.toLowerCase());
	const text = isRawText ? onlyText(element) : null;
	return (frame, out) => {
		out.start(name, isFixed ? fixed : templates.map((one) => ({ name: one.name, value: one.value(frame) })));
		if (text !== null) out.text(text, true);
		else body(frame, out);
		out.end();
	};
}

const XSL = 'http://www.w3.org/1999/XSL/Transform';
/** Elements whose text has no character references in HTML. */
const RAW_TEXT: ReadonlySet<string> = new Set(['script', 'style']);

/** The text of an element that holds nothing else, or null. */
function onlyText(element: MarkupElement): string | null {
	let text = '';
	for (const child of element.children) {
		if (child.type !== 'text') return null;
		text += child.text;
	}
	return text;
}
