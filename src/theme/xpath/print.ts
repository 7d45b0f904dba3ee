/** An expression written in one way only: what is printed alike means the same. */
import type { Expression, NodeTest, Step } from './ast.ts';

export function print(expression: Expression): string {
	switch (expression.type) {
		case 'string':
			return JSON.stringify(expression.value);
		case 'number':
			return String(expression.value);
		case 'variable':
			return `$${expression.name}`;
		case 'negative':
			return `-(${print(expression.operand)})`;
		case 'comparison':
		case 'arithmetic':
			return `(${print(expression.left)} ${expression.operator} ${print(expression.right)})`;
		case 'filter':
			return `(${print(expression.of)})${predicates(expression.predicates)}`;
		case 'call':
			return `${expression.name}(${expression.args.map(print).join(',')})`;
		case 'path': {
			const { from } = expression;
			const start = from === 'root' ? '/' : from === 'here' ? './' : `(${print(from)})/`;
			return start + expression.steps.map(step).join('/');
		}
		default:
			return `(${expression.operands.map(print).join(` ${expression.type} `)})`;
	}
}

const predicates = (all: readonly Expression[]): string => all.map((one) => `[${print(one)}]`).join('');

const step = ({ axis, test, predicates: all }: Step): string => `${axis}::${nodeTest(test)}${predicates(all)}`;

function nodeTest(test: NodeTest): string {
	switch (test.type) {
		case 'name':
			return test.name;
		case 'any':
			return '*';
		case 'prefix':
			return `${test.prefix}:*`;
		case 'instruction':
			return `processing-instruction(${test.target === null ? '' : JSON.stringify(test.target)})`;
		default:
			return `${test.type}()`;
	}
}
