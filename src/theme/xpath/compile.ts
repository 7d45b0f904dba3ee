/** From ast.ts to closures: what can be decided once is decided here. */
import type { Arithmetic, CallExpression, Expression, PathExpression } from './ast.ts';
import { attributeHere } from './attribute-here.ts';
import { anyCode, booleanCode, type Code, nodesCode, numberCode, stringCode } from './code.ts';
import { compileComparison } from './compile-comparison.ts';
import { compileFilter, compilePath } from './compile-path.ts';
import type { Frame } from './frame.ts';
import type { Scope } from './functions/index.ts';
import type { Hint } from './node-filter.ts';
import { union } from './node-order.ts';
import { attributeName, classTest, hasClass } from './recognise.ts';
import { stringToNumber } from './value.ts';
import { XPathError } from './xpath-error.ts';

const ARITHMETIC: Readonly<Record<Arithmetic, (a: number, b: number) => number>> = {
	'+': (a, b) => a + b,
	'-': (a, b) => a - b,
	'*': (a, b) => a * b,
	div: (a, b) => a / b,
	mod: (a, b) => a % b,
};

export class Compiler {
	/** What an index should list. */
	readonly hints: Hint[] = [];
	private readonly scope: Scope;
	private predicates = 0;

	constructor(scope: Scope) {
		this.scope = scope;
	}

	/** Whatever is compiled now is evaluated for many nodes. */
	get inPredicate(): boolean {
		return this.predicates > 0;
	}

	predicate(expression: Expression): Code {
		this.predicates++;
		const code = this.compile(expression);
		this.predicates--;
		return code;
	}

	compile(expression: Expression): Code {
		switch (expression.type) {
			case 'string':
				return stringCode(() => expression.value);
			case 'number':
				return numberCode(() => expression.value);
			case 'variable':
				return variable(expression.name);
			case 'negative': {
				const operand = this.compile(expression.operand);
				return numberCode((frame) => -operand.number(frame));
			}
			case 'arithmetic': {
				const [left, right] = [this.compile(expression.left), this.compile(expression.right)];
				const run = ARITHMETIC[expression.operator];
				return numberCode((frame) => run(left.number(frame), right.number(frame)));
			}
			case 'comparison':
				return compileComparison(expression, this);
			case 'and':
			case 'or':
				return this.logical(expression.operands, expression.type === 'or');
			case 'union': {
				const sets = expression.operands.map((one) => this.compile(one));
				return nodesCode(
					(frame) => union(sets.map((set) => set.nodes(frame))),
					(frame) => sets.some((set) => set.boolean(frame)),
				);
			}
			case 'filter':
				return compileFilter(expression.of, expression.predicates, this);
			case 'path':
				return this.path(expression);
			default:
				return this.call(expression);
		}
	}

	private logical(operands: readonly Expression[], decisive: boolean): Code {
		const tests = operands.map((one) => this.compile(one).boolean);
		return booleanCode((frame) => {
			for (const test of tests) if (test(frame) === decisive) return decisive;
			return !decisive;
		});
	}

	private path(path: PathExpression): Code {
		const code = compilePath(path, this);
		const name = attributeName(path);
		if (name === null) return code;
		const string = (frame: Frame): string => attributeHere(frame, name) ?? '';
		const number = (frame: Frame): number => stringToNumber(string(frame));
		return { ...code, string, number, boolean: (frame) => attributeHere(frame, name) !== null };
	}

	private call(call: CallExpression): Code {
		const test = classTest(call);
		if (test !== null) {
			return booleanCode((frame) => {
				const words = attributeHere(frame, 'class');
				return words !== null && hasClass(words, test);
			});
		}
		const [first] = call.args;
		if (call.name === 'id' && first?.type === 'string') {
			for (const key of first.value.split(/[ \t\r\n]+/)) if (key !== '') this.hints.push({ table: 'ids', key });
		}
		const args = call.args.map((arg) => this.compile(arg));
		return call.definition.build(args, this.scope);
	}
}

const variable = (name: string): Code =>
	anyCode(({ evaluation }) => {
		const value = evaluation.context.variable(name);
		if (value === undefined) throw new XPathError(`There is no variable '$${name}'.`);
		return value;
	});
