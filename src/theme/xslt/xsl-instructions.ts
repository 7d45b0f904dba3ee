/** XSLT 1.0 instructions, as far as templates in rules use them; the table at the end names them all. */
import { type Output, TreeOutput } from '../output/index.ts';
import { applyTemplates, copyAttribute, type Frame, type Scope } from '../page/index.ts';
import type { Markup, MarkupElement } from '../rules/index.ts';
import { DOCUMENT, ELEMENT, elementOf, isAttribute, type NodeRef, type NodeSet, type Tree } from '../tree/index.ts';
import { toString, type XPath, type XPathValue } from '../xpath/index.ts';
import { attributeOf, expressionText, valueTemplate, xpathAt } from './expressions.ts';
import type { Instruction } from './instruction.ts';
import { ordered, sortings } from './sort.ts';
import type { MarkupSetting } from './templates.ts';

export type CompileBody = (markup: readonly Markup[], setting: MarkupSetting) => Instruction;

type Compiler = (element: MarkupElement, setting: MarkupSetting, body: CompileBody) => Instruction;

const NOTHING: Instruction = () => {};

export function xslInstruction(element: MarkupElement, setting: MarkupSetting, body: CompileBody): Instruction {
	const compile = instructions.get(element.name);
	if (compile !== undefined) return compile(element, setting, body);
	const hint = `Understood are: ${[...instructions.keys()].map((name) => `xsl:${name}`).join(', ')}.`;
	setting.diagnostics.error(
		'unknown-instruction',
		`There is no instruction 'xsl:${element.name}' here.`,
		element.place,
		hint,
	);
	return NOTHING;
}

/** An expression that an instruction must have; told when it has not. */
function needed(element: MarkupElement, name: string, setting: MarkupSetting): XPath | null {
	const xpath = optional(element, name, setting);
	if (xpath === undefined) {
		setting.diagnostics.error('missing-attribute', `xsl:${element.name} needs the attribute '${name}'.`, element.place);
		return null;
	}
	return xpath;
}

/** Undefined when the attribute is not there, null when it is wrong. */
function optional(element: MarkupElement, name: string, setting: MarkupSetting): XPath | null | undefined {
	const found = expressionText(setting.diagnostics, element, name);
	return found === null ? undefined : xpathAt(setting.diagnostics, found.text, element.namespaces, found.place);
}

function nodesOf(xpath: XPath, frame: Frame): NodeSet {
	return xpath.nodes(frame);
}

function valueOf(element: MarkupElement, setting: MarkupSetting): Instruction {
	const select = needed(element, 'select', setting);
	const raw = attributeOf(element, 'disable-output-escaping')?.value === 'yes';
	return select === null ? NOTHING : (frame, out) => out.text(select.string(frame), raw);
}

function copyOf(element: MarkupElement, setting: MarkupSetting): Instruction {
	const select = needed(element, 'select', setting);
	if (select === null) return NOTHING;
	return (frame, out) => {
		const value = select.evaluate(frame);
		if (typeof value !== 'object') return out.text(toString(value), false);
		for (const ref of value.nodes) {
			if (isAttribute(ref)) copyAttribute(value.tree, ref, out);
			else out.copy(value.tree, ref);
		}
	};
}

/** XSLT 1.0 section 7.5: the node without its attributes and children. */
function copy(element: MarkupElement, setting: MarkupSetting, compile: CompileBody): Instruction {
	const body = compile(element.children, setting);
	return (frame, out) => {
		const { tree, node } = frame;
		if (isAttribute(node)) return copyAttribute(tree, node, out);
		const kind = tree.kinds[node];
		if (kind === DOCUMENT) return body(frame, out);
		if (kind !== ELEMENT) return out.copy(tree, node);
		out.start(tree.names[node] as string, []);
		body(frame, out);
		out.end();
	};
}

