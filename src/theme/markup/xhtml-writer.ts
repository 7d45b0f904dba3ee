/**
 * Writes a document as libxml2 writes one with an XHTML doctype, habits included: what Diazo's users see and its tests
 * compare. Well-formed whatever it is given, except for text that is meant to be written as it stands. What a source has in
 * that form already is taken from there. Two things are certain only later and put in then: the namespace of the root, when
 * the document is complete, and the content type of a head, when that ends.
 */
import { type Attribute, COMMENT, ELEMENT, NONE, TEXT, type Tree } from '../tree/index.ts';
import { KeptText } from './kept-text.ts';
import { isPlainEndTag, isPlainText, plainTagEnd } from './plain-source.ts';
import { NAMESPACES, type Root, xhtmlAttributes } from './xhtml-attributes.ts';
import { isXmlName, xmlCode, xmlComment, xmlText, xmlValue } from './xml-escape.ts';

export interface XhtmlOptions {
	/** Default: that of XHTML 1.0 Transitional. With both null there is no doctype, and plain XML is written. */
	readonly doctypePublic?: string | null;
	readonly doctypeSystem?: string | null;
	/** Begins with an XML declaration. */
	readonly declaration?: boolean;
}

/** A head that is open, and all that was written before its content. */
interface Head {
	readonly depth: number;
	readonly before: string;
	hasContentType: boolean;
}

const TRANSITIONAL_PUBLIC = '-//W3C//DTD XHTML 1.0 Transitional//EN';
const TRANSITIONAL_SYSTEM = 'http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd';
const XHTML_PUBLIC = /^-\/\/W3C\/\/DTD XHTML 1\.0 (?:Strict|Transitional|Frameset)\/\/EN$/;
const XHTML_SYSTEM = /^http:\/\/www\.w3\.org\/TR\/xhtml1\/DTD\/xhtml1-(?:strict|transitional|frameset)\.dtd$/;
const META = '<meta http-equiv="Content-Type" content="text/html; charset=UTF-8" />';
const EMPTY: ReadonlySet<string> = new Set(
	'area base basefont br col frame hr img input isindex link meta param'.split(' '),
);

export class XhtmlWriter {
	private readonly text: KeptText = new KeptText();
	private readonly doctypePublic: string | null;
	private readonly doctypeSystem: string | null;
	private readonly declaration: boolean;
	private readonly isXhtml: boolean;
	/** What is open: names, '' for what gets no end tag, and for copies where they are from. */
	private readonly names: string[] = [];
	private readonly trees: (Tree | null)[] = [];
	private readonly nodes: number[] = [];
	private readonly heads: Head[] = [];
	/** The document so far; the namespace of a root belongs behind each. */
	private readonly parts: string[] = [];
	private root: string | null = null;
	private namespace: Root = 'xhtml';

	constructor(options: XhtmlOptions = {}) {
		this.doctypePublic = options.doctypePublic === undefined ? TRANSITIONAL_PUBLIC : options.doctypePublic;
		this.doctypeSystem = options.doctypeSystem === undefined ? TRANSITIONAL_SYSTEM : options.doctypeSystem;
		this.declaration = options.declaration === true;
		this.isXhtml = XHTML_PUBLIC.test(this.doctypePublic ?? '') || XHTML_SYSTEM.test(this.doctypeSystem ?? '');
	}

	/** Ends what is open, and answers all of it. */
	finish(): string {
		while (this.names.length > 0) this.end();
		const { name, value } = NAMESPACES[this.namespace];
		const declaration = this.declaration ? '<?xml version="1.0" encoding="UTF-8"?>\n' : '';
		return declaration + this.doctype() + [...this.parts, this.text.take()].join(` ${name}="${value}"`);
	}

	private doctype(): string {
		const { root, doctypePublic, doctypeSystem } = this;
		if (doctypeSystem === null || root === null || !isXmlName(root)) return '';
		const system = `"${doctypeSystem.replaceAll('"', '%22')}"`;
		const ids = doctypePublic === null ? `SYSTEM ${system}` : `PUBLIC "${doctypePublic.replaceAll('"', '')}" ${system}`;
		return `<!DOCTYPE ${root} ${ids}>\n`;
	}

	/** Begins an element. `isEmpty`: it ends before anything comes into it. */
	start(name: string, attributes: readonly Attribute[], isEmpty: boolean): void {
		this.enter(name);
		if (name.startsWith('esi:')) this.namespace = 'esi';
		if (!isXmlName(name)) return this.push('', null, NONE);
		const head = this.heads.at(-1);
		if (head?.depth === this.names.length && isContentType(name, attributes)) head.hasContentType = true;
		this.text.put(`<${name}`);
		const isRoot = this.isXhtml && this.names.length === 0 && name === 'html';
		if (isRoot && attributes.every((one) => one.name !== 'xmlns')) this.parts.push(this.text.take());
		for (const one of this.isXhtml ? xhtmlAttributes(name, attributes) : attributes) this.attribute(one);
		const mark = this.endOfTag(name, isEmpty);
		this.text.put(mark);
		this.begun(name, mark === '>', null, NONE);
	}

