/**
 * A document as a few flat arrays. A node is a number; numbers are in document order, so the descendants of `n` are
 * exactly the numbers from `n + 1` to before `after(n)`, and comparing two nodes is comparing two numbers. Node 0 is the
 * document itself. Nodes that were read remember where they stand in the source, so that what nobody touched is written
 * out as it came in; attributes and text are decoded only when somebody asks. Nodes that were made (TreeMaker) have
 * no source, and keep their attributes and text instead.
 */
import { decodeRaw, decodeText } from './decode.ts';
import { parseAttributes } from './parse-attributes.ts';

export const DOCUMENT = 0;
export const ELEMENT = 1;
export const TEXT = 2;
export const COMMENT = 3;
/** A processing instruction. */
export const INSTRUCTION = 4;

export type NodeKind = typeof DOCUMENT | typeof ELEMENT | typeof TEXT | typeof COMMENT | typeof INSTRUCTION;

/** No node. */
export const NONE = -1;

export interface Attribute {
	/** As in the source, lower case in HTML; a prefix is part of it (`xlink:href`). */
	readonly name: string;
	/** Decoded. */
	readonly value: string;
}

export class Tree {
	/** What was read so far; '' for a tree that was made. */
	source = '';
	/** Where the doctype stands; NONE when there is none. It is not a node. */
	doctypeStart: number = NONE;
	doctypeEnd: number = NONE;
	/** Nodes there are so far. */
	count = 0;
	kinds!: Uint8Array;
	/** NONE for the document. */
	parents!: Int32Array;
	/** The number behind the last descendant; 0 while the element is open, see `after`. */
	afters!: Int32Array;
	/** Offsets in `source`: begin of the start tag, text or comment; NONE for nodes without a place in it. */
	starts!: Int32Array;
	/** Elements: behind the start tag. For an implied element the same as `starts`. */
	openEnds!: Int32Array;
	/** Elements: begin of the end tag; where it would stand when it is left out. */
	closeStarts!: Int32Array;
	/** Behind the end tag, text or comment. */
	ends!: Int32Array;
	/** Hazards of the whole subtree, the node itself included (hazards.ts). */
	hazards!: Int32Array;
	/** Name of an element, lower case in HTML; target of a processing instruction; '' for others. */
	names: string[] = [];
	/** Text was written without character references: script, style and the like. */
	private readonly rawText: Set<number> = new Set();
	/** Maps, since few nodes are ever asked, in no order. */
	private readonly keptAttributes: Map<number, readonly Attribute[]> = new Map();
	private readonly keptTexts: Map<number, string> = new Map();

	constructor(capacity = 256) {
		this.allocate(capacity);
	}

	/** One piece of memory for all numbers: allocating is what a small page costs most. */
	private allocate(capacity: number): void {
		const memory = new ArrayBuffer(capacity * (7 * 4 + 1));
		const numbers = (nth: number): Int32Array => new Int32Array(memory, nth * capacity * 4, capacity);
		this.parents = numbers(0);
		this.afters = numbers(1);
		this.starts = numbers(2);
		this.openEnds = numbers(3);
		this.closeStarts = numbers(4);
		this.ends = numbers(5);
		this.hazards = numbers(6);
		this.kinds = new Uint8Array(memory, 7 * capacity * 4, capacity);
	}

	/** Adds a node behind all others, open, without a place in the source; who builds the tree fills in the rest. */
	add(kind: NodeKind, name: string, parent: number): number {
		const node = this.count++;
		if (node === this.kinds.length) this.grow();
		this.kinds[node] = kind;
		this.names.push(name);
		this.parents[node] = parent;
		this.starts[node] = this.openEnds[node] = this.closeStarts[node] = this.ends[node] = NONE;
		return node;
	}

	/** The same for a node with a place in the source; all that is known of an open element, or all of another node. */
	addAt(kind: NodeKind, name: string, parent: number, start: number, openEnd: number, end: number): number {
		const node = this.count++;
		if (node === this.kinds.length) this.grow();
		this.kinds[node] = kind;
		this.names.push(name);
		this.parents[node] = parent;
		this.starts[node] = start;
		this.openEnds[node] = openEnd;
		this.closeStarts[node] = NONE;
		this.ends[node] = end;
		return node;
	}

	private grow(): void {
		this.reserve(this.kinds.length * 2);
	}

	/** Makes room for so many nodes at once. */
	reserve(capacity: number): void {
		const { kinds, parents, afters, starts, openEnds, closeStarts, ends, hazards } = this;
		if (capacity <= kinds.length) return;
		this.allocate(capacity);
		this.kinds.set(kinds);
		this.parents.set(parents);
		this.afters.set(afters);
		this.starts.set(starts);
		this.openEnds.set(openEnds);
		this.closeStarts.set(closeStarts);
		this.ends.set(ends);
		this.hazards.set(hazards);
	}

