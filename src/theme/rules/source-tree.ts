/**
 * A file of rules as a document, for expressions that ask for the file they stand in (XSLT 1.0 section 12.1): elements have
 * the names that are written, and what XInclude names is not there.
 */
import { Diagnostics, type SourceFile } from '../diagnostics/index.ts';
import { type Tree, TreeMaker } from '../tree/index.ts';
import { qualifiedName, readXmlFragment, type XmlNode } from './xml/index.ts';

/** Null when it is not XML. */
export function sourceTree(file: SourceFile): Tree | null {
	const nodes = readXmlFragment(file, new Diagnostics(), NO_PREFIXES);
	if (nodes === null) return null;
	const maker = new TreeMaker();
	// Between the doctype and the root there is no text.
	for (const node of nodes) if (node.type !== 'text') add(node, maker);
	return maker.finish();
}

const NO_PREFIXES: ReadonlyMap<string, string> = new Map();

function add(node: XmlNode, maker: TreeMaker): void {
	if (node.type === 'text') return maker.text(node.text);
	if (node.type === 'comment') return maker.comment(node.text);
	const attributes = node.attributes.map((one) => ({ name: qualifiedName(one), value: one.value }));
	maker.startElement(qualifiedName(node), attributes);
	for (const child of node.children) add(child, maker);
	maker.endElement();
}