	/** Begins a copy of an element with the attributes it has. */
	startCopy(tree: Tree, node: number, isEmpty: boolean): void {
		const name = tree.names[node] as string;
		const start = tree.starts[node] as number;
		const end = tree.openEnds[node] as number;
		const plainEnd = this.isPlain(tree, node, name) ? plainTagEnd(tree.source, start, end, name) : NONE;
		if (plainEnd === NONE) {
			this.start(name, tree.readAttributes(node), isEmpty);
			this.trees[this.trees.length - 1] = tree;
			this.nodes[this.nodes.length - 1] = node;
			return;
		}
		this.enter(name);
		this.text.keep(tree, start, plainEnd);
		const mark = this.endOfTag(name, isEmpty);
		if (end - plainEnd === mark.length && tree.source.startsWith(mark, plainEnd)) this.text.keep(tree, plainEnd, end);
		else this.text.put(mark);
		this.begun(name, mark === '>', tree, node);
	}

	/** Whether nothing has to be known of the element but its tag. */
	private isPlain(tree: Tree, node: number, name: string): boolean {
		if (tree.starts[node] === NONE || tree.keepsAttributes(node)) return false;
		if (name === 'meta') return this.heads.at(-1)?.depth !== this.names.length;
		return name !== 'html';
	}

	private enter(name: string): void {
		if (this.names.length === 0) this.root ??= name;
	}

	private endOfTag(name: string, isEmpty: boolean): string {
		if (!isEmpty || (this.isXhtml && !EMPTY.has(name))) return '>';
		return this.isXhtml ? ' />' : '/>';
	}

	private begun(name: string, isOpen: boolean, tree: Tree | null, node: number): void {
		this.push(isOpen ? name : '', tree, node);
		if (!isOpen || name !== 'head' || !this.isXhtml) return;
		this.heads.push({ depth: this.names.length, before: this.text.take(), hasContentType: false });
	}

	private push(name: string, tree: Tree | null, node: number): void {
		this.names.push(name);
		this.trees.push(tree);
		this.nodes.push(node);
	}

	private attribute({ name, value }: Attribute): void {
		if (isXmlName(name)) this.text.put(` ${name}="${xmlValue(value)}"`);
	}

	/** Ends the element begun last. */
	end(): void {
		const head = this.heads.at(-1);
		if (head !== undefined && head.depth === this.names.length) this.endHead(head);
		const name = this.names.pop() ?? '';
		const tree = this.trees.pop() ?? null;
		const node = this.nodes.pop() ?? NONE;
		if (name === '') return;
		const start = tree === null ? NONE : (tree.closeStarts[node] as number);
		const end = tree === null ? NONE : (tree.ends[node] as number);
		if (tree !== null && isPlainEndTag(tree.source, start, end, name)) this.text.keep(tree, start, end);
		else this.text.put(`</${name}>`);
	}

	private endHead({ before, hasContentType }: Head): void {
		this.heads.pop();
		const content = this.text.take();
		this.text.put(before + (hasContentType ? '' : META) + content);
	}

	/** A node of any kind but the document, and all below it. */
	copy(tree: Tree, root: number): void {
		const outside = this.names.length;
		const after = tree.after(root);
		for (let node = root; node < after; node++) {
			while (this.names.length > outside && node >= tree.after(this.nodes.at(-1) as number)) this.end();
			const kind = tree.kinds[node];
			if (kind === ELEMENT) this.startCopy(tree, node, node + 1 === tree.after(node));
			else if (kind === TEXT) this.copyText(tree, node);
			else if (kind === COMMENT) this.comment(tree.readText(node));
			else this.instruction(tree.names[node] as string, tree.readText(node));
		}
		while (this.names.length > outside) this.end();
	}

	copyText(tree: Tree, node: number): void {
		const start = tree.starts[node] as number;
		const end = tree.ends[node] as number;
		if (start !== NONE && isPlainText(tree.source, start, end)) this.text.keep(tree, start, end);
		else this.characters(tree.readText(node), tree.isRaw(node));
	}

	private get isInCode(): boolean {
		const name = this.names.at(-1);
		return name === 'script' || name === 'style';
	}

	/** Text; `raw`: as it stands. */
	characters(text: string, raw: boolean): void {
		// As Diazo's templates have it; a lone CR is written as a reference.
		const lines = text.includes('\r') ? text.replaceAll('\r\n', '\n') : text;
		if (raw) this.text.put(lines);
		else this.text.put(this.isXhtml && this.isInCode ? xmlCode(lines) : xmlText(lines));
	}

	comment(text: string): void {
		this.text.put(`<!--${xmlComment(text)}-->`);
	}

	instruction(target: string, text: string): void {
		if (target.startsWith('esi:')) this.namespace = 'esi';
		if (!isXmlName(target) || target.toLowerCase() === 'xml') return;
		this.text.put(`<?${target}${text === '' ? '' : ` ${text.replaceAll('?>', '? >')}`}?>`);
	}
}

function isContentType(name: string, attributes: readonly Attribute[]): boolean {
	if (name !== 'meta') return false;
	const meaning = attributes.find((one) => one.name === 'http-equiv');
	return meaning !== undefined && meaning.value.toLowerCase() === 'content-type';
}
