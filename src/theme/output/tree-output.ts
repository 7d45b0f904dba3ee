/** Output that becomes a tree: for results that are looked at again. */
import { type Attribute, type Tree, TreeMaker } from '../tree/index.ts';
import type { Output } from './output.ts';
import { withoutNamespace } from './without-namespace.ts';

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
		this.maker.startElement(name, name === 'html' ? withoutNamespace(all) : all);
	}
}
