/** What XSLT 1.0 adds (section 12). */
import { attributeAt, elementOf, isAttribute, type NodeSet, type Tree } from '../../tree/index.ts';
import { booleanCode, type Code, nodesCode } from '../code.ts';
import { type DecimalFormat, USUAL_FORMAT } from '../decimal-format.ts';
import type { Frame } from '../frame.ts';
import { union } from '../node-order.ts';
import { stringValue, toString } from '../value.ts';
import { XPathError } from '../xpath-error.ts';
import {
	argument,
	booleanFunction,
	define,
	type FunctionDefinition,
	nodesFunction,
	numberAt,
	type Scope,
	stringFunction,
	textAt,
} from './definition.ts';
import { formatNumber } from './format-number.ts';

/** The instructions that rules may use. */
const INSTRUCTIONS = new Set(
	(
		'apply-imports apply-templates attribute attribute-set call-template choose comment copy copy-of decimal-format element fallback ' +
		'for-each if import include key message namespace-alias number otherwise output param preserve-space ' +
		'processing-instruction sort strip-space stylesheet template text transform value-of variable when with-param'
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

/**
 * Section 12.1. Where several documents are named, they would be several trees: that is an error. '' is the document that
 * the name stands in: that of the second argument, that of the nodes whose text it is, or the rules themselves.
 */
function documents(frame: Frame, args: readonly Code[], { file }: Scope): NodeSet {
	const { context } = frame.evaluation;
	const value = argument(args, 0).value(frame);
	const [, base] = args;
	const around = base === undefined ? (typeof value === 'object' ? value : null) : base.nodes(frame);
	const own = (): Tree | null => (file === null ? null : (context.source?.(file) ?? null));
	const names = typeof value === 'object' ? value.nodes.map((n) => stringValue(value.tree, n)) : [String(value)];
	const found = new Set<Tree>();
	for (const name of new Set(names)) {
		const tree = name !== '' ? context.document(name) : around === null ? own() : around.tree;
		if (tree !== null) found.add(tree);
	}
	if (found.size > 1) throw new XPathError('document() gives one document, and several were named.');
	const [tree] = found;
	return tree === undefined ? { tree: frame.tree, nodes: [] } : { tree, nodes: [0] };
}

function formatNamed({ evaluation: { context } }: Frame, name: string): DecimalFormat {
	const format = context.declared?.decimalFormat(name) ?? (name === '' ? USUAL_FORMAT : null);
	if (format === null) throw new XPathError(`There is no xsl:decimal-format named '${name}'.`);
	return format;
}

/** Section 12.2: of a node-set every node is a value; found in the document of the node at hand. */
function keyed(frame: Frame, args: readonly Code[]): NodeSet {
	const { tree, evaluation } = frame;
	const { context } = evaluation;
	const name = textAt(frame, args, 0);
	const value = argument(args, 1).value(frame);
	const values = typeof value === 'object' ? value.nodes.map((n) => stringValue(value.tree, n)) : [toString(value)];
	const sets = [...new Set(values)].map((one): NodeSet => {
		const nodes = context.declared?.keyed(name, one, tree, context) ?? null;
		if (nodes === null) throw new XPathError(`There is no xsl:key named '${name}'.`);
		return { tree, nodes };
	});
	return sets.length === 0 ? { tree, nodes: [] } : union(sets);
}

export const xsltFunctions: Readonly<Record<string, FunctionDefinition>> = {
	current: nodesFunction(
		[0, 0],
		({ evaluation: { context } }) => ({ tree: context.current.tree, nodes: [context.current.node] }),
		{ variable: true },
	),
	document: define('nodes', [1, 2], (args, scope) => nodesCode((frame) => documents(frame, args, scope)), {
		variable: true,
	}),
	'generate-id': stringFunction([0, 1], generateId, { hereUpTo: 0, nodeSets: [0] }),
	'format-number': stringFunction([2, 3], (frame, args) =>
		formatNumber(numberAt(frame, args, 0), textAt(frame, args, 1), formatNamed(frame, textAt(frame, args, 2))),
	),
	key: define('nodes', [2, 2], (args) => nodesCode((frame) => keyed(frame, args))),
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
