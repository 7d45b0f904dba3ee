/**
 * Content on its way out (XSLT's apply-templates): a node is written by its edit where it has one, and otherwise copied.
 * What has no edit inside is handed on whole, so that it can be sliced out of its source.
 */
import type { Output } from '../output/index.ts';
import {
	attributeAt,
	DOCUMENT,
	ELEMENT,
	elementOf,
	isAttribute,
	NONE,
	type NodeRef,
	type NodeSet,
	TEXT,
	type Tree,
} from '../tree/index.ts';
import type { EditedNodes } from './edited-nodes.ts';
import type { Frame, Scope } from './frame.ts';
import { PageLimit } from './page-limit.ts';

/** Diazo's mode in which content is copied without its edits; links are mapped all the same. */
export const RAW = 'raw';

/** Writes the nodes, each by its edit in `mode`. `scope`: what a template is called with. */
export function applyTemplates(
	frame: Frame,
	{ tree, nodes }: NodeSet,
	mode: string | null,
	out: Output,
	scope: Scope | null = null,
): void {
	if (frame.depth > frame.page.setting.maxDepth) throw new PageLimit('depth', 'Templates call each other without end');
	const edits = frame.page.edits(tree, mode);
	for (let i = 0; i < nodes.length; i++) {
		const ref = nodes[i] as NodeRef;
		if (isAttribute(ref)) applyToAttribute(frame, tree, ref, mode, edits, out);
		else applyTo(frame, tree, ref, i + 1, nodes.length, mode, edits, out, scope);
	}
}

/** An attribute by its template, or as the edits of its element leave it; in other modes it is text (XSLT 1.0 section 5.8). */
function applyToAttribute(
	frame: Frame,
	tree: Tree,
	ref: NodeRef,
	mode: string | null,
	edits: EditedNodes,
	out: Output,
): void {
	const edit = edits.get(ref);
	if (edit !== undefined) return edit.run(frame.enter(tree, ref, 1, 1, mode, null, edit.imports ?? null), out);
	const attribute = tree.attributes(elementOf(ref))[attributeAt(ref)];
	if (attribute === undefined) return;
	if (mode !== null && mode !== RAW) return out.text(attribute.value, false);
	const edited = edits.attributes(elementOf(ref)) ?? null;
	const left = edited === null ? attribute : edited.find(({ name }) => name === attribute.name);
	if (left !== undefined) out.attribute(left.name, left.value);
}

function applyTo(
	frame: Frame,
	tree: Tree,
	node: number,
	position: number,
	size: number,
	mode: string | null,
	edits: EditedNodes,
	out: Output,
	scope: Scope | null,
): void {
	const edit = edits.get(node);
	if (edit !== undefined) edit.run(frame.enter(tree, node, position, size, mode, scope, edit.imports ?? null), out);
	else if (mode !== null && mode !== RAW) builtIn(frame, tree, node, mode, edits, out);
	else if (!edits.any(node, tree.after(node))) out.copy(tree, node);
	else copyWithEdits(frame, tree, node, mode, edits, out);
}

/** A node without an edit of its own that has some below. */
function copyWithEdits(
	frame: Frame,
	tree: Tree,
	node: number,
	mode: string | null,
	edits: EditedNodes,
	out: Output,
): void {
	const isElement = tree.kinds[node] === ELEMENT;
	if (isElement) out.open(tree, node, edits.attributes(node));
	applyToChildren(frame, tree, node, mode, edits, out);
	if (isElement) out.end();
}

/**
 * The frame's node by the templates that the one under way imports (XSLT 1.0 section 5.6). Where none of them is for it, it
 * is written as if it had no template.
 */
export function applyImports(frame: Frame, out: Output): void {
	const { page, tree, node, position, size, mode, imports } = frame;
	if (imports === null) throw new Error('xsl:apply-imports is carried out where no template is for a node');
	const edit = page.imported(tree, node, mode, imports);
	if (edit !== undefined) {
		return edit.run(frame.enter(tree, node, position, size, mode, null, edit.imports ?? null), out);
	}
	const isCopied = mode === null || mode === RAW;
	if (isAttribute(node)) {
		if (isCopied) copyAttribute(tree, node, out);
		else out.text(tree.attributes(elementOf(node))[attributeAt(node)]?.value ?? '', false);
		return;
	}
	const edits = page.edits(tree, mode);
	const kind = tree.kinds[node];
	if (!isCopied) builtIn(frame, tree, node, mode, edits, out);
	else if (kind === ELEMENT || kind === DOCUMENT) copyWithEdits(frame, tree, node, mode, edits, out);
	else out.copy(tree, node);
}

/** Begins a copy of the frame's element, with its attributes edited; `out.end` ends it. */
export function openCopy({ page, tree, node, mode }: Frame, out: Output): void {
	out.open(tree, node, page.edits(tree, mode).attributes(node));
}

/** The children of the frame's node, each by its edit. */
export function applyChildren(frame: Frame, out: Output): void {
	applyToChildren(frame, frame.tree, frame.node, frame.mode, frame.page.edits(frame.tree, frame.mode), out);
}

function applyToChildren(
	frame: Frame,
	tree: Tree,
	node: number,
	mode: string | null,
	edits: EditedNodes,
	out: Output,
): void {
	let position = 0;
	for (let child = tree.firstChild(node); child !== NONE; child = tree.nextSibling(child)) {
		applyTo(frame, tree, child, ++position, 0, mode, edits, out, null);
	}
}

/** XSLT 1.0 section 5.8: elements hand on to their children, text is copied. */
function builtIn(frame: Frame, tree: Tree, node: number, mode: string, edits: EditedNodes, out: Output): void {
	const kind = tree.kinds[node];
	if (kind === ELEMENT || kind === DOCUMENT) applyToChildren(frame, tree, node, mode, edits, out);
	else if (kind === TEXT) out.copy(tree, node);
}

/** An attribute goes onto the element just begun; where there is none, nowhere. */
export function copyAttribute(tree: Tree, ref: NodeRef, out: Output): void {
	const attribute = tree.attributes(elementOf(ref))[attributeAt(ref)];
	if (attribute !== undefined) out.attribute(attribute.name, attribute.value);
}
