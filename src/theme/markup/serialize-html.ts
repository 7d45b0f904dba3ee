/** A subtree as HTML of its own, for fragments and for what is cached. */
import type { Tree } from '../tree/index.ts';
import { type Guard, guardFor } from './guard.ts';
import { HtmlWriter } from './html-writer.ts';

const NOTHING_AROUND: Guard = guardFor([]);

export function serializeHtml(tree: Tree, node: number): string {
	const writer = new HtmlWriter(NOTHING_AROUND);
	writer.node(tree, node);
	return writer.text;
}
