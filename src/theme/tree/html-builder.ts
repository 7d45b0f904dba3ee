/**
 * Reads HTML into a tree, in one go or in pieces; how it is cut makes no difference to the tree. Tokens are found here,
 * where their elements go is decided in the dialects. A token that is cut waits in `window` until at least as much again
 * has come, so that however long it is and however small the pieces are, it is looked at a few times only.
 */
import { commentEnd } from './comment-end.ts';
import { decodeRaw } from './decode.ts';
import type { Dialect, TreeRules } from './dialect.ts';
import { BREAKOUT, type ElementKind, ElementKinds, ESCAPABLE, RAW, standsAt } from './element-kind.ts';
import { UNBALANCED } from './hazards.ts';
import { HtmlDialect } from './html-dialect.ts';
import { IndexFiller } from './index-filler.ts';
import type { KeyIndex } from './key-index.ts';
import { Libxml2Dialect } from './libxml2-dialect.ts';
import { OpenElements } from './open-elements.ts';
import { RawText } from './raw-text.ts';
import { isLetter, isSpace, TagScanner, tagNameEnd, UNFINISHED } from './tag-scanner.ts';
import { COMMENT, DOCUMENT, INSTRUCTION, NONE, TEXT, type Tree } from './tree.ts';

const BANG = 33;
const SLASH = 47;
const GREATER = 62;
const QUESTION = 63;

/** What `<` begins: nothing, that is text. */
const NO_MARKUP = -2;
/** As long as `<!doctype` and `<![CDATA[`: so much decides what a declaration is. */
const DECLARATION = 9;

/** A token that is cut and no longer is looked at again as soon as it may be complete. */
const SHORT = 512;

const MAX_DEPTH = 512;
const MAX_NODES = 500_000;
/** What a node takes of a usual page: a first guess at how many there will be. */
const CHARACTERS_PER_NODE = 24;

export interface HtmlBuilderOptions {
	/** How markup is understood. Default: html. */
	readonly dialect?: Dialect;
	/** Filled with the elements that it watches. */
	readonly index?: KeyIndex | null;
	/** Default: 500,000. Beyond it, MarkupLimit is thrown. */
	readonly maxNodes?: number;
	/** Default: 512. Beyond it, MarkupLimit is thrown. */
	readonly maxDepth?: number;
	/** No html, head and body around it. */
	readonly fragment?: boolean;
	/** How long the source will be, about; saves memory from being moved. */
	readonly expectedLength?: number;
}

export class HtmlBuilder {
	readonly tree: Tree;
	private readonly open: OpenElements;
	private readonly rules: TreeRules;
	private readonly isLibxml2: boolean;
	private readonly filler: IndexFiller | null;
	private readonly kinds: ElementKinds = new ElementKinds();
	private readonly scanner: TagScanner = new TagScanner();
	/** What was not read yet, and the offset of its begin in the source. */
	private window = '';
	private base = 0;
	/** Offset in `window` up to which it was read. */
	private pos = 0;
	/** No use in looking before the window is so long. */
	private wakeAt = 0;
	/** Where the text that is being read began in the source; and whether it was blank up to the window. */
	private textStart = NONE;
	private blankSoFar = true;
	private raw: RawText | null = null;
	private ended = false;
	private idStart = NONE;
	private idEnd = NONE;
	private classStart = NONE;
	private classEnd = NONE;

	constructor(options: HtmlBuilderOptions = {}) {
		const capacity = 64 + Math.ceil((options.expectedLength ?? 4096) / CHARACTERS_PER_NODE);
		this.filler = options.index ? new IndexFiller(options.index) : null;
		const { maxDepth = MAX_DEPTH, maxNodes = MAX_NODES } = options;
		this.open = new OpenElements(capacity, maxDepth, maxNodes, this.filler);
		this.tree = this.open.tree;
		this.isLibxml2 = options.dialect === 'libxml2';
		const fragment = options.fragment ?? false;
		this.rules = this.isLibxml2 ? new Libxml2Dialect(this.open, fragment) : new HtmlDialect(this.open, fragment);
	}

