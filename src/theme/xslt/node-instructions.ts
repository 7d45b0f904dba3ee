/** Instructions that write nodes (XSLT 1.0 sections 7 and 11.3). */
import { copyAttribute, type Frame } from '../page/index.ts';
import type { MarkupElement } from '../rules/index.ts';
import { type Attribute, DOCUMENT, ELEMENT, isAttribute, type NodeRef, type Tree } from '../tree/index.ts';
import { toString } from '../xpath/index.ts';
import { USE, usedSets } from './attribute-sets.ts';
import { attributeOf, needed, neededTemplate, oneOf, optionalTemplate, type ValueTemplate } from './expressions.ts';
import { textOf } from './fragment.ts';
import { type Instruction, NOTHING } from './instruction.ts';
import { spendSteps, spendText } from './spend.ts';
import type { CompileBody, MarkupSetting } from './templates.ts';

const YES_OR_NO = ['yes', 'no'] as const;

const isRaw = (element: MarkupElement, setting: MarkupSetting): boolean =>
	oneOf(element, 'disable-output-escaping', YES_OR_NO, setting) === 'yes';

export function valueOf(element: MarkupElement, setting: MarkupSetting): Instruction {
	const select = needed(element, 'select', setting);
	const raw = isRaw(element, setting);
	if (select === null) return NOTHING;
	return (frame, out) => {
		const text = select.string(frame);
		spendText(frame, text);
		out.text(text, raw);
	};
}

export function text(element: MarkupElement, setting: MarkupSetting): Instruction {
	const content = element.children.map((child) => (child.type === 'text' ? child.text : '')).join('');
	const raw = isRaw(element, setting);
	return (frame, out) => {
		spendText(frame, content);
		out.text(content, raw);
	};
}

export function copyOf(element: MarkupElement, setting: MarkupSetting): Instruction {
	const select = needed(element, 'select', setting);
	if (select === null) return NOTHING;
	return (frame, out) => {
		const value = select.evaluate(frame);
		if (typeof value !== 'object') {
			const written = toString(value);
			spendText(frame, written);
			return out.text(written, false);
		}
		for (const ref of value.nodes) {
			if (isAttribute(ref)) copyAttribute(value.tree, ref, out);
			else {
				spendCopy(frame, value.tree, ref);
				out.copy(value.tree, ref);
			}
		}
	};
}

/** A subtree costs what it holds: of a page its source, of a fragment its text. */
function spendCopy(frame: Frame, tree: Tree, node: number): void {
	const after = tree.after(node);
	spendSteps(frame, after - node);
	for (let n = node; n < after; n++)
		if (tree.kinds[n] !== ELEMENT && tree.kinds[n] !== DOCUMENT) spendText(frame, tree.text(n));
}

/** Section 7.5: the node without its attributes and children. */
export function copy(element: MarkupElement, setting: MarkupSetting, compile: CompileBody): Instruction {
	const sets = usedSets(attributeOf(element, USE), setting);
	const body = compile(element.children, setting);
	return (frame, out) => {
		const { tree, node } = frame;
		if (isAttribute(node)) return copyAttribute(tree, node, out);
		const kind = tree.kinds[node];
		if (kind === DOCUMENT) return body(frame, out);
		if (kind !== ELEMENT) return out.copy(tree, node as NodeRef);
		out.start(tree.names[node] as string, []);
		sets(frame, out);
		body(frame, out);
		out.end();
	};
}

export function dynamicElement(element: MarkupElement, setting: MarkupSetting, compile: CompileBody): Instruction {
	const name = neededTemplate(element, 'name', setting);
	const namespace = namespaceOf(element, setting);
	const sets = usedSets(attributeOf(element, USE), setting);
	const body = compile(element.children, { ...setting, around: 'html' });
	if (name === null) return NOTHING;
	return (frame, out) => {
		const written = name(frame);
		const uri = namespace(frame, written);
		out.start(written, uri === '' ? [] : [declaration(written, uri)]);
		sets(frame, out);
		body(frame, out);
		out.end();
	};
}

const prefixOf = (name: string): string => name.slice(0, Math.max(name.indexOf(':'), 0));

const declaration = (name: string, uri: string): Attribute => {
	const prefix = prefixOf(name);
	return { name: prefix === '' ? 'xmlns' : `xmlns:${prefix}`, value: uri };
};

const XML = 'http://www.w3.org/XML/1998/namespace';
const XHTML = 'http://www.w3.org/1999/xhtml';

/** What `namespace` says, else what the prefix stands for; '' for what HTML does not declare. */
function namespaceOf(element: MarkupElement, setting: MarkupSetting): (frame: Frame, name: string) => string {
	const given: ValueTemplate | null = optionalTemplate(element, 'namespace', setting);
	return (frame, name) => {
		const prefix = prefixOf(name);
		const uri = given?.(frame) ?? (prefix === '' ? '' : (element.namespaces.get(prefix) ?? ''));
		return uri === XML || uri === XHTML ? '' : uri;
	};
}

/** Section 7.1.3. A namespace without a prefix is given one: attributes have no other way. */
export function attribute(element: MarkupElement, setting: MarkupSetting, compile: CompileBody): Instruction {
	const name = neededTemplate(element, 'name', setting);
	const namespace = namespaceOf(element, setting);
	const body = compile(element.children, setting);
	if (name === null) return NOTHING;
	return (frame, out) => {
		const written = name(frame);
		const uri = namespace(frame, written);
		const qualified = uri === '' || written.includes(':') ? written : `ns0:${written}`;
		const value = textOf(body, frame);
		if (uri !== '') out.attribute(declaration(qualified, uri).name, uri);
		out.attribute(qualified, value);
	};
}

export function comment(element: MarkupElement, setting: MarkupSetting, compile: CompileBody): Instruction {
	const body = compile(element.children, setting);
	return (frame, out) => out.comment(textOf(body, frame));
}

export function processingInstruction(
	element: MarkupElement,
	setting: MarkupSetting,
	compile: CompileBody,
): Instruction {
	const name = neededTemplate(element, 'name', setting);
	const body = compile(element.children, setting);
	return name === null ? NOTHING : (frame, out) => out.instruction(name(frame), textOf(body, frame).trimStart());
}
