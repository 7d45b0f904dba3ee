/**
 * Writes pieces of trees as HTML, so that a parser finds each where it was put: what fits as it stands is a slice of its
 * source, the rest is written tag by tag. Two things hold at every moment, and with them nothing breaks out of the place
 * it is put into: an end tag is written only for the element that is open last, and a start tag only where it opens an
 * element and does nothing else (nesting.ts). What would end an element of the piece itself ends it a little earlier;
 * what would end an element around it loses its tags and keeps its children.
 */

import { type Attribute, COMMENT, ELEMENT, INSTRUCTION, NONE, TEXT, type Tree, UNBALANCED } from '../tree/index.ts';
import { escapeText, escapeValue, isAttributeName, isTagName, safeComment, safeRawText } from './escape.ts';
import { spelledAttributes, spelledElement } from './foreign-names.ts';
import type { Guard } from './guard.ts';
import { IN_NOSCRIPT, inside, NO_TEXT, ON_FOREIGN, ON_PLAIN, ON_RAW, ruleOf } from './nesting.ts';
import { breaksNoscript, firstMisfit, insideOf } from './nesting-check.ts';
import { OpenTags } from './open-tags.ts';
import { commentHolds, endsItself, nameEnds, tagHolds } from './source-slices.ts';

const ON_ANY_TEXT: number = ON_RAW | ON_PLAIN;

export class HtmlWriter {
	/** What was written so far. */
	text = '';
	private readonly open: OpenTags;

	constructor(guard: Guard) {
		this.open = new OpenTags(guard.state);
	}

	/** A whole subtree; of a document its children. */
	node(tree: Tree, node: number): void {
		if (node === 0) {
			for (let child = tree.firstChild(0); child !== NONE; child = tree.nextSibling(child)) this.node(tree, child);
			return;
		}
		const kind = tree.kinds[node];
		this.misfit = NONE;
		if (kind === TEXT) this.textNode(tree, node);
		else if (kind === COMMENT || kind === INSTRUCTION) this.remark(tree, node);
		else if (!this.slice(tree, node, NONE)) this.walk(tree, node);
	}

	/** The start tag as it stands in the source, or with these attributes. Void elements have no more than that. */
	openTag(tree: Tree, node: number, attributes?: readonly Attribute[]): void {
		const name = tree.names[node] as string;
		const start = tree.starts[node] as number;
		const openEnd = tree.openEnds[node] as number;
		if (attributes === undefined && start === openEnd && start !== NONE) {
			this.open.skip();
			return;
		}
		if (!this.admit(name)) return;
		const state = this.open.state;
		const isSound = attributes === undefined && start !== NONE && this.isSoundTag(tree, node, name, state);
		this.text += isSound
			? tree.source.slice(start, openEnd)
			: startTagOf(name, attributes ?? tree.attributes(node), state);
		const isForeign = (state & ON_FOREIGN) !== 0 || name === 'svg' || name === 'math';
		if (isForeign && isSound && endsItself(tree.source, openEnd, start)) this.open.skip();
		else this.enter(name, state, insideOf(tree, node, state));
	}

	private isSoundTag(tree: Tree, node: number, name: string, state: number): boolean {
		const start = tree.starts[node] as number;
		const openEnd = tree.openEnds[node] as number;
		if (!tagHolds(tree.source, start, openEnd) || !nameEnds(tree.source, start + 1 + name.length)) return false;
		return (state & IN_NOSCRIPT) === 0 || !breaksNoscript(state, tree.source.slice(start, openEnd));
	}

	/** Its end tag, when `openTag` opened it and nothing has ended it since. */
	closeTag(tree: Tree, node: number): void {
		const closeStart = tree.closeStarts[node] as number;
		const end = tree.ends[node] as number;
		const name = this.leave();
		if (name === '') return;
		const isThere =
			closeStart !== NONE &&
			closeStart < end &&
			tagHolds(tree.source, closeStart, end) &&
			nameEnds(tree.source, closeStart + 2 + name.length);
		this.text += isThere ? tree.source.slice(closeStart, end) : `</${name}>`;
	}

	startTag(name: string, attributes: readonly Attribute[]): void {
		if (!this.admit(name)) return;
		const { state } = this.open;
		this.text += startTagOf(name, attributes, state);
		this.enter(name, state, inside(state, name, ruleOf(name)));
	}

	/** The end tag of the last `startTag` that has none yet; its name is for those who read. */
	endTag(_name: string): void {
		const open = this.leave();
		if (open !== '') this.text += `</${open}>`;
	}

	characters(text: string): void {
		const state = this.open.state;
		if ((state & ON_RAW) !== 0) this.text += safeRawText(text, this.open.name);
		else if ((state & NO_TEXT) === 0 || text.trim() === '') this.text += escapeText(text);
	}

	/** Markup as it is; who gives it answers for it. */
	raw(markup: string): void {
		this.text += markup;
	}

	comment(text: string): void {
		const state = this.open.state;
		if ((state & ON_ANY_TEXT) !== 0 || breaksNoscript(state, text)) return;
		this.text += `<!--${safeComment(text)}-->`;
	}

