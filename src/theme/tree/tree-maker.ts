/** Builds trees that nobody wrote: what rules and stylesheets make. Nodes keep their attributes and text. */
import { type Attribute, COMMENT, DOCUMENT, ELEMENT, INSTRUCTION, NONE, type NodeKind, TEXT, Tree } from './tree.ts';

const NOTHING: readonly Attribute[] = [];

export class TreeMaker {
	readonly tree: Tree = new Tree();
	private readonly open: number[] = [];
	private top: number;
	/** The element that was just started, and its attributes; NONE once anything is in it. */
	private started = NONE;
	private attributes: Attribute[] = [];
	/** The text behind which no other node stands yet. */
	private lastText = NONE;

	constructor() {
		this.top = this.tree.add(DOCUMENT, '', NONE);
	}

	startElement(name: string, attributes: readonly Attribute[] = NOTHING): number {
		const node = this.add(ELEMENT, name);
		this.attributes = [...attributes];
		this.tree.keepAttributes(node, this.attributes);
		this.open.push(node);
		this.top = this.started = node;
		return node;
	}

	/** Sets or replaces an attribute of the element just started; false when it has content already, or nothing is open. */
	attribute(name: string, value: string): boolean {
		if (this.started === NONE) return false;
		const index = this.attributes.findIndex((attribute) => attribute.name === name);
		this.attributes[index < 0 ? this.attributes.length : index] = { name, value };
		return true;
	}

	/** Ends the innermost element. */
	endElement(): void {
		const node = this.open.pop();
		if (node === undefined) throw new Error('No element is open.');
		this.tree.afters[node] = this.tree.count;
		this.top = this.open[this.open.length - 1] ?? DOCUMENT;
		this.started = this.lastText = NONE;
	}

	/** Joins the text before it, if both are raw or neither is. */
	text(text: string, raw = false): void {
		if (text === '') return;
		const { tree, lastText } = this;
		if (lastText !== NONE && tree.isRaw(lastText) === raw) {
			tree.keepText(lastText, tree.text(lastText) + text);
			return;
		}
		const node = this.leaf(TEXT, '', text);
		if (raw) tree.markRaw(node);
		this.lastText = node;
	}

	comment(text: string): void {
		this.leaf(COMMENT, '', text);
	}

	/** A processing instruction. */
	instruction(target: string, text: string): void {
		this.leaf(INSTRUCTION, target, text);
	}

	/** A deep copy of any node; of a document, of its children. */
	copy(tree: Tree, node: number): void {
		const kind = tree.kinds[node];
		if (kind === DOCUMENT) for (const child of tree.children(node)) this.copy(tree, child);
		else if (kind === TEXT) this.text(tree.text(node), tree.isRaw(node));
		else this.copyRange(tree, node, tree.after(node));
	}

	/** The nodes of a subtree keep their order and their distances. */
	private copyRange(tree: Tree, first: number, after: number): void {
		const to = this.tree;
		const shift = to.count - first;
		const top = this.top;
		for (let node = first; node < after; node++) {
			const kind = tree.kinds[node] as NodeKind;
			this.top = node === first ? top : (tree.parents[node] as number) + shift;
			const made = this.add(kind, tree.names[node] as string);
			to.afters[made] = tree.after(node) + shift;
			if (kind === ELEMENT) {
				const attributes = tree.attributes(node);
				if (attributes.length > 0) to.keepAttributes(made, attributes);
			} else to.keepText(made, tree.text(node));
			if (tree.isRaw(node)) to.markRaw(made);
		}
		this.top = top;
	}

	/** Ends what is open. */
	finish(): Tree {
		while (this.open.length > 0) this.endElement();
		this.tree.afters[DOCUMENT] = this.tree.count;
		return this.tree;
	}

	private leaf(kind: NodeKind, name: string, text: string): number {
		const node = this.add(kind, name);
		this.tree.keepText(node, text);
		this.tree.afters[node] = node + 1;
		return node;
	}

	private add(kind: NodeKind, name: string): number {
		this.started = this.lastText = NONE;
		return this.tree.add(kind, name, this.top);
	}
}
