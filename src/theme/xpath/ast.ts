/** An expression taken apart. Places are offsets in the source, for messages. */
import type { FunctionDefinition } from './functions/index.ts';

export const AXES = [
	'ancestor',
	'ancestor-or-self',
	'attribute',
	'child',
	'descendant',
	'descendant-or-self',
	'following',
	'following-sibling',
	'namespace',
	'parent',
	'preceding',
	'preceding-sibling',
	'self',
] as const;

export type Axis = (typeof AXES)[number];

export type NodeTest =
	| { readonly type: 'name'; readonly name: string }
	/** `*` */
	| { readonly type: 'any' }
	/** `svg:*` */
	| { readonly type: 'prefix'; readonly prefix: string }
	| { readonly type: 'node' }
	| { readonly type: 'text' }
	| { readonly type: 'comment' }
	/** Null: any target. */
	| { readonly type: 'instruction'; readonly target: string | null };

interface Placed {
	readonly start: number;
	readonly end: number;
}

export interface Step extends Placed {
	readonly axis: Axis;
	readonly test: NodeTest;
	readonly predicates: readonly Expression[];
}

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';
export type Arithmetic = '+' | '-' | '*' | 'div' | 'mod';

export interface PathExpression extends Placed {
	readonly type: 'path';
	/** Where it begins: the root, the node at hand, or what an expression gives. */
	readonly from: 'root' | 'here' | Expression;
	readonly steps: readonly Step[];
}

export interface CallExpression extends Placed {
	readonly type: 'call';
	/** With the usual prefix of its namespace, whatever it was written with. */
	readonly name: string;
	readonly definition: FunctionDefinition;
	readonly args: readonly Expression[];
}

/** `and`, `or` and `|`, with all their operands side by side: chains of them may be long. */
export interface SeveralExpression extends Placed {
	readonly type: 'and' | 'or' | 'union';
	readonly operands: readonly Expression[];
}

export type Expression =
	| (Placed & { readonly type: 'string'; readonly value: string })
	| (Placed & { readonly type: 'number'; readonly value: number })
	| (Placed & { readonly type: 'variable'; readonly name: string })
	| (Placed & { readonly type: 'negative'; readonly operand: Expression })
	| (Placed & {
			readonly type: 'comparison';
			readonly operator: Comparison;
			readonly left: Expression;
			readonly right: Expression;
	  })
	| (Placed & {
			readonly type: 'arithmetic';
			readonly operator: Arithmetic;
			readonly left: Expression;
			readonly right: Expression;
	  })
	| (Placed & { readonly type: 'filter'; readonly of: Expression; readonly predicates: readonly Expression[] })
	| CallExpression
	| PathExpression
	| SeveralExpression;

/** Everything that stands right inside an expression. */
export function partsOf(expression: Expression): readonly Expression[] {
	switch (expression.type) {
		case 'negative':
			return [expression.operand];
		case 'comparison':
		case 'arithmetic':
			return [expression.left, expression.right];
		case 'filter':
			return [expression.of, ...expression.predicates];
		case 'call':
			return expression.args;
		case 'path': {
			const predicates = expression.steps.flatMap((step) => step.predicates);
			return typeof expression.from === 'object' ? [expression.from, ...predicates] : predicates;
		}
		case 'and':
		case 'or':
		case 'union':
			return expression.operands;
		default:
			return [];
	}
}
