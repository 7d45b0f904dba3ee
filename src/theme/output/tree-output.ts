/** Output that becomes a tree: for results that are looked at again, and for XHTML, whose writer must see a whole head. */
import { type Attribute, type Tree, TreeMaker } from '../tree/index.ts';
import type { Output } from './output.ts';

/** Of a root element: who writes XHTML adds them, by what `lang` has become (THEME 1.5, stage 10). */
const WRITTEN_ANEW: ReadonlySet<string> = new Set(['xmlns', 'xml:lang']);

export class TreeOutput implements Output {
	private readonly maker: TreeMaker = new TreeMaker();

	finish(): Tree {
		return this.maker.finish();
	}

	start(name: string, attributes: readonly Attribute[]): void {
		this.maker.startElement(name, attributes);
	}

	attribute(name: string, value: string): void {
		this.maker.attribute(name, value);
	}

	end(): void {
		this.maker.endElement();
	}

	text(text: string, raw: boolean): void {
		if (text !== '') this.maker.text(text, raw);
	}

	comment(text: string): void {
		this.maker.comment(text);
	}

	instruction(target: string, text: string): void {
		this.maker.instruction(target, text);
	}

	copy(tree: Tree, node: number): void {
		this.maker.copy(tree, node);
	}

	open(tree: Tree, node: number, attributes: readonly Attribute[] | null): void {
		const name = tree.names[node] as string;
		const all = attributes ?? tree.attributes(node);
		this.maker.startElement(name, name === 'html' ? all.filter((one) => !WRITTEN_ANEW.has(one.name)) : all);
	}
}