function applies(element: MarkupElement, setting: MarkupSetting, compile: CompileBody): Instruction {
	const select = optional(element, 'select', setting);
	if (select === null) return NOTHING;
	const mode = attributeOf(element, 'mode')?.value ?? null;
	const orderings = sortings(element, setting);
	const parameters = withParams(element, setting, compile);
	return (frame, out) => {
		const all = select === undefined ? childrenOf(frame) : nodesOf(select, frame);
		applyTemplates(frame, ordered(all, orderings, frame), mode, out, parameters(frame));
	};
}

function childrenOf({ tree, node }: Frame): NodeSet {
	return { tree, nodes: isAttribute(node) ? [] : tree.children(node) };
}

function forEach(element: MarkupElement, setting: MarkupSetting, compile: CompileBody): Instruction {
	const select = needed(element, 'select', setting);
	const orderings = sortings(element, setting);
	const body = compile(
		element.children.filter((one) => !isXsl(one, 'sort')),
		setting,
	);
	if (select === null) return NOTHING;
	return (frame, out) => {
		const { tree, nodes } = ordered(nodesOf(select, frame), orderings, frame);
		for (let i = 0; i < nodes.length; i++) body(frame.at(tree, nodes[i] as NodeRef, i + 1, nodes.length), out);
	};
}

const isXsl = (markup: Markup, name: string): boolean =>
	markup.type === 'element' && markup.namespace === 'xsl' && markup.name === name;

function when(element: MarkupElement, setting: MarkupSetting, compile: CompileBody): Instruction {
	const test = needed(element, 'test', setting);
	const body = compile(element.children, setting);
	return test === null ? NOTHING : (frame, out) => void (test.boolean(frame) && body(frame, out));
}

