/**
 * From tokens to the tree of ast.ts (XPath 1.0, sections 2 and 3). Expressions come from people who wrote rules: what is
 * wrong is said with its place and what was probably meant. Nesting is bounded, so that no expression ends the process.
 */

import { didYouMean } from '../diagnostics/index.ts';
import type { NodeTest, SeveralExpression, Step } from './ast.ts';
import { type Arithmetic, AXES, type Axis, type CallExpression, type Comparison, type Expression } from './ast.ts';
import type { FunctionNames } from './functions/index.ts';
import { kindOf } from './kind-of.ts';
import { type Token, tokensOf } from './lexer.ts';
import { XPathSyntaxError } from './xpath-error.ts';

const DEEPEST = 200;

const NODE_TYPES = new Set(['node', 'text', 'comment', 'processing-instruction']);
const AXIS_NAMES: ReadonlySet<string> = new Set(AXES);
const LEVELS: readonly (readonly string[])[] = [
	['=', '!='],
	['<', '<=', '>', '>='],
	['+', '-'],
	['*', 'div', 'mod'],
];
const CALLED = { and: 'and', or: 'or', union: '|' } as const;

export function parseXPath(source: string, functions: FunctionNames): Expression {
	return new Parser(source, functions).whole();
}

class Parser {
	private readonly source: string;
	private readonly functions: FunctionNames;
	private readonly tokens: readonly Token[];
	private at = 0;
	private depth = 0;

	constructor(source: string, functions: FunctionNames) {
		this.source = source;
		this.functions = functions;
		this.tokens = tokensOf(source);
	}

	whole(): Expression {
		if (this.tokens.length === 1) this.fail('There is no expression here.');
		const expression = this.expression();
		if (this.token.kind === 'end') return expression;
		if (this.is('mark', ',')) this.fail("',' cannot stand here.", "Alternatives are joined by '|' in XPath.");
		return this.fail(`'${this.text}' cannot stand here.`, this.classHint());
	}

	private get token(): Token {
		return this.tokens[this.at] as Token;
	}

	private get next(): Token {
		return this.tokens[Math.min(this.at + 1, this.tokens.length - 1)] as Token;
	}

	/** The token as it was written. */
	private get text(): string {
		return this.source.slice(this.token.start, this.token.end);
	}

	/** Behind the last token that was taken. */
	private get end(): number {
		return this.tokens[this.at - 1]?.end ?? 0;
	}

	private is(kind: Token['kind'], text: string, token = this.token): boolean {
		return token.kind === kind && token.text === text;
	}

	private take(kind: Token['kind'], text: string): boolean {
		const here = this.is(kind, text);
		if (here) this.at++;
		return here;
	}

	private expect(text: string): void {
		if (this.take('mark', text)) return;
		const found = this.token.kind === 'end' ? 'the end' : `'${this.text}'`;
		this.fail(`'${text}' was expected here, not ${found}.`);
	}

	private fail(
		message: string,
		hint: string | null = null,
		{ start, end }: { readonly start: number; readonly end: number } = this.token,
	): never {
		throw new XPathSyntaxError(message, this.source, start, end - start, hint);
	}

	private deeper(): void {
		if (++this.depth > DEEPEST) this.fail(`The expression is nested more than ${DEEPEST} levels deep.`);
	}

	private expression(): Expression {
		this.deeper();
		const found = this.several('or', () => this.several('and', () => this.binary(0)));
		this.depth--;
		return found;
	}

	private several(type: SeveralExpression['type'], operand: () => Expression): Expression {
		const first = operand();
		const operands = [first];
		while (this.take('operator', CALLED[type])) operands.push(operand());
		if (operands.length === 1) return first;
		if (type === 'union') for (const one of operands) this.mustBeNodes(one, "'|' joins node-sets");
		return { type, operands, start: first.start, end: this.end };
	}

	/** The operators that are read from left to right; a chain of them is as deep as it is long. */
	private binary(level: number): Expression {
		const operators = LEVELS[level];
		if (operators === undefined) return this.unary();
		const before = this.depth;
		let left = this.binary(level + 1);
		while (this.token.kind === 'operator' && operators.includes(this.token.text)) {
			this.deeper();
			const operator = this.token.text;
			this.at++;
			const right = this.binary(level + 1);
			const place = { left, right, start: left.start, end: right.end };
			if (level < 2) left = { type: 'comparison', operator: operator as Comparison, ...place };
			else left = { type: 'arithmetic', operator: operator as Arithmetic, ...place };
		}
		this.depth = before;
		return left;
	}

	private unary(): Expression {
		const { start } = this.token;
		let signs = 0;
		while (this.take('operator', '-')) signs++;
		const operand = this.several('union', () => this.path());
		if (signs === 0) return operand;
		const negative: Expression = { type: 'negative', operand, start, end: this.end };
		return signs % 2 === 1 ? negative : { type: 'negative', operand: negative, start, end: this.end };
	}

	private path(): Expression {
		const { start } = this.token;
		if (this.is('operator', '/') || this.is('operator', '//')) {
			const steps = this.take('operator', '/') ? (this.stepHere() ? this.steps() : []) : this.steps();
			return { type: 'path', from: 'root', steps, start, end: this.end };
		}
		const primary = this.primary();
		if (primary === null) return { type: 'path', from: 'here', steps: this.steps(), start, end: this.end };
		let from = primary;
		if (this.is('mark', '[')) {
			this.mustBeNodes(primary, 'Only node-sets have predicates');
			from = { type: 'filter', of: primary, predicates: this.predicates(), start, end: this.end };
		}
		if (!this.is('operator', '/') && !this.is('operator', '//')) return from;
		this.mustBeNodes(from, 'A path goes on from node-sets only');
		this.take('operator', '/');
		return { type: 'path', from, steps: this.steps(), start, end: this.end };
	}

