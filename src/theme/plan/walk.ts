/**
 * A page being written: the segments of its theme from first to last. In HTML the walk stops where something is asked of
 * the content that has not been read yet, and goes on when it has.
 */
import type { Spelling } from '../markup/index.ts';
import { HtmlOutput, type Output } from '../output/index.ts';
import type { Page } from '../page/index.ts';
import { type Attribute, ELEMENT, NONE, type Settlement, TEXT } from '../tree/index.ts';
import type { Segment, Step } from './segment.ts';

/** Sees what the rules do, for explanations. */
export interface Watcher {
	/** A rule is about to write; what is answered is written in front of it. */
	enter(rule: number): string;
	/** It has, so many characters; what is answered is written behind it. */
	leave(rule: number, written: number): string;
	/** A rule's condition decided something, or it changed attributes. */
	decided(rule: number): void;
}

interface Position {
	readonly segments: readonly Segment[];
	next: number;
}

export class HtmlWalk {
	private readonly page: Page;
	private readonly watcher: Watcher | null;
	private readonly stack: Position[];

	constructor(page: Page, segments: readonly Segment[], watcher: Watcher | null) {
		this.page = page;
		this.watcher = watcher;
		this.stack = [{ segments, next: 0 }];
	}

	get done(): boolean {
		return this.stack.length === 0;
	}

	/** Writes as far as `settled` allows, and answers what was written. `holes`: whether content may be brought in by now. */
	advance(settled: (settlement: Settlement) => boolean, holes: boolean): string {
		let html = '';
		for (let top = this.stack.at(-1); top !== undefined; top = this.stack.at(-1)) {
			const segment = top.segments[top.next];
			if (segment === undefined) {
				this.stack.pop();
				continue;
			}
			if (segment.kind !== 'literal' && !settled(segment.settlement)) break;
			if (!holes && this.awaitsEdits(segment)) break;
			top.next++;
			html += this.write(segment);
		}
		return html;
	}

	private awaitsEdits(segment: Segment): boolean {
		if (segment.kind !== 'tag') return segment.kind === 'hole';
		return segment.edits === 'all' || (segment.edits === 'attributes' && this.page.setting.edits.changesAttributes);
	}

	private write(segment: Segment): string {
		switch (segment.kind) {
			case 'literal':
				return segment.html;
			case 'tag':
				return this.tag(segment.attributes(this.page.root), segment);
			case 'hole':
				return this.fill(segment);
			default:
				this.stack.push({ segments: this.chosen(segment), next: 0 });
				return '';
		}
	}

	private chosen(branch: Extract<Segment, { kind: 'branch' }>): readonly Segment[] {
		for (const { condition, rule, segments } of branch.cases) {
			if (!condition.holds(this.page.root)) continue;
			this.watcher?.decided(rule);
			return segments;
		}
		return branch.otherwise;
	}

	private tag(attributes: readonly Attribute[], tag: Extract<Segment, { kind: 'tag' }>): string {
		if (this.watcher !== null) for (const rule of tag.rules) this.watcher.decided(rule);
		return sameAttributes(attributes, tag.unchanged) ? tag.html : writtenTag(tag.spelling, attributes, tag.mark);
	}

	private fill({ guard, fill, rule }: Extract<Segment, { kind: 'hole' }>): string {
		// What stands in a theme in the rules is no rule's.
		const watcher = rule === NONE ? null : this.watcher;
		const before = watcher?.enter(rule) ?? '';
		const out = new HtmlOutput(guard);
		fill(this.page.root, out);
		const { html } = out;
		return before + html + (watcher?.leave(rule, html.length) ?? '');
	}
}

function sameAttributes(a: readonly Attribute[], b: readonly Attribute[]): boolean {
	if (a.length !== b.length) return false;
	for (let i = 0; i < a.length; i++) if (a[i]?.name !== b[i]?.name || a[i]?.value !== b[i]?.value) return false;
	return true;
}

/** A start tag made anew. */
export function writtenTag(spelling: Spelling, attributes: readonly Attribute[], mark: string): string {
	let tag = `<${spelling.name}`;
	for (const { name, value } of attributes) {
		tag += ` ${spelling.attributes.get(name) ?? name}="${value.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"`;
	}
	return tag + mark;
}

/** The whole page at once, for content that was read to its end: node by node, also what the theme has. */
export function writeSegments(page: Page, segments: readonly Segment[], out: Output): void {
	for (const segment of segments) {
		if (segment.kind === 'literal') for (const step of segment.steps) replay(step, out);
		else if (segment.kind === 'tag') out.start(segment.name, ofTree(segment, page));
		else if (segment.kind === 'hole') segment.fill(page.root, out);
		else {
			const found = segment.cases.find(({ condition }) => condition.holds(page.root));
			writeSegments(page, found?.segments ?? segment.otherwise, out);
		}
	}
}

/** Without what the theme says of its own document: the output says that anew (THEME 1.5, stage 10). */
function ofTree(tag: Extract<Segment, { kind: 'tag' }>, page: Page): readonly Attribute[] {
	const attributes = tag.attributes(page.root);
	return tag.name === 'html'
		? attributes.filter((one) => !(isOfDocument(one) && tag.unchanged.includes(one)))
		: attributes;
}

const isOfDocument = ({ name }: Attribute): boolean => name === 'xmlns' || name === 'xml:lang';

function replay({ what, tree, node, attributes, text }: Step, out: Output): void {
	if (what === 'close') out.end();
	else if (what === 'open') out.open(tree, node, attributes);
	else if (text === null) out.copy(tree, node);
	else if (tree.kinds[node] === TEXT) out.text(text, tree.isRaw(node));
	else if (tree.kinds[node] !== ELEMENT) out.comment(text);
}