function choose(element: MarkupElement, setting: MarkupSetting, compile: CompileBody): Instruction {
	const cases: { test: XPath; body: Instruction }[] = [];
	let otherwise = NOTHING;
	for (const child of element.children) {
		if (child.type !== 'element') continue;
		if (isXsl(child, 'otherwise')) otherwise = compile(child.children, setting);
		else if (isXsl(child, 'when')) {
			const test = needed(child, 'test', setting);
			if (test !== null) cases.push({ test, body: compile(child.children, setting) });
		} else
			setting.diagnostics.error('unknown-element', 'xsl:choose holds xsl:when and xsl:otherwise only.', child.place);
	}
	return (frame, out) => (cases.find(({ test }) => test.boolean(frame))?.body ?? otherwise)(frame, out);
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

function fragment(body: Instruction, frame: Frame): NodeSet {
	const out = new TreeOutput();
	body(frame, out);
	return { tree: out.finish(), nodes: [0] };
}

function nameOf(element: MarkupElement, setting: MarkupSetting): string {
	const name = attributeOf(element, 'name');
	if (name !== null) return name.value;
	setting.diagnostics.error('missing-attribute', `xsl:${element.name} needs the attribute 'name'.`, element.place);
	return '';
}

function variable(element: MarkupElement, setting: MarkupSetting, compile: CompileBody): Instruction {
	const name = nameOf(element, setting);
	const value = valueFor(element, setting, compile);
	return value === null ? NOTHING : (frame) => frame.declare(name, value(frame));
}

/** What was handed in wins over what is written here. */
function param(element: MarkupElement, setting: MarkupSetting, compile: CompileBody): Instruction {
	const name = nameOf(element, setting);
	const value = valueFor(element, setting, compile);
	if (value === null) return NOTHING;
	return (frame) => {
		for (let one = frame.scope; one !== null; one = one.outer) if (one.name === name) return;
		frame.declare(name, value(frame));
	};
}

type CallParameters = (frame: Frame) => Scope | null;

function withParams(element: MarkupElement, setting: MarkupSetting, compile: CompileBody): CallParameters {
	const given = element.children.flatMap((child) => {
		if (child.type !== 'element' || !isXsl(child, 'with-param')) return [];
		const value = valueFor(child, setting, compile);
		return value === null ? [] : [{ name: nameOf(child, setting), value }];
	});
	return (frame) => {
		let scope: Scope | null = null;
		for (const { name, value } of given) scope = { name, value: value(frame), outer: scope };
		return scope;
	};
}

function callTemplate(element: MarkupElement, setting: MarkupSetting, compile: CompileBody): Instruction {
	const name = nameOf(element, setting);
	const template = setting.named.get(name);
	const parameters = withParams(element, setting, compile);
	if (template === undefined) {
		setting.diagnostics.error('unknown-template', `There is no template named '${name}'.`, element.place);
		return NOTHING;
	}
	return (frame, out) => {
		const { tree, node, position, size, mode } = frame;
		if (frame.depth > frame.page.setting.maxDepth) throw new Error(`The template '${name}' calls itself without end`);
		template.run(frame.enter(tree, node, position, size, mode, parameters(frame)), out);
	};
}

function text(element: MarkupElement): Instruction {
	const content = element.children.map((child) => (child.type === 'text' ? child.text : '')).join('');
	const raw = attributeOf(element, 'disable-output-escaping')?.value === 'yes';
	return (_frame, out) => out.text(content, raw);
}

/** An instruction whose name is an attribute value template and whose body is a piece of text. */
const named =
	(write: (out: Output, name: string, value: string) => void): Compiler =>
	(element, setting, compile) => {
		const attribute = attributeOf(element, 'name');
		const name =
			attribute === null
				? () => nameOf(element, setting)
				: valueTemplate(setting.diagnostics, attribute, element.namespaces);
		const body = compile(element.children, setting);
		return (frame, out) => write(out, name(frame), textOf(body, frame));
	};

function textOf(body: Instruction, frame: Frame): string {
	const { tree } = fragment(body, frame);
	return tree.stringValue(0);
}

function dynamicElement(element: MarkupElement, setting: MarkupSetting, compile: CompileBody): Instruction {
	const attribute = attributeOf(element, 'name');
	const name =
		attribute === null
			? () => nameOf(element, setting)
			: valueTemplate(setting.diagnostics, attribute, element.namespaces);
	const body = compile(element.children, setting);
	return (frame, out) => {
		out.start(name(frame), []);
		body(frame, out);
		out.end();
	};
}

function comment(element: MarkupElement, setting: MarkupSetting, compile: CompileBody): Instruction {
	const body = compile(element.children, setting);
	return (frame, out) => out.comment(textOf(body, frame));
}

/** XSLT 1.0 section 7.7, with its default format: the place among elements of the same name, or the value of an expression. */
function number(element: MarkupElement, setting: MarkupSetting): Instruction {
	const value = optional(element, 'value', setting);
	if (value === null) return NOTHING;
	return (frame, out) =>
		out.text(
			value === undefined ? String(placeAmongSiblings(frame.tree, elementOf(frame.node))) : value.string(frame),
			false,
		);
}

function placeAmongSiblings(tree: Tree, node: number): number {
	const parent = tree.parents[node] as number;
	if (parent < 0) return 1;
	return tree
		.children(parent)
		.filter((one) => one <= node && tree.names[one] === tree.names[node] && tree.kinds[one] === tree.kinds[node])
		.length;
}

function message(element: MarkupElement, setting: MarkupSetting, compile: CompileBody): Instruction {
	const body = compile(element.children, setting);
	const terminate = attributeOf(element, 'terminate')?.value === 'yes';
	return (frame) => {
		const said = textOf(body, frame);
		setting.message(said);
		if (terminate) throw new Error(`xsl:message ended the page: ${said}`);
	};
}

const ignored: Compiler = () => NOTHING;

const instructions: ReadonlyMap<string, Compiler> = new Map<string, Compiler>([
	['apply-templates', applies],
	['attribute', named((out, name, value) => out.attribute(name, value))],
	['call-template', callTemplate],
	['choose', choose],
	['comment', comment],
	['copy', copy],
	['copy-of', copyOf],
	['element', dynamicElement],
	['fallback', ignored],
	['for-each', forEach],
	['if', when],
	['message', message],
	['number', number],
	['param', param],
	['processing-instruction', named((out, name, value) => out.instruction(name, value))],
	['sort', ignored],
	['text', text],
	['value-of', valueOf],
	['variable', variable],
	['with-param', ignored],
]);