	/** What is settled: 'head' when head is over, 'body' when the start tag of body was read, 'end' after `end`. */
	get reached(): 'start' | 'head' | 'body' | 'end' {
		if (this.ended) return 'end';
		if (this.rules.bodyBegun) return 'body';
		return this.rules.headOver ? 'head' : 'start';
	}

	/** Will nothing more come into the node? Of html and body nobody knows before the end. */
	isClosed(node: number): boolean {
		if (this.ended) return true;
		const name = this.tree.names[node];
		return this.tree.afters[node] !== 0 && name !== 'html' && name !== 'body';
	}

	/** Reads on. */
	write(chunk: string): void {
		// Most pages come in one piece.
		if (this.tree.source === '') this.tree.reserve(64 + Math.ceil(chunk.length / CHARACTERS_PER_NODE));
		this.tree.source += chunk;
		this.window = this.window === '' ? chunk : this.window + chunk;
		const { length } = this.window;
		if (length < this.wakeAt && (length > SHORT || !chunk.includes('>'))) return;
		this.read(false);
		this.drop();
	}

	/** There is no more. */
	end(): Tree {
		if (this.ended) return this.tree;
		this.read(true);
		const { length } = this.window;
		this.flush(length);
		const at = this.base + length;
		this.rules.end(at);
		this.tree.starts[DOCUMENT] = this.tree.openEnds[DOCUMENT] = 0;
		this.tree.closeStarts[DOCUMENT] = this.tree.ends[DOCUMENT] = at;
		this.tree.afters[DOCUMENT] = this.tree.count;
		this.ended = true;
		return this.tree;
	}

	/** Lets go of what was read. Text needs no window: what it says is in the source. */
	private drop(): void {
		const at = this.pos;
		if (at === 0) return;
		if (this.textStart !== NONE) {
			this.trim(at);
			this.blankSoFar = this.isBlank(at);
		}
		this.window = this.window.slice(at);
		this.base += at;
		this.pos = 0;
		if (this.raw !== null) this.raw.at = 0;
		if (this.wakeAt > 0) this.wakeAt -= at;
	}

	private read(last: boolean): void {
		this.wakeAt = 0;
		for (;;) {
			if (this.raw !== null && !this.readRaw(this.raw, last)) return;
			const less = this.window.indexOf('<', this.pos);
			const at = less < 0 ? this.window.length : less;
			if (at > this.pos && this.textStart === NONE) this.textStart = this.base + this.pos;
			this.pos = at;
			if (less < 0) return;
			let end = this.markup(at, last);
			if (end === UNFINISHED && last) end = this.cut(at);
			if (end === UNFINISHED) {
				this.wakeAt = 2 * this.window.length - at;
				return;
			}
			if (end === NO_MARKUP && this.textStart === NONE) this.textStart = this.base + at;
			this.pos = end === NO_MARKUP ? at + 1 : end;
		}
	}

	/** Reads on in a script or the like; false when its end has not come. */
	private readRaw(raw: RawText, last: boolean): boolean {
		const found = raw.find(this.window, last);
		this.pos = raw.at;
		if (last && !found) this.open.markUnbalanced();
		if (found || last) this.endRaw(raw);
		return found;
	}

	/** Reads the markup that begins with the `<` at `at`; answers the offset behind it. */
	private markup(at: number, last: boolean): number {
		const c = this.window.charCodeAt(at + 1);
		if (isLetter(c)) return this.startTag(at);
		if (c === SLASH) return this.endTag(at, last);
		if (c === BANG) return this.declaration(at, last);
		if (c === QUESTION) return this.instruction(at, last);
		return at + 1 < this.window.length || last ? NO_MARKUP : UNFINISHED;
	}

	private nameEnd(start: number): number {
		return tagNameEnd(this.window, start, this.isLibxml2);
	}

	/** Behind the tag, UNFINISHED when it is cut; notes its id and class for the index. */
	private tagEnd(nameEnd: number): number {
		const { scanner, filler } = this;
		const text = this.window;
		this.idStart = this.classStart = NONE;
		for (let at = nameEnd; ; ) {
			at = scanner.attribute(text, at);
			if (at === UNFINISHED) return UNFINISHED;
			const length = scanner.nameEnd - scanner.nameStart;
			if (length === 0) return at + 1;
			if (filler === null) continue;
			if (length === 2 && standsAt('id', text, scanner.nameStart)) this.noteId();
			else if (length === 5 && standsAt('class', text, scanner.nameStart)) this.noteClass();
		}
	}

