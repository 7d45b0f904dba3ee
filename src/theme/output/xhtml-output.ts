/**
 * Output that becomes the text of an XHTML page. A start tag waits until something follows it: for attributes, and for
 * whether it is empty. Text waits for more of it, since what is said in two pieces is written as one.
 */
import { type XhtmlOptions, XhtmlWriter } from '../markup/index.ts';
import { type Attribute, DOCUMENT, NONE, TEXT, type Tree } from '../tree/index.ts';
import type { Output } from './output.ts';
import { withoutNamespace } from './without-namespace.ts';

export class XhtmlOutput implements Output {
	private readonly writer: XhtmlWriter;
	/** The element just begun; null once anything is in it. */
	private begun: string | null = null;
	/** null: as they are in `tree`. */
	private attributes: readonly Attribute[] | null = null;
	/** The same with what was set since; null for nothing. */
	private changed: Attribute[] | null = null;
	/** The element just begun is a copy; or the text that waits is one, and alone. */
	private tree: Tree | null = null;
	private node: number = NONE;
	/** The text that waits; null for none. */
	private words: string | null = null;
	private wordsAreRaw = false;

	constructor(options: XhtmlOptions) {
		this.writer = new XhtmlWriter(options);
	}

	/** Ends what is open, and answers all that was written. */
	finish(): string {
		this.settle(true);
		return this.writer.finish();
	}

	start(name: string, attributes: readonly Attribute[]): void {
		this.settle(false);
		this.begun = name;
		this.attributes = attributes;
	}

	attribute(name: string, value: string): void {
		if (this.begun === null) return;
		this.changed ??= [...(this.attributes ?? this.tree?.readAttributes(this.node) ?? [])];
		const at = this.changed.findIndex((one) => one.name === name);
		this.changed[at === -1 ? this.changed.length : at] = { name, value };
	}

	end(): void {
		this.settle(true);
		this.writer.end();
	}

	text(text: string, raw: boolean): void {
		if (text === '') return;
		if (this.joins(raw)) this.words = this.waiting() + text;
		else {
			this.settle(false);
			this.words = text;
		}
		this.wordsAreRaw = raw;
		this.tree = null;
	}

	comment(text: string): void {
		this.settle(false);
		this.writer.comment(text);
	}

	instruction(target: string, text: string): void {
		this.settle(false);
		this.writer.instruction(target, text);
	}

	copy(tree: Tree, node: number): void {
		const kind = tree.kinds[node];
		if (kind === TEXT) this.copyText(tree, node);
		else if (kind === DOCUMENT) for (const child of tree.children(node)) this.copy(tree, child);
		else {
			this.settle(false);
			this.writer.copy(tree, node);
		}
	}

	/** As `text`; but one that has a source and stays alone may be taken from there. */
	private copyText(tree: Tree, node: number): void {
		const raw = tree.isRaw(node);
		const isMade = (tree.starts[node] as number) < 0;
		if (isMade || raw || this.joins(raw)) return this.text(tree.readText(node), raw);
		this.settle(false);
		this.words = '';
		this.wordsAreRaw = raw;
		this.tree = tree;
		this.node = node;
	}

	open(tree: Tree, node: number, attributes: readonly Attribute[] | null): void {
		const name = tree.names[node] as string;
		this.settle(false);
		this.begun = name;
		this.attributes = name === 'html' ? withoutNamespace(attributes ?? tree.attributes(node)) : attributes;
		this.tree = tree;
		this.node = node;
	}

	private joins(raw: boolean): boolean {
		return this.words !== null && this.wordsAreRaw === raw;
	}

	private waiting(): string {
		return this.tree === null ? (this.words ?? '') : this.tree.readText(this.node);
	}

	/** Writes what waits. `isEnd`: nothing comes into the element just begun. */
	private settle(isEnd: boolean): void {
		const { writer, begun, words, tree, node } = this;
		if (begun !== null) {
			const attributes = this.changed ?? this.attributes;
			this.begun = this.changed = null;
			if (attributes === null && tree !== null) writer.startCopy(tree, node, isEnd);
			else writer.start(begun, attributes ?? [], isEnd);
		} else if (words !== null) {
			this.words = null;
			if (tree === null) writer.characters(words, this.wordsAreRaw);
			else writer.copyText(tree, node);
		}
		this.tree = null;
	}
}