	/** The number behind the last descendant that is known. */
	after(node: number): number {
		const after = this.afters[node] as number;
		return after === 0 ? this.count : after;
	}

	isElement(node: number): boolean {
		return this.kinds[node] === ELEMENT;
	}

	/** The first child, or NONE. */
	firstChild(node: number): number {
		return node + 1 < this.after(node) ? node + 1 : NONE;
	}

	/** The next sibling, or NONE. */
	nextSibling(node: number): number {
		const next = this.after(node);
		return next < this.count && this.parents[next] === this.parents[node] ? next : NONE;
	}

	/** The children, in order. */
	children(node: number): number[] {
		const children: number[] = [];
		for (let child = this.firstChild(node); child !== NONE; child = this.nextSibling(child)) children.push(child);
		return children;
	}

	/** The element's attributes in order; of two with one name the first. */
	attributes(node: number): readonly Attribute[] {
		const kept = this.keptAttributes.get(node);
		if (kept !== undefined) return kept;
		const parsed = this.parsedAttributes(node);
		if (parsed !== NO_ATTRIBUTES) this.keptAttributes.set(node, parsed);
		return parsed;
	}

	/** The same for those who ask once; nothing is kept for others. */
	readAttributes(node: number): readonly Attribute[] {
		return this.keptAttributes.get(node) ?? this.parsedAttributes(node);
	}

	private parsedAttributes(node: number): readonly Attribute[] {
		const start = this.starts[node] as number;
		const end = this.openEnds[node] as number;
		if (start === NONE || end <= start) return NO_ATTRIBUTES;
		const name = this.names[node] as string;
		if (end - start === name.length + 2 && this.source.startsWith(name, start + 1)) return NO_ATTRIBUTES;
		return parseAttributes(this.source, start, end);
	}

	/** Whether the attributes are known by now, and perhaps not those of the start tag alone. */
	keepsAttributes(node: number): boolean {
		return this.keptAttributes.has(node);
	}

	/** The value of an attribute, or null. */
	attribute(node: number, name: string): string | null {
		for (const attribute of this.attributes(node)) if (attribute.name === name) return attribute.value;
		return null;
	}

	/** Of a text, comment or processing instruction: its decoded text. */
	text(node: number): string {
		const kept = this.keptTexts.get(node);
		if (kept !== undefined) return kept;
		const slice = this.source.slice(this.starts[node], this.ends[node]);
		if (this.kinds[node] === TEXT && !slice.includes('&') && !slice.includes('\r')) return slice;
		const text = this.decoded(node, slice);
		this.keptTexts.set(node, text);
		return text;
	}

	/** The same for those who ask once; nothing is kept for others. */
	readText(node: number): string {
		return this.keptTexts.get(node) ?? this.decoded(node, this.source.slice(this.starts[node], this.ends[node]));
	}

	private decoded(node: number, slice: string): string {
		const kind = this.kinds[node];
		return kind === TEXT && !this.rawText.has(node) ? decodeText(slice) : decodeRaw(withoutMarks(kind, slice));
	}

	/** The text of all descendants; of the node itself when it is a text (XPath's string-value). */
	stringValue(node: number): string {
		const kind = this.kinds[node];
		if (kind !== ELEMENT && kind !== DOCUMENT) return this.text(node);
		let value = '';
		const after = this.after(node);
		for (let n = node + 1; n < after; n++) if (this.kinds[n] === TEXT) value += this.text(n);
		return value;
	}

	/** What a made element has; `attributes` answers it from now on. */
	keepAttributes(node: number, attributes: readonly Attribute[]): void {
		this.keptAttributes.set(node, attributes);
	}

	/** What a made text, comment or processing instruction has. */
	keepText(node: number, text: string): void {
		this.keptTexts.set(node, text);
	}

	/** The text is taken as it stands, without character references. */
	markRaw(node: number): void {
		this.rawText.add(node);
	}

	isRaw(node: number): boolean {
		return this.rawText.has(node);
	}
}

const NO_ATTRIBUTES: readonly Attribute[] = [];

/** `<!--x-->` and `<?target x>` without their marks; tolerant of those that were cut short. */
function withoutMarks(kind: number | undefined, slice: string): string {
	if (kind === COMMENT) {
		if (slice.startsWith('<!--')) return slice.slice(4).replace(/(?:--!?|^-?)>$/, '');
		return slice.replace(/^<[!/]?/, '').replace(/>$/, '');
	}
	if (kind === INSTRUCTION) return slice.replace(/^<\?[^\s?>]*\s*/, '').replace(/>$/, '');
	return slice;
}
