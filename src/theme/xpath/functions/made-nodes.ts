/** Node-sets of what functions make: they have trees of their own. */
import { type NodeSet, TreeMaker } from '../../tree/index.ts';

/** One text node; none for ''. */
export function textTree(text: string): NodeSet {
	const maker = new TreeMaker();
	if (text !== '') maker.text(text);
	const tree = maker.finish();
	return { tree, nodes: tree.children(0) };
}

/** One element of that name for each text. */
export function elementTree(name: string, texts: readonly string[]): NodeSet {
	const maker = new TreeMaker();
	for (const text of texts) {
		maker.startElement(name);
		if (text !== '') maker.text(text);
		maker.endElement();
	}
	const tree = maker.finish();
	return { tree, nodes: tree.children(0) };
}
