/** XSLT 1.0 instructions; the table at the end names them all. */
import type { Frame } from '../page/index.ts';
import type { MarkupElement } from '../rules/index.ts';
import type { NodeRef } from '../tree/index.ts';
import type { XPath } from '../xpath/index.ts';
import { attributeOf, needed } from './expressions.ts';
import { textOf } from './fragment.ts';
import { type Instruction, NOTHING, sequence } from './instruction.ts';
import {
	attribute,
	comment,
	copy,
	copyOf,
	dynamicElement,
	processingInstruction,
	text,
	valueOf,
} from './node-instructions.ts';
import { number } from './number.ts';
import { ordered, sortings } from './sort.ts';
import { spendSteps } from './spend.ts';
import { applies, appliesImports, callTemplate, isXsl, param, variable } from './template-calls.ts';
import type { CompileBody, MarkupSetting } from './templates.ts';

type Compiler = (element: MarkupElement, setting: MarkupSetting, body: CompileBody) => Instruction;

/** One that is not there is an error, unless it says what to do instead (section 15). */
export function xslInstruction(element: MarkupElement, setting: MarkupSetting, body: CompileBody): Instruction {
	const compile = instructions.get(element.name);
	if (compile !== undefined) return compile(element, setting, body);
	const instead = element.children.filter((child) => isXsl(child, 'fallback'));
	if (instead.length > 0) {
		return sequence(instead.map((one) => body(one.type === 'element' ? one.children : [], setting)));
	}
	const hint = `Understood are: ${[...instructions.keys()].map((name) => `xsl:${name}`).join(', ')}.`;
	setting.diagnostics.error(
		'unknown-instruction',
		`There is no instruction 'xsl:${element.name}' here.`,
		element.place,
		hint,
	);
	return NOTHING;
}

function forEach(element: MarkupElement, setting: MarkupSetting, compile: CompileBody): Instruction {
	const select = needed(element, 'select', setting);
	const orderings = sortings(element, setting);
	const body = compile(
		element.children.filter((one) => !isXsl(one, 'sort')),
		{ ...setting, inTemplate: false },
	);
	if (select === null) return NOTHING;
	return (frame, out) => {
		const { tree, nodes } = ordered(select.nodes(frame), orderings, frame);
		spendSteps(frame, nodes.length);
		for (let i = 0; i < nodes.length; i++) body(frame.at(tree, nodes[i] as NodeRef, i + 1, nodes.length), out);
	};
}

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

function message(element: MarkupElement, setting: MarkupSetting, compile: CompileBody): Instruction {
	const body = compile(element.children, setting);
	const terminate = attributeOf(element, 'terminate')?.value === 'yes';
	return (frame: Frame) => {
		const said = textOf(body, frame);
		setting.message(said);
		if (terminate) throw new Error(`xsl:message ended the page: ${said}`);
	};
}

const ignored: Compiler = () => NOTHING;

const instructions: ReadonlyMap<string, Compiler> = new Map<string, Compiler>([
	['apply-imports', appliesImports],
	['apply-templates', applies],
	['attribute', attribute],
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
	['processing-instruction', processingInstruction],
	['sort', ignored],
	['text', text],
	['value-of', valueOf],
	['variable', variable],
	['with-param', ignored],
]);
