/** Markup in rules becomes instructions: elements with their attribute value templates, text, XSLT and includes. */

import type { Output } from '../output/index.ts';
import type { Frame } from '../page/index.ts';
import type { Markup, MarkupElement } from '../rules/index.ts';
import type { Attribute } from '../tree/index.ts';
import { USE, usedSets } from './attribute-sets.ts';
import { withoutAttributeSpace } from './attribute-space.ts';
import { valueTemplate } from './expressions.ts';
import { block, type Instruction, sequence } from './instruction.ts';
import { aliased } from './namespace-alias.ts';
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

function literalElement(written: MarkupElement, setting: MarkupSetting): Instruction {
	const own = written.attributes.filter((one) => one.namespace !== 'css' && one.namespace !== XSL);
	const element = aliased({ ...written, attributes: own }, setting.aliases);
	const templates = element.attributes.map((one) => ({
		name: one.name,
		text: one.value,
		value: valueTemplate(setting.diagnostics, one, element.namespaces),
	}));
	const isFixed = element.attributes.every((one) => !/[{}]/.test(one.value));
	const declared = declarationsOf(element, setting.around ?? 'html');
	const start = (frame: Frame): Attribute[] => [
		...declared,
		...templates.map((one) => ({ name: one.name, value: one.value(frame) })),
	];
	const fixed: readonly Attribute[] = isFixed ? [...declared, ...templates.map(asWritten)] : [];
	const { name } = element;
	const used = written.attributes.find((one) => one.namespace === XSL && localName(one.name) === USE) ?? null;
	const sets = used === null ? null : usedSets(used, setting);
	const body = compileMarkup(withoutAttributeSpace(element.children), { ...setting, around: element.namespace });
	const isRawText = RAW_TEXT.has(name.toLowerCase());
	const text = isRawText ? onlyText(element) : null;
	return (frame, out) => {
		if (sets === null) out.start(name, isFixed ? fixed : start(frame));
		else startWithSets(name, isFixed ? fixed : start(frame), sets, frame, out);
		if (text !== null) out.text(text, true);
		else body(frame, out);
		out.end();
	};
}

/** The element's own attributes win over those of sets (section 7.1.4). */
function startWithSets(
	name: string,
	attributes: readonly Attribute[],
	sets: Instruction,
	frame: Frame,
	out: Output,
): void {
	out.start(name, []);
	sets(frame, out);
	for (const one of attributes) out.attribute(one.name, one.value);
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

const asWritten = ({ name, text }: { name: string; text: string }): Attribute => ({ name, value: text });

/** The namespaces that an element of another language brings along: those that nothing around it has declared. */
function declarationsOf({ namespace, name, attributes }: MarkupElement, around: string): Attribute[] {
	const declared = new Map<string, string>();
	if (namespace !== 'html' && namespace !== around) declared.set(prefixOf(name), namespace);
	for (const one of attributes) {
		if (one.name.includes(':') && !KNOWN.has(one.namespace)) declared.set(prefixOf(one.name), one.namespace);
	}
	return [...declared].map(([prefix, value]) => ({ name: prefix === '' ? 'xmlns' : `xmlns:${prefix}`, value }));
}

const prefixOf = (name: string): string => name.slice(0, Math.max(name.indexOf(':'), 0));

const XML = 'http://www.w3.org/XML/1998/namespace';
const XSL = 'http://www.w3.org/1999/XSL/Transform';
/** Of attributes, those that need no declaration in what is written. */
const KNOWN: ReadonlySet<string> = new Set(['', XML]);
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
