/**
 * html, head and body in the html dialect: implied where they are missing, one of each. A second tag of html or body adds
 * the attributes that the first has not got, as HTML says (section 13.2.6.4.7), but only up to when the element's
 * attributes count as final, because by then they may have left: html's when the head is over, body's with its first
 * tag. Where body was implied its tag may still come, and is waited for. What stands behind `</body>` or
 * `</html>` is outside as long as it is space and comments; anything more, and the end tag did not count: the element is
 * opened again.
 */
import { type ElementKind, FRAMES, HEADISH, IN_HEAD, kindOf } from './element-kind.ts';
import { UNBALANCED } from './hazards.ts';
import type { OpenElements } from './open-elements.ts';
import { parseAttributes } from './parse-attributes.ts';
import { type Attribute, NONE } from './tree.ts';

export const HTML: ElementKind = kindOf('html');
export const HEAD: ElementKind = kindOf('head');
export const BODY: ElementKind = kindOf('body');

export const BEFORE_HTML = 0;
export const BEFORE_HEAD = 1;
export const IN_HEAD_PHASE = 2;
export const AFTER_HEAD = 3;
export const IN_BODY = 4;
export const AFTER_BODY = 5;
export const AFTER_HTML = 6;

export class HtmlFrame {
	phase: number = BEFORE_HTML;
	body: number = NONE;
	/** The start tag of body was read; nothing adds to its attributes any more. */
	bodyTagRead = false;
	private html = NONE;
	private readonly open: OpenElements;
	/** Of elements that got attributes from a second tag. */
	private readonly merged: Map<number, { list: Attribute[]; names: Set<string> }> = new Map();

	constructor(open: OpenElements) {
		this.open = open;
	}

	/** Brings about whatever an element (or text, null) needs around it. */
	prepare(kind: ElementKind | null, at: number): void {
		const bits = kind === null ? 0 : kind.bits;
		if (this.phase === IN_BODY) return;
		if (this.phase >= AFTER_BODY) this.reopen();
		if (this.html === NONE) this.begin(HTML, at, at);
		if (this.phase === BEFORE_HEAD && (bits & HEADISH) !== 0 && this.open.top === this.html) this.begin(HEAD, at, at);
		if (this.phase === IN_HEAD_PHASE) {
			if ((bits & IN_HEAD) !== 0 || this.open.kind() !== HEAD) return;
			this.open.close(at, at);
			this.phase = AFTER_HEAD;
		}
		if (this.phase === IN_BODY || (bits & (HEADISH | FRAMES)) !== 0 || this.open.top !== this.html) return;
		this.begin(BODY, at, at);
	}

	/** A start tag of html, head or body. */
	start(kind: ElementKind, start: number, end: number, text: string, at: number): boolean {
		if (kind === HTML ? this.html === NONE : this.isRoomFor(kind, start)) {
			this.begin(kind, start, end);
			return true;
		}
		if (kind === HTML ? this.phase < AFTER_HEAD : kind === BODY && this.body !== NONE && !this.bodyTagRead) {
			this.merge(kind === HTML ? this.html : this.body, text, at, at + end - start);
		}
		if (kind === BODY && this.body !== NONE) this.bodyTagRead = true;
		this.open.markUnbalanced();
		return false;
	}

	private isRoomFor(kind: ElementKind, at: number): boolean {
		if (this.phase >= AFTER_BODY || this.body !== NONE) return false;
		if (this.html === NONE) this.begin(HTML, at, at);
		if (kind === HEAD) return this.phase === BEFORE_HEAD && this.open.top === this.html;
		if (this.phase === IN_HEAD_PHASE) this.endHead(at, at);
		return this.open.top === this.html;
	}

	private begin(kind: ElementKind, start: number, end: number): void {
		const node = this.open.open(kind, start, end);
		if (kind === HTML) this.html = node;
		else if (kind === BODY) {
			this.body = node;
			this.bodyTagRead = end > start;
		}
		this.phase = kind === HTML ? BEFORE_HEAD : kind === HEAD ? IN_HEAD_PHASE : IN_BODY;
	}

	/** An end tag of html, head or body. */
	end(kind: ElementKind, start: number, end: number): void {
		if (kind === HEAD && this.phase === IN_HEAD_PHASE) return this.endHead(start, end);
		if (kind === BODY && this.phase === IN_BODY) return this.endBody(start, end);
		if (kind !== HTML || this.html === NONE || this.phase === AFTER_HTML) return this.open.markUnbalanced();
		if (this.phase === IN_HEAD_PHASE) this.endHead(start, start);
		if (this.phase === IN_BODY) this.endBody(start, start);
		this.open.closeTo(1, start);
		this.open.close(start, end);
		this.phase = AFTER_HTML;
	}

	private endHead(start: number, end: number): void {
		this.open.closeTo(2, start);
		this.open.close(start, end);
		this.phase = AFTER_HEAD;
	}

	private endBody(start: number, end: number): void {
		this.open.closeTo(2, start);
		this.open.close(start, end);
		this.phase = AFTER_BODY;
	}

	/** The end tags were too early. */
	private reopen(): void {
		if (this.phase === AFTER_HTML) this.takeBack(HTML, this.html);
		if (this.body !== NONE) this.takeBack(BODY, this.body);
		this.phase = this.body === NONE ? AFTER_HEAD : IN_BODY;
	}

	private takeBack(kind: ElementKind, node: number): void {
		const { tree } = this.open;
		const parent = this.open.top;
		for (let n = tree.afters[node] as number; n < tree.count; n++) {
			if (tree.parents[n] === parent) tree.parents[n] = node;
		}
		tree.afters[node] = 0;
		tree.closeStarts[node] = tree.ends[node] = NONE;
		tree.hazards[node] = (tree.hazards[node] as number) | UNBALANCED;
		this.open.push(kind, node);
	}

	private merge(node: number, text: string, start: number, end: number): void {
		let known = this.merged.get(node);
		if (known === undefined) {
			const list = [...this.open.tree.attributes(node)];
			known = { list, names: new Set(list.map(({ name }) => name)) };
			this.merged.set(node, known);
			this.open.tree.keepAttributes(node, list);
		}
		for (const attribute of parseAttributes(text, start, end)) {
			if (known.names.has(attribute.name)) continue;
			known.names.add(attribute.name);
			known.list.push(attribute);
			this.open.addLate(attribute, node);
		}
	}
}
