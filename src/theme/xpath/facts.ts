/** What an expression leans on, found before anything is evaluated. */
import { type Expression, partsOf } from './ast.ts';
import { kindOf } from './kind-of.ts';

export interface Facts {
	readonly variables: ReadonlySet<string>;
	/** By the usual prefixes. */
	readonly functions: ReadonlySet<string>;
	/** Asked from another node, it may answer something else. */
	readonly here: boolean;
	/** The same for another place in the set: position() or last() of this level. */
	readonly positional: boolean;
	/** Leans on the world around: current(), document(), the time. */
	readonly unsteady: boolean;
	/** Asks for the file that it stands in: document(''). */
	readonly ownSource: boolean;
}

export function factsOf(expression: Expression): Facts {
	const variables = new Set<string>();
	const functions = new Set<string>();
	collect(expression, variables, functions);
	const unsteady = isUnsteady(expression);
	const ownSource = asksOwnSource(expression);
	return {
		variables,
		functions,
		unsteady,
		ownSource,
		here: asksHere(expression),
		positional: asksPosition(expression),
	};
}

function collect(expression: Expression, variables: Set<string>, functions: Set<string>): void {
	if (expression.type === 'variable') variables.add(expression.name);
	if (expression.type === 'call') functions.add(expression.name);
	for (const part of partsOf(expression)) collect(part, variables, functions);
}

function asksOwnSource(expression: Expression): boolean {
	if (expression.type === 'call' && expression.name === 'document') {
		const [first, base] = expression.args;
		if (first?.type === 'string' && first.value === '' && base === undefined) return true;
	}
	return partsOf(expression).some(asksOwnSource);
}

function isUnsteady(expression: Expression): boolean {
	if (expression.type === 'call' && expression.definition.variable) return true;
	return partsOf(expression).some(isUnsteady);
}

/** The parts that are evaluated for the same node and place as the whole. */
function sameLevel(expression: Expression): readonly Expression[] {
	if (expression.type === 'path') return typeof expression.from === 'object' ? [expression.from] : [];
	return expression.type === 'filter' ? [expression.of] : partsOf(expression);
}

function asksHere(expression: Expression): boolean {
	if (expression.type === 'path' && expression.from === 'here') return true;
	if (expression.type === 'call' && expression.args.length <= expression.definition.hereUpTo) return true;
	return sameLevel(expression).some(asksHere);
}

export function asksPosition(expression: Expression): boolean {
	if (expression.type === 'call' && expression.definition.positional) return true;
	return sameLevel(expression).some(asksPosition);
}

/** May this predicate be tried on a node without knowing its position? A number is a position (section 2.4). */
export function isPlain(predicate: Expression): boolean {
	const kind = kindOf(predicate);
	return kind !== 'number' && kind !== 'any' && !asksPosition(predicate);
}

/** From the root, without variables: one answer for each tree. */
export function isLasting(expression: Expression): boolean {
	const { variables, here, positional, unsteady } = factsOf(expression);
	return variables.size === 0 && !here && !positional && !unsteady;
}
