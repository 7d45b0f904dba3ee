/** Links in content, mapped: which elements have other attributes then, and which style sheets another text. */
import type { LinkMapper } from '../links/index.ts';
import type { Edit } from '../page/index.ts';
import { type Attribute, ELEMENT, TEXT, type Tree } from '../tree/index.ts';

export class LinkEdits {
	private readonly mapper: LinkMapper;

	constructor(mapper: LinkMapper) {
		this.mapper = mapper;
	}

	mapAttributes(tree: Tree, attributes: Map<number, Attribute[]>): void {
		for (let node = 1; node < tree.count; node++) {
			if (tree.kinds[node] !== ELEMENT || !mayHaveLinks(tree, node)) continue;
			const mapped = this.mapper.attributes(tree.names[node] as string, tree.attributes(node));
			if (mapped !== null) attributes.set(node, [...mapped]);
		}
	}

	mapStyles(tree: Tree, nodes: Map<number, Edit>): void {
		for (let node = 2; node < tree.count; node++) {
			if (tree.kinds[node] !== TEXT || tree.names[tree.parents[node] as number] !== 'style') continue;
			const text = tree.text(node);
			const mapped = this.mapper.css(text);
			if (mapped !== text) nodes.set(node, { run: (_frame, out) => out.text(mapped, true) });
		}
	}
}

/** A start tag without attributes is the name in its brackets; a made element is looked at. */
function mayHaveLinks(tree: Tree, node: number): boolean {
	const start = tree.starts[node] as number;
	if (start < 0) return true;
	return (tree.openEnds[node] as number) - start > (tree.names[node] as string).length + 5;
}
