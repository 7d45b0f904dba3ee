/** The functions of XPath 1.0 on node-sets (section 4.1). */
import {
	attributeAt,
	ELEMENT,
	elementOf,
	INSTRUCTION,
	isAttribute,
	type NodeSet,
	type Tree,
} from '../../tree/index.ts';
import { type Code, nodesCode } from '../code.ts';
import type { Frame } from '../frame.ts';
import { stringToNumber, stringValue } from '../value.ts';
import { argument, define, type FunctionDefinition, numberFunction, stringFunction } from './definition.ts';

const XML = 'http://www.w3.org/XML/1998/namespace';

const NODE_OR_HERE = { hereUpTo: 0, nodeSets: [0] };

/** The name as it is written, with its prefix; '' for what has none. */
function nameOf(tree: Tree, ref: number): string {
	if (isAttribute(ref)) return tree.attributes(elementOf(ref))[attributeAt(ref)]?.name ?? '';
	const kind = tree.kinds[ref];
	return kind === ELEMENT || kind === INSTRUCTION ? (tree.names[ref] ?? '') : '';
}

function qualifiedName(frame: Frame, args: readonly Code[]): string {
	const [arg] = args;
	if (arg === undefined) return nameOf(frame.tree, frame.node);
	const { tree, nodes } = arg.nodes(frame);
	return nodes[0] === undefined ? '' : nameOf(tree, nodes[0]);
}

function sum(frame: Frame, args: readonly Code[]): number {
	const { tree, nodes } = argument(args, 0).nodes(frame);
	let total = 0;
	for (const node of nodes) total += stringToNumber(stringValue(tree, node));
	return total;
}

/** The first element with that id, as libxml2 has it; an index knows it, or the document is searched. */
function elementById(frame: Frame, id: string): number | undefined {
	const { tree } = frame;
	const listed = frame.evaluation.context.index(tree)?.ids.get(id);
	if (listed !== undefined) return listed[0];
	for (let n = 0; n < tree.count; n++) if (tree.kinds[n] === ELEMENT && tree.attribute(n, 'id') === id) return n;
	return undefined;
}

/** Of a node-set every node names ids, of anything else its string does: separated by white space. */
function byId(frame: Frame, args: readonly Code[]): NodeSet {
	const value = argument(args, 0).value(frame);
	const texts = typeof value === 'object' ? value.nodes.map((n) => stringValue(value.tree, n)) : [];
	if (typeof value !== 'object') texts.push(argument(args, 0).string(frame));
	const ids = new Set(texts.flatMap((text) => text.split(/[ \t\r\n]+/)));
	ids.delete('');
	const found = new Set<number>();
	for (const id of ids) {
		const element = elementById(frame, id);
		if (element !== undefined) found.add(element);
	}
	return { tree: frame.tree, nodes: [...found].sort((a, b) => a - b) };
}

export const nodeFunctions: Readonly<Record<string, FunctionDefinition>> = {
	last: numberFunction([0, 0], (frame) => frame.size, { positional: true }),
	position: numberFunction([0, 0], (frame) => frame.position, { positional: true }),
	count: numberFunction([1, 1], (frame, args) => argument(args, 0).nodes(frame).nodes.length, { nodeSets: [0] }),
	sum: numberFunction([1, 1], sum, { nodeSets: [0] }),
	id: define('nodes', [1, 1], (args) => nodesCode((frame) => byId(frame, args))),
	name: stringFunction([0, 1], qualifiedName, NODE_OR_HERE),
	'local-name': stringFunction(
		[0, 1],
		(frame, args) => {
			const name = qualifiedName(frame, args);
			return name.slice(name.indexOf(':') + 1);
		},
		NODE_OR_HERE,
	),
	/** Documents are HTML: only `xml:` stands for a namespace. */
	'namespace-uri': stringFunction(
		[0, 1],
		(frame, args) => (qualifiedName(frame, args).startsWith('xml:') ? XML : ''),
		NODE_OR_HERE,
	),
};
