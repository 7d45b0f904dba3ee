/** What an instruction is evaluated in: a node of some tree, the page that it is for, and the variables in scope. */
import type { SourceFile } from '../diagnostics/index.ts';
import type { KeyIndex, NodeRef, Tree } from '../tree/index.ts';
import type { Declared, XPathContext, XPathValue } from '../xpath/index.ts';
import type { Imports } from './edits.ts';
import type { Page } from './page.ts';

/** Variables of a template, each in front of those around it. */
export interface Scope {
	readonly name: string;
	readonly value: XPathValue;
	readonly outer: Scope | null;
}

export class Frame implements XPathContext {
	readonly page: Page;
	readonly tree: Tree;
	readonly node: NodeRef;
	readonly position: number;
	readonly size: number;
	/** XSLT mode; null for the usual one. */
	readonly mode: string | null;
	/** Instructions of one template body add to it as they go. */
	scope: Scope | null;
	/** How many templates are under way. */
	readonly depth: number;
	/** What the template under way imports (XSLT 1.0 section 5.6); null where there is none, as in a loop. */
	readonly imports: Imports | null;

	constructor(
		page: Page,
		tree: Tree,
		node: NodeRef,
		position: number,
		size: number,
		mode: string | null = null,
		scope: Scope | null = null,
		depth = 0,
		imports: Imports | null = null,
	) {
		this.page = page;
		this.tree = tree;
		this.node = node;
		this.position = position;
		this.size = size;
		this.mode = mode;
		this.scope = scope;
		this.depth = depth;
		this.imports = imports;
	}

	get current(): { readonly tree: Tree; readonly node: NodeRef } {
		return this;
	}

	variable(name: string): XPathValue | undefined {
		for (let one = this.scope; one !== null; one = one.outer) if (one.name === name) return one.value;
		return this.page.variable(name);
	}

	declare(name: string, value: XPathValue): void {
		this.scope = { name, value, outer: this.scope };
	}

	document(href: string): Tree | null {
		return this.page.documents.get(href) ?? null;
	}

	source(file: SourceFile): Tree | null {
		return this.page.setting.source(file);
	}

	spend(looks: number): void {
		this.page.budget.spendLooks(looks);
	}

	get declared(): Declared {
		return this.page.setting.declared;
	}

	index(tree: Tree): KeyIndex | null {
		return tree === this.page.tree ? this.page.index : null;
	}

	get memo(): Map<unknown, { readonly tree: Tree; readonly nodes: readonly NodeRef[] }> {
		return this.page.memo;
	}

	/** The same circumstances around another node. */
	at(tree: Tree, node: NodeRef, position: number, size: number): Frame {
		return new Frame(this.page, tree, node, position, size, this.mode, this.scope, this.depth);
	}

	/** The circumstances of a template that is called: its own variables only. */
	enter(
		tree: Tree,
		node: NodeRef,
		position: number,
		size: number,
		mode: string | null,
		scope: Scope | null,
		imports: Imports | null,
	): Frame {
		return new Frame(this.page, tree, node, position, size, mode, scope, this.depth + 1, imports);
	}
}