	private noteId(): void {
		if (this.idStart !== NONE) return;
		this.idStart = this.scanner.valueStart;
		this.idEnd = this.scanner.valueEnd;
	}

	private noteClass(): void {
		if (this.classStart !== NONE) return;
		this.classStart = this.scanner.valueStart;
		this.classEnd = this.scanner.valueEnd;
	}

	private startTag(at: number): number {
		const nameEnd = this.nameEnd(at + 1);
		const end = this.tagEnd(nameEnd);
		if (end === UNFINISHED) return UNFINISHED;
		this.flush(at);
		this.element(this.kinds.at(this.window, at + 1, nameEnd), at, end, this.scanner.selfClosing);
		return end;
	}

	private element(kind: ElementKind, at: number, end: number, selfClosing: boolean): void {
		const { open, base } = this;
		const isForeign = open.foreign && (kind.bits & BREAKOUT) === 0;
		if (!this.rules.startTag(kind, base + at, base + end, this.window, at)) {
			// So it is: a tag that is dropped and says that it is closed closes what it stands in.
			if (selfClosing && this.isLibxml2 && open.depth > 0) open.closeTo(open.depth - 1, base + at);
			return;
		}
		const node = this.tree.count - 1;
		if (this.filler !== null) this.fill(this.filler, node);
		if (open.top !== node) return;
		if (selfClosing && (this.isLibxml2 || isForeign || open.foreign)) open.close(base + end, base + end);
		else if ((kind.bits & (RAW | ESCAPABLE)) !== 0) this.beginRaw(kind, end, isForeign);
	}

	private fill(filler: IndexFiller, node: number): void {
		if (this.idStart !== NONE) filler.id(this.window, this.idStart, this.idEnd, node);
		if (this.classStart !== NONE) filler.classNames(this.window, this.classStart, this.classEnd, node);
	}

	private beginRaw(kind: ElementKind, at: number, isForeign: boolean): void {
		if (this.isLibxml2 ? kind.name !== 'script' && kind.name !== 'style' : isForeign) return;
		this.raw = new RawText(kind, at, !this.isLibxml2);
		this.textStart = this.base + at;
	}

	private endRaw(raw: RawText): void {
		const start = this.textStart;
		const end = this.base + raw.at;
		this.textStart = NONE;
		this.blankSoFar = true;
		this.raw = null;
		if (end === start) return;
		const node = this.open.leaf(TEXT, '', start, end);
		if ((raw.kind.bits & RAW) !== 0) this.tree.markRaw(node);
	}

	private endTag(at: number, last: boolean): number {
		const text = this.window;
		const c = text.charCodeAt(at + 2);
		if (isLetter(c) || (this.isLibxml2 && (c === 46 || c === 58 || c === 95))) {
			const nameEnd = this.nameEnd(at + 2);
			const end = this.isLibxml2 ? text.indexOf('>', nameEnd) + 1 || UNFINISHED : this.tagEnd(nameEnd);
			if (end !== UNFINISHED) this.closeElement(at, nameEnd, end);
			return end;
		}
		if (at + 2 >= text.length) return last ? NO_MARKUP : UNFINISHED;
		if (this.isLibxml2) return this.skip(at, at + 2);
		return c === GREATER ? this.skip(at, at + 3) : this.bogusComment(at);
	}

	private closeElement(at: number, nameEnd: number, end: number): void {
		this.flush(at);
		this.rules.endTag(this.kinds.at(this.window, at + 2, nameEnd), this.base + at, this.base + end);
	}

	/** What begins with `<!`. */
	private declaration(at: number, last: boolean): number {
		const text = this.window;
		if (text.startsWith('<!--', at)) return this.comment(at, commentEnd(text, at));
		if (!last && text.length - at < DECLARATION) return UNFINISHED;
		if (this.isDoctype(at)) return this.doctype(at, text.indexOf('>', at) + 1);
		if (this.isLibxml2) return NO_MARKUP;
		if (this.open.foreign && text.startsWith('<![CDATA[', at)) return this.characterData(at, text.indexOf(']]>', at));
		return this.bogusComment(at);
	}