	/** HTML reads a processing instruction as a comment up to the first `>`. */
	instruction(target: string, text: string): void {
		const state = this.open.state;
		if ((state & ON_ANY_TEXT) !== 0 || target.includes('>') || text.includes('>') || breaksNoscript(state, text))
			return;
		this.text += `<?${target}${text === '' ? '' : ` ${text}`}?>`;
	}

	/** `text`: what stands behind `<!DOCTYPE `. */
	doctype(text: string): void {
		this.text += `<!DOCTYPE ${text.replaceAll('>', '')}>`;
	}

	/** Writes the subtree as it stands, when it fits. `misfit`: a node known not to. Whether it was written. */
	private slice(tree: Tree, node: number, misfit: number): boolean {
		const start = tree.starts[node] as number;
		const end = tree.ends[node] as number;
		if (start === NONE || end <= start || start === tree.openEnds[node]) return false;
		if (misfit >= node && misfit < tree.after(node)) return false;
		if (((tree.hazards[node] as number) & UNBALANCED) !== 0) return false;
		const state = this.open.state;
		this.misfit = firstMisfit(tree, node, state);
		if (this.misfit !== NONE) return false;
		const slice = tree.source.slice(start, end);
		if (breaksNoscript(state, slice)) return false;
		this.text += slice;
		return true;
	}

	/** Where the last look found something that does not fit. */
	private misfit: number = NONE;

	/** Tag by tag, with slices where a part fits. Without recursion: a page may nest as deep as it likes. */
	private walk(tree: Tree, root: number): void {
		const end = tree.after(root);
		const parents: number[] = [];
		let node = root;
		while (node < end || parents.length > 0) {
			const parent = parents.at(-1);
			if (parent !== undefined && node >= tree.after(parent)) {
				this.closeTag(tree, parent);
				parents.pop();
				continue;
			}
			node = this.step(tree, node, node === root, parents);
		}
	}

	/** Writes a node or opens it; the next node to write. */
	private step(tree: Tree, node: number, isRoot: boolean, parents: number[]): number {
		const after = tree.after(node);
		if (tree.kinds[node] !== ELEMENT) {
			if (tree.kinds[node] === TEXT) this.textNode(tree, node);
			else this.remark(tree, node);
			return node + 1;
		}
		if (!isRoot && this.slice(tree, node, this.misfit)) return after;
		const written = this.open.count;
		this.openTag(tree, node);
		const name = tree.names[node];
		if ((name === 'script' || name === 'style') && this.open.count === written && this.open.wasRefused) {
			this.open.leave();
			return after;
		}
		parents.push(node);
		return node + 1;
	}

	private textNode(tree: Tree, node: number): void {
		const start = tree.starts[node] as number;
		const state = this.open.state;
		if (start !== NONE && !tree.isRaw(node) && (state & (ON_RAW | NO_TEXT | IN_NOSCRIPT)) === 0) {
			const slice = tree.source.slice(start, tree.ends[node]);
			// A `<` that is text here might begin a tag with what is written behind it.
			if (!slice.includes('<')) {
				this.text += slice;
				return;
			}
		}
		this.characters(tree.text(node));
	}

	private remark(tree: Tree, node: number): void {
		const start = tree.starts[node] as number;
		const end = tree.ends[node] as number;
		const state = this.open.state;
		if (start !== NONE && (state & (ON_ANY_TEXT | IN_NOSCRIPT)) === 0 && commentHolds(tree.source, start, end)) {
			this.text += tree.source.slice(start, end);
		} else if (tree.kinds[node] === COMMENT) this.comment(tree.text(node));
		else this.instruction(tree.names[node] as string, tree.text(node));
	}

	/** Makes room for a start tag; false when it cannot be written here, which its end tag will remember. */
	private admit(name: string): boolean {
		if (!isTagName(name)) {
			this.open.refuse();
			return false;
		}
		const level = this.open.levelFor(name);
		if (level === NONE) {
			this.open.refuse();
			return false;
		}
		this.endDownTo(level);
		return true;
	}

	private enter(name: string, state: number, within: number): void {
		if (ruleOf(name).isVoid && (state & ON_FOREIGN) === 0) this.open.skip();
		else this.open.enter(spelledElement(name, state), within);
	}

	/** The name of the element to end, '' when it was never opened or has ended. */
	private leave(): string {
		const level = this.open.leave();
		if (level === NONE) return '';
		this.endDownTo(level + 1);
		const name = this.open.name;
		this.open.drop();
		return name;
	}

	private endDownTo(level: number): void {
		while (this.open.count > level) {
			this.text += `</${this.open.name}>`;
			this.open.drop();
		}
	}
}

/** `state`: what the element stands in. */
function startTagOf(name: string, attributes: readonly Attribute[], state: number): string {
	let tag = `<${spelledElement(name, state)}`;
	const spelled = spelledAttributes(name, state);
	for (const attribute of attributes) {
		if (!isAttributeName(attribute.name)) continue;
		tag += ` ${spelled.get(attribute.name) ?? attribute.name}="${escapeValue(attribute.value)}"`;
	}
	return `${tag}>`;
}
