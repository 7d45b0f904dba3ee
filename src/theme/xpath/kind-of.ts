/** The kind of value that an expression will have, as far as its writing tells. */
import type { Expression } from './ast.ts';
import type { Kind } from './code.ts';

export function kindOf(expression: Expression): Kind {
	switch (expression.type) {
		case 'string':
			return 'string';
		case 'number':
		case 'negative':
		case 'arithmetic':
			return 'number';
		case 'comparison':
		case 'and':
		case 'or':
			return 'boolean';
		case 'variable':
			return 'any';
		case 'call':
			return expression.definition.returns;
		default:
			return 'nodes';
	}
}
