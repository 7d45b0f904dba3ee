/**
 * A theme that stands in the rules. Where it is nothing but HTML it is read like any other; where there are instructions
 * in it, includes or braces in attributes, they are carried out for each page, as in the body of a rule (THEME 1.2).
 */
import type { Frame } from '../page/index.ts';
import type { Markup, MarkupElement } from '../rules/index.ts';
import { type Attribute, type Tree, TreeMaker } from '../tree/index.ts';
import { compileOpen, type Instruction, type MarkupSetting, valueTemplate } from '../xslt/index.ts';

/** What is worked out for each page, by the node that stands for it. */
export interface Live {
	readonly instructions: ReadonlyMap<number, Instruction>;
	readonly attributes: ReadonlyMap<number, (frame: Frame) => readonly Attribute[]>;
}

export interface LiveTheme {
	readonly tree: Tree;
	readonly live: Live;
}

export function isLive(markup: readonly Markup[]): boolean {
	return markup.some(
		(one) =>
			one.type === 'element' &&
			(isInstruction(one) || one.attributes.some(({ value }) => /[{}]/.test(value)) || isLive(one.children)),
	);
}

const isInstruction = ({ namespace }: MarkupElement): boolean => namespace === 'xsl' || namespace === 'diazo';

export function liveTheme(markup: readonly Markup[], setting: MarkupSetting): LiveTheme {
	const maker = new ThemeMaker(setting);
	for (const one of markup) maker.add(one);
	return { tree: maker.tree(), live: maker };
}

class ThemeMaker implements Live {
	readonly instructions: Map<number, Instruction> = new Map();
	readonly attributes: Map<number, (frame: Frame) => readonly Attribute[]> = new Map();
	private readonly maker: TreeMaker = new TreeMaker();
	private readonly setting: MarkupSetting;

	constructor(setting: MarkupSetting) {
		this.setting = setting;
	}

	tree(): Tree {
		return this.maker.finish();
	}

	add(markup: Markup, isCode = false): void {
		if (markup.type === 'text') this.maker.text(markup.text, isCode);
		else if (markup.type === 'comment') this.maker.comment(markup.text);
		else if (isInstruction(markup)) this.instruction(markup);
		else this.element(markup);
	}

	/** An element of that name, so that selectors can see where it is. */
	private instruction(element: MarkupElement): void {
		const node = this.maker.startElement(`${element.namespace}:${element.name}`);
		this.maker.endElement();
		this.instructions.set(node, compileOpen([element], this.setting));
	}

	private element(element: MarkupElement): void {
		const { name, children, namespaces } = element;
		const written = element.attributes.filter(({ namespace }) => namespace !== 'css');
		const node = this.maker.startElement(
			name,
			written.map((one) => ({ name: one.name, value: one.value })),
		);
		if (written.some(({ value }) => /[{}]/.test(value))) {
			const templates = written.map((one) => ({
				name: one.name,
				value: valueTemplate(this.setting.diagnostics, one, namespaces),
			}));
			this.attributes.set(node, (frame) => templates.map((one) => ({ name: one.name, value: one.value(frame) })));
		}
		for (const child of children) this.add(child, name === 'script' || name === 'style');
		this.maker.endElement();
	}
}
