/** Output that becomes the text of an HTML page. A start tag waits for attributes until something follows it. */
import { type Guard, HtmlWriter } from '../markup/index.ts';
import { type Attribute, NONE, type Tree } from '../tree/index.ts';
import type { Output } from './output.ts';

interface Open {
	readonly name: string;
	/** The element that is copied, when there is one. */
	readonly tree: Tree | null;
	readonly node: number;
}

export class HtmlOutput implements Output {
	private readonly writer: HtmlWriter;
	private readonly stack: Open[] = [];
	/** The start tag that has not been written yet. */
	private pending: { name: string; attributes: readonly Attribute[] | null; copied: Open | null } | null = null;

	constructor(guard: Guard) {
		this.writer = new HtmlWriter(guard);
	}

	/** What was written; every element must have been ended. */
	get html(): string {
		this.flush();
		return this.writer.text;
	}

	start(name: string, attributes: readonly Attribute[]): void {
		this.flush();
		this.stack.push({ name, tree: null, node: NONE });
		this.pending = { name, attributes, copied: null };
	}

	attribute(name: string, value: string): void {
		if (this.pending === null) return;
		const { attributes, copied } = this.pending;
		const all = [...(attributes ?? copied?.tree?.attributes(copied.node) ?? [])];
		const at = all.findIndex((one) => one.name === name);
		all[at === -1 ? all.length : at] = { name, value };
		this.pending.attributes = all;
	}

	end(): void {
		this.flush();
		const open = this.stack.pop();
		if (open === undefined) return;
		if (open.tree === null) this.writer.endTag(open.name);
		else this.writer.closeTag(open.tree, open.node);
	}

	text(text: string, raw: boolean): void {
		if (text === '') return;
		this.flush();
		if (raw) this.writer.raw(text);
		else this.writer.characters(text);
	}

	comment(text: string): void {
		this.flush();
		this.writer.comment(text);
	}

	instruction(target: string, text: string): void {
		this.flush();
		this.writer.instruction(target, text);
	}

	copy(tree: Tree, node: number): void {
		this.flush();
		this.writer.node(tree, node);
	}

	open(tree: Tree, node: number, attributes: readonly Attribute[] | null): void {
		this.flush();
		const copied: Open = { name: tree.names[node] as string, tree, node };
		this.stack.push(copied);
		this.pending = { name: copied.name, attributes, copied };
	}

	private flush(): void {
		const { pending } = this;
		if (pending === null) return;
		this.pending = null;
		const { name, attributes, copied } = pending;
		if (copied === null || copied.tree === null) this.writer.startTag(name, attributes ?? []);
		else this.writer.openTag(copied.tree, copied.node, attributes ?? undefined);
	}
}
