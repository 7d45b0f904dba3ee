/** EXSLT's common and dynamic functions. */
import type { NodeSet } from '../../tree/index.ts';
import { anyCode, type Code } from '../code.ts';
import type { Frame } from '../frame.ts';
import { toString, type XPathValue } from '../value.ts';
import { XPathError, XPathSyntaxError } from '../xpath-error.ts';
import { argument, define, type FunctionDefinition, nodesFunction, type Scope, stringFunction } from './definition.ts';
import { textTree } from './made-nodes.ts';

/** Compiled expressions of one call of dyn:evaluate() that are kept. */
const KEPT = 100;
/** Calls of dyn:evaluate() inside of each other. */
const DEEPEST = 50;

const typeOf = (value: XPathValue): string => (typeof value === 'object' ? 'node-set' : typeof value);

/** What is no node-set yet becomes one text. */
function asNodeSet(frame: Frame, args: readonly Code[]): NodeSet {
	const value = argument(args, 0).value(frame);
	return typeof value === 'object' ? value : textTree(toString(value));
}

/** Only where the context allows it: a string that came with a request would be a program that came with a request. */
function evaluate(args: readonly Code[], scope: Scope): Code {
	const known = new Map<string, Code>();
	return anyCode((frame) => {
		const { evaluation } = frame;
		if (evaluation.context.dynamic !== true) throw new XPathError('dyn:evaluate() is switched off here.');
		if (evaluation.nested === DEEPEST) throw new XPathError('dyn:evaluate() calls itself without an end.');
		const source = argument(args, 0).string(frame);
		const code = known.get(source) ?? compiled(source, scope);
		if (known.size < KEPT) known.set(source, code);
		evaluation.nested++;
		const value = code.value(frame);
		evaluation.nested--;
		return value;
	});
}

/** A mistake that shows only while evaluating. */
function compiled(source: string, scope: Scope): Code {
	try {
		return scope.compile(source);
	} catch (error) {
		if (error instanceof XPathSyntaxError)
			throw new XPathError(`dyn:evaluate() was given '${source}': ${error.message}`);
		throw error;
	}
}

export const exsltFunctions: Readonly<Record<string, FunctionDefinition>> = {
	'exsl:node-set': nodesFunction([1, 1], asNodeSet),
	'exsl:object-type': stringFunction([1, 1], (frame, args) => typeOf(argument(args, 0).value(frame))),
	'dyn:evaluate': define('any', [1, 1], evaluate, { variable: true, positional: true, hereUpTo: 1 }),
};
