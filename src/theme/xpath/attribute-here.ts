import { isAttribute } from '../tree/index.ts';
import type { Frame } from './frame.ts';

/** The value of an attribute of the node at hand, or null. */
export function attributeHere({ tree, node }: Frame, name: string): string | null {
	return isAttribute(node) || !tree.isElement(node) ? null : tree.attribute(node, name);
}