	private isDoctype(at: number): boolean {
		return this.window.slice(at, at + DECLARATION).toLowerCase() === '<!doctype';
	}

	private doctype(at: number, end: number): number {
		if (end === 0) return UNFINISHED;
		if (this.tree.doctypeStart === NONE) {
			this.tree.doctypeStart = this.base + at;
			this.tree.doctypeEnd = this.base + end;
		}
		return this.skip(at, end);
	}

	private comment(at: number, end: number): number {
		if (end === UNFINISHED) return UNFINISHED;
		this.flush(at);
		this.open.leaf(COMMENT, '', this.base + at, this.base + end);
		return end;
	}

	private bogusComment(at: number): number {
		return this.comment(at, this.window.indexOf('>', at + 2) + 1 || UNFINISHED);
	}

	/** In svg and math; harmful as it stands in any other place, so it is never taken out of the source. */
	private characterData(at: number, end: number): number {
		if (end < 0) return UNFINISHED;
		this.flush(at);
		const node = this.open.leaf(TEXT, '', this.base + at, this.base + end + 3);
		this.tree.keepText(node, decodeRaw(this.window.slice(at + DECLARATION, end)));
		this.tree.hazards[node] = UNBALANCED;
		this.open.markUnbalanced();
		return end + 3;
	}

	/** What begins with `<?`. */
	private instruction(at: number, last: boolean): number {
		const text = this.window;
		if (!this.isLibxml2) return this.bogusComment(at);
		if (at + 2 >= text.length && !last) return UNFINISHED;
		const nameEnd = this.nameEnd(at + 2);
		if (nameEnd === at + 2) return this.skip(at, nameEnd);
		const end = text.indexOf('>', nameEnd) + 1;
		if (end === 0) return UNFINISHED;
		this.flush(at);
		this.open.leaf(INSTRUCTION, text.slice(at + 2, nameEnd), this.base + at, this.base + end);
		return end;
	}

	/** Leaves something out. */
	private skip(at: number, end: number): number {
		this.flush(at);
		return end;
	}

	/** The source ends in the midst of a token: most are dropped. */
	private cut(at: number): number {
		const text = this.window;
		const end = text.length;
		const c = text.charCodeAt(at + 1);
		this.flush(at);
		this.open.markUnbalanced();
		const isTag = isLetter(c) || (c === SLASH && isLetter(text.charCodeAt(at + 2)));
		if (!this.isLibxml2) {
			if (!isTag && !this.isDoctype(at)) this.open.leaf(COMMENT, '', this.base + at, this.base + end);
		} else if (isLetter(c)) {
			this.element(this.kinds.at(text, at + 1, this.nameEnd(at + 1)), at, end, false);
		} else if (isTag) {
			this.closeElement(at, this.nameEnd(at + 2), end);
		}
		return end;
	}

	/** Text ends where markup begins, at `at`. */
	private flush(at: number): void {
		if (this.textStart === NONE) return;
		this.trim(at);
		const start = this.textStart;
		const blank = this.rules.asksForBlanks && this.isBlank(at);
		this.textStart = NONE;
		this.blankSoFar = true;
		if (this.rules.text(start, blank)) this.open.leaf(TEXT, '', start, this.base + at);
	}

	/** Space before the first element is none of the document's. */
	private trim(end: number): void {
		if (this.rules.begun || !this.blankSoFar) return;
		let i = Math.max(0, this.textStart - this.base);
		while (i < end && isSpace(this.window.charCodeAt(i))) i++;
		this.textStart = this.base + i;
	}

	private isBlank(end: number): boolean {
		if (!this.blankSoFar) return false;
		for (let i = Math.max(0, this.textStart - this.base); i < end; i++) {
			if (!isSpace(this.window.charCodeAt(i))) return false;
		}
		return true;
	}
}

/** All of it at once. */
export function parseHtml(source: string, options: HtmlBuilderOptions = {}): Tree {
	const builder = new HtmlBuilder({ expectedLength: source.length, ...options });
	builder.write(source);
	return builder.end();
}
