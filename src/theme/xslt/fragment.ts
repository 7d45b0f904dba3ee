/** What a body writes, kept to be looked at: the value of a variable, the text of an attribute. */
import { TreeOutput } from '../output/index.ts';
import type { Frame } from '../page/index.ts';
import type { NodeSet } from '../tree/index.ts';
import type { Instruction } from './instruction.ts';

/** Its root (XSLT 1.0 section 11.1). */
export function fragment(body: Instruction, frame: Frame): NodeSet {
	const out = new TreeOutput();
	body(frame, out);
	return { tree: out.finish(), nodes: [0] };
}

/** Its text alone: what else is written is left out (sections 7.1.3, 7.3 and 7.4). */
export function textOf(body: Instruction, frame: Frame): string {
	return fragment(body, frame).tree.stringValue(0);
}
