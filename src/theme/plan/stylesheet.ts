/** XSLT right under the root of the rules: variables, parameters, templates, keys, and how the output is declared. */
import type { Frame, Globals } from '../page/index.ts';
import type { MarkupElement } from '../rules/index.ts';
import type { Settlement, Tree } from '../tree/index.ts';
import type { Declared, XPathValue } from '../xpath/index.ts';
import {
	attributeOf,
	compileAttributeSet,
	compileDeclarations,
	compileMarkup,
	DECLARATIONS,
	declareAlias,
	declareAttributeSet,
	expressionText,
	SPACE,
	strippedSpace,
	valueFor,
	xpathAt,
} from '../xslt/index.ts';
import type { RuleSetting } from './bring.ts';
import type { ContentEdit } from './content-edit.ts';
import { templateEdit } from './content-edits.ts';
import { ALWAYS } from './questions.ts';

/** What xsl:output says, as far as it shows. */
export interface OutputDeclaration {
	readonly doctypePublic: string | null;
	readonly doctypeSystem: string | null;
	readonly declaration: boolean;
}

export interface Stylesheet {
	readonly globals: Globals;
	readonly declared: Declared;
	readonly edits: readonly ContentEdit[];
	readonly output: OutputDeclaration;
}

/** Elements that are read as a whole, when all of them are known. */
const READ: ReadonlySet<string> = new Set([...DECLARATIONS, ...SPACE, 'namespace-alias']);

const HINT = 'There are variable, param, template, output, key, attribute-set, import, strip-space and a few more.';

/** Names first: rules may refer to what is declared behind them. */
export function declareStylesheet(elements: readonly MarkupElement[], setting: RuleSetting): void {
	for (const element of elements) {
		if (element.name === 'namespace-alias') declareAlias(element, setting);
		const name = attributeOf(element, 'name')?.value;
		if (name === undefined) continue;
		if (element.name === 'attribute-set') declareAttributeSet(element, setting);
		if (element.name === 'template') setting.named.set(name, { run: () => {} });
		if (element.name === 'param') setting.questions.settle(name, 'start');
		if (element.name === 'variable') setting.questions.settle(name, variableSettlement(element, setting));
	}
}

function variableSettlement(element: MarkupElement, setting: RuleSetting): Settlement {
	const found = expressionText(setting.diagnostics, element, 'select');
	if (found === null) return 'end';
	const xpath = xpathAt(setting.diagnostics, found.text, element.namespaces, found.place);
	return xpath === null ? 'end' : setting.questions.settlementOf(xpath);
}

export function compileStylesheet(elements: readonly MarkupElement[], setting: RuleSetting): Stylesheet {
	const globals = new Map<string, (frame: Frame) => XPathValue>();
	const edits: ContentEdit[] = [];
	let output: OutputDeclaration = { doctypePublic: null, doctypeSystem: null, declaration: false };
	for (const [order, element] of elements.entries()) {
		if (element.name === 'variable' || element.name === 'param') addGlobal(element, globals, setting);
		else if (element.name === 'template') edits.push(...addTemplate(element, order, setting));
		else if (element.name === 'output') output = outputOf(element, output);
		else if (element.name === 'attribute-set') compileAttributeSet(element, setting, compileMarkup);
		else if (!READ.has(element.name)) {
			const message = `'xsl:${element.name}' is not understood under the root of rules.`;
			setting.diagnostics.error('unknown-instruction', message, element.place, HINT);
		}
	}
	const stripped = strippedSpace(elements, setting);
	if (stripped !== null) edits.push(stripSpace(stripped));
	return { globals, declared: compileDeclarations(elements, setting), edits, output };
}

function addGlobal(
	element: MarkupElement,
	globals: Map<string, (frame: Frame) => XPathValue>,
	setting: RuleSetting,
): void {
	const name = attributeOf(element, 'name')?.value;
	const value = valueFor(element, setting, compileMarkup);
	if (name === undefined)
		setting.diagnostics.error('missing-attribute', `xsl:${element.name} needs the attribute 'name'.`, element.place);
	else if (value !== null) globals.set(name, value);
}

function addTemplate(element: MarkupElement, order: number, setting: RuleSetting): ContentEdit[] {
	const name = attributeOf(element, 'name')?.value;
	const named = name === undefined ? undefined : setting.named.get(name);
	if (named !== undefined) named.run = compileMarkup(element.children, { ...setting, inTemplate: true });
	const edits = templateEdit(element, order, setting);
	if (edits.length === 0 && named === undefined && !setting.diagnostics.failed) {
		setting.diagnostics.error('missing-attribute', 'xsl:template needs match or name.', element.place);
	}
	return edits;
}

function outputOf(element: MarkupElement, before: OutputDeclaration): OutputDeclaration {
	const value = (name: string): string | null => attributeOf(element, name)?.value ?? null;
	return {
		doctypePublic: value('doctype-public') ?? before.doctypePublic,
		doctypeSystem: value('doctype-system') ?? before.doctypeSystem,
		declaration: (value('omit-xml-declaration') ?? (before.declaration ? 'no' : 'yes')) === 'no',
	};
}

/** White space between elements is not written; expressions see it all the same. */
function stripSpace(strips: (tree: Tree, node: number) => boolean): ContentEdit {
	return {
		pattern: {
			priority: Number.NEGATIVE_INFINITY,
			settlement: 'start',
			select: ({ tree }) => {
				const nodes: number[] = [];
				for (let node = 1; node < tree.count; node++) if (strips(tree, node)) nodes.push(node);
				return nodes;
			},
		},
		condition: ALWAYS,
		rank: [Number.NEGATIVE_INFINITY, 0, 0, 0],
		mode: null,
		reads: 'start',
		rules: [],
		edit: { run: () => {} },
	};
}
