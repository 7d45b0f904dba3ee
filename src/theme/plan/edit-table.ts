/** All edits of a set of rules, asked for the nodes of one tree at a time. */
import { TreeOutput } from '../output/index.ts';
import { type Edit, EditedNodes, type EditTable, type Imports, NO_EDITS, type Page } from '../page/index.ts';
import {
	type Attribute,
	attributeAt,
	bothSettled,
	elementOf,
	isAttribute,
	type NodeRef,
	type Settlement,
	type Tree,
} from '../tree/index.ts';
import type { AttributeEdit, ContentEdit } from './content-edit.ts';
import type { LinkEdits } from './link-edits.ts';

export class CompiledEdits implements EditTable {
	/** The weakest first: a later one takes the place of an earlier one. */
	readonly edits: readonly ContentEdit[];
	readonly attributes: readonly AttributeEdit[];
	/** What edits are put together from, each in its mode; in the same order. */
	private readonly parts: readonly ContentEdit[];
	private readonly links: LinkEdits | null;
	/** When it is known of all that has been read whether it is edited. */
	readonly settlement: Settlement;

	constructor(
		edits: readonly ContentEdit[],
		parts: readonly ContentEdit[],
		attributes: readonly AttributeEdit[],
		links: LinkEdits | null,
	) {
		this.edits = edits.toSorted(byRank);
		this.parts = [...parts, ...edits.filter(({ mode }) => mode !== null)].toSorted(byRank);
		this.attributes = attributes;
		this.links = links;
		const reads = [...edits, ...parts].reduce<Settlement>((all, edit) => bothSettled(all, edit.reads), 'start');
		this.settlement = [...edits, ...attributes].reduce<Settlement>((all, { pattern, condition }) => {
			const own = condition.here ? 'end' : condition.settlement;
			return bothSettled(all, bothSettled(pattern.settlement, own));
		}, reads);
	}

	get changesAttributes(): boolean {
		const own = this.attributes.length > 0 || this.links !== null;
		return own || this.edits.some(({ pattern }) => pattern.ofAttributes === true);
	}

	/** Whether a template of the rules takes the place of everything, the theme included. */
	get takesAll(): boolean {
		return this.edits.some(({ mode, pattern }) => mode === null && pattern.isRoot === true);
	}

	get empty(): boolean {
		return this.edits.length === 0 && this.attributes.length === 0 && this.links === null;
	}

	of(page: Page, tree: Tree, mode: string | null): EditedNodes {
		if (this.empty) return NO_EDITS;
		const nodes = new Map<NodeRef, Edit>();
		const attributes = new Map<number, Attribute[]>();
		this.links?.mapAttributes(tree, attributes);
		this.links?.mapStyles(tree, nodes);
		this.addEdits(page, tree, mode, nodes, attributes);
		if (mode === null) this.changeAttributes(page, tree, attributes);
		return nodes.size === 0 && attributes.size === 0 ? NO_EDITS : new EditedNodes(nodes, attributes);
	}

	imported(page: Page, tree: Tree, mode: string | null, imports: Imports): ReadonlyMap<NodeRef, Edit> {
		const nodes = new Map<NodeRef, Edit>();
		const frame = page.root.at(tree, 0, 1, 1);
		for (const { pattern, edit, mode: own, rank } of this.edits) {
			if (own !== mode || rank[0] < imports.from || rank[0] >= imports.below) continue;
			for (const ref of pattern.select(frame)) nodes.set(ref, edit);
		}
		return nodes;
	}

	private addEdits(
		page: Page,
		tree: Tree,
		mode: string | null,
		nodes: Map<NodeRef, Edit>,
		attributes: Map<number, Attribute[]>,
	): void {
		const frame = page.root.at(tree, 0, 1, 1);
		for (const { pattern, condition, edit, mode: own } of mode === null ? this.edits : this.parts) {
			if (own !== mode || (!condition.here && !condition.holds(page.root))) continue;
			for (const ref of pattern.select(frame)) {
				if (!condition.here || condition.holds(frame.at(tree, ref, 1, 1))) nodes.set(ref, edit);
			}
		}
		for (const [ref, edit] of nodes) if (isAttribute(ref)) replaceAttribute(page, tree, ref, edit, attributes);
	}

	private changeAttributes(page: Page, tree: Tree, attributes: Map<number, Attribute[]>): void {
		const frame = page.root.at(tree, 0, 1, 1);
		for (const one of this.attributes) {
			const { here } = one.condition;
			if (!here && !one.condition.holds(page.root)) continue;
			for (const ref of one.pattern.select(frame)) {
				if (here && !one.condition.holds(frame.at(tree, ref, 1, 1))) continue;
				if (!isAttribute(ref)) one.change(listOf(tree, ref, attributes), frame.at(tree, ref, 1, 1));
			}
		}
	}
}

const byRank = (a: ContentEdit, b: ContentEdit): number =>
	a.rank[0] - b.rank[0] || a.rank[1] - b.rank[1] || a.rank[2] - b.rank[2] || a.rank[3] - b.rank[3];

function listOf(tree: Tree, node: number, attributes: Map<number, Attribute[]>): Attribute[] {
	let list = attributes.get(node);
	if (list === undefined) {
		list = [...tree.attributes(node)];
		attributes.set(node, list);
	}
	return list;
}

/** A template for an attribute: what it writes takes the attribute's place. */
function replaceAttribute(
	page: Page,
	tree: Tree,
	ref: NodeRef,
	edit: Edit,
	attributes: Map<number, Attribute[]>,
): void {
	const element = elementOf(ref);
	const name = tree.attributes(element)[attributeAt(ref)]?.name;
	const out = new TreeOutput();
	out.start('attributes', []);
	edit.run(page.root.enter(tree, ref, 1, 1, null, null, edit.imports ?? null), out);
	out.end();
	const list = listOf(tree, element, attributes);
	const at = list.findIndex((one) => one.name === name);
	if (at !== -1) list.splice(at, 1, ...out.finish().attributes(1));
}