	private mustBeNodes(expression: Expression, rule: string): void {
		const kind = kindOf(expression);
		if (kind !== 'nodes' && kind !== 'any') this.fail(`${rule}; this is a ${kind}.`, null, expression);
	}

	private stepHere(): boolean {
		const { kind, text } = this.token;
		return kind === 'name' || (kind === 'mark' && (text === '.' || text === '..' || text === '@'));
	}

	/** Steps, with `//` between them or in front of them written out (section 2.5). */
	private steps(): Step[] {
		const steps: Step[] = [];
		do {
			const { start, end } = this.token;
			if (this.take('operator', '//')) {
				steps.push({ axis: 'descendant-or-self', test: { type: 'node' }, predicates: [], start, end });
			}
			steps.push(this.step());
		} while (this.take('operator', '/') || this.is('operator', '//'));
		return steps;
	}

	private step(): Step {
		const { start } = this.token;
		const axis = this.take('mark', '.') ? 'self' : this.take('mark', '..') ? 'parent' : null;
		if (axis !== null) {
			if (this.is('mark', '[')) this.fail("'.' and '..' have no predicates.", `Write '${axis}::node()[…]'.`);
			return { axis, test: { type: 'node' }, predicates: [], start, end: this.end };
		}
		const named = this.axis();
		const test = this.nodeTest();
		return { axis: named, test, predicates: this.predicates(), start, end: this.end };
	}

	private axis(): Axis {
		if (this.take('mark', '@')) return 'attribute';
		if (!this.is('mark', '::', this.next)) return 'child';
		const { text } = this.token;
		if (!AXIS_NAMES.has(text)) this.fail(`There is no axis '${text}'.`, didYouMean(text, AXES));
		this.at += 2;
		return text as Axis;
	}

	private nodeTest(): NodeTest {
		const { kind, text } = this.token;
		if (kind !== 'name') {
			const found = kind === 'end' ? 'the expression ends' : `there is '${this.text}'`;
			this.fail(`The name of an element or attribute was expected here, but ${found}.`);
		}
		this.at++;
		if (this.is('mark', '(')) return this.nodeType(text);
		if (text === '*') return { type: 'any' };
		return text.endsWith(':*') ? { type: 'prefix', prefix: text.slice(0, -2) } : { type: 'name', name: text };
	}

	/** Somebody wrote `.portlet`. */
	private classHint(): string | null {
		const dot = this.token.kind === 'name' && this.tokens[this.at - 1]?.text === '.';
		return dot ? 'This looks like a CSS selector; XPath was expected.' : null;
	}

	private nodeType(text: string): NodeTest {
		if (!NODE_TYPES.has(text)) {
			this.at--;
			this.fail(`'${text}()' cannot stand in a path.`, didYouMean(text, NODE_TYPES));
		}
		this.expect('(');
		const target = this.token.kind === 'string' && text === 'processing-instruction' ? this.token.text : null;
		if (target !== null) this.at++;
		this.expect(')');
		if (text === 'processing-instruction') return { type: 'instruction', target };
		return { type: text as 'node' | 'text' | 'comment' };
	}

	private predicates(): Expression[] {
		const predicates: Expression[] = [];
		while (this.take('mark', '[')) {
			predicates.push(this.expression());
			this.expect(']');
		}
		return predicates;
	}

	/** What is no path (section 3.1), or null. */
	private primary(): Expression | null {
		const { kind, text, start, end } = this.token;
		if (kind === 'name' && this.is('mark', '(', this.next) && !NODE_TYPES.has(text)) return this.call();
		if (kind === 'string' || kind === 'number' || kind === 'variable') {
			this.at++;
			if (kind === 'number') return { type: 'number', value: Number(text), start, end };
			return kind === 'string'
				? { type: 'string', value: text, start, end }
				: { type: 'variable', name: text, start, end };
		}
		if (!this.take('mark', '(')) return null;
		const inner = this.expression();
		this.expect(')');
		return inner;
	}

	private call(): CallExpression {
		const { text, start, end } = this.token;
		const place = { start, end };
		const found = this.functions.find(text);
		if (!('definition' in found)) this.fail(found.problem, found.hint, place);
		this.at += 2;
		const args: Expression[] = [];
		if (!this.is('mark', ')')) {
			do args.push(this.expression());
			while (this.take('mark', ','));
		}
		this.expect(')');
		const { arity, nodeSets } = found.definition;
		if (args.length < arity[0] || args.length > arity[1]) {
			this.fail(`${text}() takes ${counted(arity)}, not ${args.length}.`, null, { start, end: this.end });
		}
		for (const [i, one] of args.entries()) {
			if (nodeSets.includes(i)) this.mustBeNodes(one, `Argument ${i + 1} of ${text}() has to be a node-set`);
		}
		return { type: 'call', name: found.name, definition: found.definition, args, start, end: this.end };
	}
}

function counted([least, most]: readonly [number, number]): string {
	if (least === most) return least === 0 ? 'no arguments' : least === 1 ? 'one argument' : `${least} arguments`;
	return most === Number.POSITIVE_INFINITY ? `${least} or more arguments` : `${least} to ${most} arguments`;
}
