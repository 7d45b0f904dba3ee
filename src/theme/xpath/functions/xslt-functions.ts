/** What XSLT 1.0 adds (section 12). */
import { attributeAt, elementOf, isAttribute, type NodeSet, type Tree } from '../../tree/index.ts';
import { booleanCode, type Code } from '../code.ts';
import type { Frame } from '../frame.ts';
import { stringValue } from '../value.ts';
import { XPathError } from '../xpath-error.ts';
import {
	argument,
	booleanFunction,
	define,
	type FunctionDefinition,
	nodesFunction,
	numberAt,
	stringFunction,
	textAt,
} from './definition.ts';
import { formatNumber } from './format-number.ts';

/** The instructions that rules may use. */
const INSTRUCTIONS = new Set(
	(
		'apply-templates attribute call-template choose comment copy copy-of element for-each if message number otherwise ' +
		'output param processing-instruction sort strip-space stylesheet template text transform value-of variable when ' +
		'with-param'
	).split(' '),
);

const PROPERTIES: Readonly<Record<string, string>> = {
	'xsl:version': '1.0',
	'xsl:vendor': 'Turnabout',
	'xsl:vendor-url': '',
};

const numbers = new WeakMap<Tree, number>();
let trees = 0;

/** Section 12.4: the same node the same name, and a name it is. */
function nodeId(tree: Tree, ref: number): string {
	const number = numbers.get(tree) ?? ++trees;
	numbers.set(tree, number);
	return `d${number}n${elementOf(ref)}${isAttribute(ref) ? `a${attributeAt(ref)}` : ''}`;
}

function generateId(frame: Frame, args: readonly Code[]): string {
	const [arg] = args;
	if (arg === undefined) return nodeId(frame.tree, frame.node);
	const { tree, nodes } = arg.nodes(frame);
	return nodes[0] === undefined ? '' : nodeId(tree, nodes[0]);
}

/** Section 12.1. Where several documents are named, they would be several trees: that is an error. */
function documents(frame: Frame, args: readonly Code[]): NodeSet {
	const value = argument(args, 0).value(frame);
	const names = typeof value === 'object' ? value.nodes.map((n) => stringValue(value.tree, n)) : [String(value)];
	const found = new Set<Tree>();
	for (const name of new Set(names)) {
		const tree = frame.evaluation.context.document(name);
		if (tree !== null) found.add(tree);
	}
	if (found.size > 1) throw new XPathError('document() gives one document, and several were named.');
	const [tree] = found;
	return tree === undefined ? { tree: frame.tree, nodes: [] } : { tree, nodes: [0] };
}

export const xsltFunctions: Readonly<Record<string, FunctionDefinition>> = {
	current: nodesFunction(
		[0, 0],
		({ evaluation: { context } }) => ({ tree: context.current.tree, nodes: [context.current.node] }),
		{ variable: true },
	),
	document: nodesFunction([1, 2], documents, { variable: true }),
	'generate-id': stringFunction([0, 1], generateId, { hereUpTo: 0, nodeSets: [0] }),
	'format-number': stringFunction([2, 3], (frame, args) =>
		formatNumber(numberAt(frame, args, 0), textAt(frame, args, 1)),
	),
	'system-property': stringFunction([1, 1], (frame, args) => PROPERTIES[textAt(frame, args, 0)] ?? ''),
	'element-available': booleanFunction([1, 1], (frame, args) => {
		const [prefix, name] = textAt(frame, args, 0).split(':');
		return prefix === 'xsl' && INSTRUCTIONS.has(name ?? '');
	}),
	'function-available': define('boolean', [1, 1], (args, scope) =>
		booleanCode((frame) => scope.hasFunction(textAt(frame, args, 0))),
	),
	'unparsed-entity-uri': stringFunction([1, 1], () => ''),
};
