/**
 * Writes a document as libxml2 writes one with an XHTML doctype, habits included: what Diazo's users see and its tests
 * compare. Well-formed whatever the tree holds, except for text that is meant to be written as it stands.
 */
import { type Attribute, COMMENT, ELEMENT, TEXT, type Tree } from '../tree/index.ts';
import { type Root, xhtmlAttributes } from './xhtml-attributes.ts';
import { isXmlName, xmlComment, xmlText, xmlValue } from './xml-escape.ts';

export interface XhtmlOptions {
	/** Default: that of XHTML 1.0 Transitional. With both null there is no doctype, and plain XML is written. */
	readonly doctypePublic?: string | null;
	readonly doctypeSystem?: string | null;
	/** Writes as for the doctype, without it. */
	readonly omitDoctype?: boolean;
	/** Begins with an XML declaration. */
	readonly declaration?: boolean;
}

const TRANSITIONAL_PUBLIC = '-//W3C//DTD XHTML 1.0 Transitional//EN';
const TRANSITIONAL_SYSTEM = 'http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd';
const XHTML_PUBLIC = /^-\/\/W3C\/\/DTD XHTML 1\.0 (?:Strict|Transitional|Frameset)\/\/EN$/;
const XHTML_SYSTEM = /^http:\/\/www\.w3\.org\/TR\/xhtml1\/DTD\/xhtml1-(?:strict|transitional|frameset)\.dtd$/;
const META = '<meta http-equiv="Content-Type" content="text/html; charset=UTF-8" />';
const EMPTY: ReadonlySet<string> = new Set(
	'area base basefont br col frame hr img input isindex link meta param'.split(' '),
);

export function serializeXhtml(tree: Tree, options: XhtmlOptions = {}): string {
	const doctypePublic = options.doctypePublic === undefined ? TRANSITIONAL_PUBLIC : options.doctypePublic;
	const doctypeSystem = options.doctypeSystem === undefined ? TRANSITIONAL_SYSTEM : options.doctypeSystem;
	const isXhtml = XHTML_PUBLIC.test(doctypePublic ?? '') || XHTML_SYSTEM.test(doctypeSystem ?? '');
	const writer = new XhtmlWriter(tree, isXhtml);
	let text = options.declaration === true ? '<?xml version="1.0" encoding="UTF-8"?>\n' : '';
	if (options.omitDoctype !== true) text += doctypeOf(tree, doctypePublic, doctypeSystem);
	return text + writer.document();
}

function doctypeOf(tree: Tree, publicId: string | null, systemId: string | null): string {
	const root = tree.children(0).find((child) => tree.isElement(child));
	if (systemId === null || root === undefined || !isXmlName(tree.names[root] as string)) return '';
	const system = `"${systemId.replaceAll('"', '%22')}"`;
	const ids = publicId === null ? `SYSTEM ${system}` : `PUBLIC "${publicId.replaceAll('"', '')}" ${system}`;
	return `<!DOCTYPE ${tree.names[root]} ${ids}>\n`;
}

class XhtmlWriter {
	private text = '';
	private readonly tree: Tree;
	private readonly isXhtml: boolean;
	private readonly root: Root;

	constructor(tree: Tree, isXhtml: boolean) {
		this.tree = tree;
		this.isXhtml = isXhtml;
		this.root = tree.names.some((name) => name.startsWith('esi:')) ? 'esi' : 'xhtml';
	}

	document(): string {
		const tree = this.tree;
		const open: number[] = [];
		for (let node = 1; node < tree.count; node++) {
			for (let last = open.at(-1); last !== undefined && node >= tree.after(last); last = open.at(-1)) {
				this.endTag(last);
				open.pop();
			}
			if (tree.kinds[node] !== ELEMENT) this.leaf(node);
			else if (this.startTag(node)) open.push(node);
		}
		for (const node of open.toReversed()) this.endTag(node);
		return this.text;
	}

	/** Whether an end tag is still to come. */
	private startTag(node: number): boolean {
		const { tree, isXhtml } = this;
		const name = tree.names[node] as string;
		if (!isXmlName(name)) return false;
		const root = tree.parents[node] === 0 ? this.root : null;
		const attributes = tree.attributes(node);
		this.text += `<${name}`;
		for (const attribute of isXhtml ? xhtmlAttributes(name, attributes, root) : attributes) this.attribute(attribute);
		const isEmpty = node + 1 === tree.after(node);
		if (isEmpty && (!isXhtml || EMPTY.has(name))) {
			this.text += isXhtml ? ' />' : '/>';
			return false;
		}
		this.text += '>';
		if (isXhtml && name === 'head' && !hasContentType(tree, node)) this.text += META;
		return true;
	}

	private endTag(node: number): void {
		this.text += `</${this.tree.names[node]}>`;
	}

	private attribute(attribute: Attribute): void {
		if (isXmlName(attribute.name)) this.text += ` ${attribute.name}="${xmlValue(attribute.value)}"`;
	}

	private leaf(node: number): void {
		const tree = this.tree;
		const kind = tree.kinds[node];
		if (kind === TEXT) this.text += this.characters(node);
		else if (kind === COMMENT) this.text += `<!--${xmlComment(tree.text(node))}-->`;
		else this.instruction(tree.names[node] as string, tree.text(node));
	}

	private characters(node: number): string {
		const tree = this.tree;
		const parent = tree.names[tree.parents[node] as number];
		const isCode = parent === 'script' || parent === 'style';
		// As Diazo's templates have it; a lone CR is written as a reference.
		const text = tree.text(node).replaceAll('\r\n', '\n');
		// Made as raw text: asked for by whoever made it. Read as raw text: for the one element it was read in.
		if (tree.isRaw(node) && (isCode || (tree.starts[node] as number) < 0)) return text;
		if (!isCode || !this.isXhtml || !/[<&]|\]\]>/.test(text)) return xmlText(text);
		return `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
	}

	private instruction(target: string, text: string): void {
		if (!isXmlName(target) || target.toLowerCase() === 'xml') return;
		this.text += `<?${target}${text === '' ? '' : ` ${text.replaceAll('?>', '? >')}`}?>`;
	}
}

function hasContentType(tree: Tree, head: number): boolean {
	return tree.children(head).some((child) => {
		if (tree.names[child] !== 'meta' || !tree.isElement(child)) return false;
		return tree.attribute(child, 'http-equiv')?.toLowerCase() === 'content-type';
	});
}
