/** An expression ready for use. */
import type { NodeSet, Settlement, Watch } from '../tree/index.ts';
import type { Expression } from './ast.ts';
import type { Code } from './code.ts';
import { Compiler } from './compile.ts';
import { type Facts, factsOf } from './facts.ts';
import { type Frame, outermostFrame, type XPathContext } from './frame.ts';
import type { Scope } from './functions/index.ts';
import type { Hint } from './node-filter.ts';
import { type Asked, settlementOf } from './settlement-of.ts';
import type { XPathValue } from './value.ts';
import { staysWithin } from './within.ts';
import { XPathError } from './xpath-error.ts';

export class XPath {
	readonly source: string;
	/** Names of the variables it asks for, without `$`. */
	readonly variables: ReadonlySet<string>;
	/** The functions it calls, with the usual prefixes of EXSLT: `contains`, `str:replace`. */
	readonly functions: ReadonlySet<string>;
	/** Gives the same from every node of a document; variables, other documents and the time apart. */
	readonly absolute: boolean;
	private readonly expression: Expression;
	private readonly facts: Facts;
	private readonly code: Code;
	private readonly hints: readonly Hint[];

	constructor(source: string, expression: Expression, scope: Scope) {
		this.source = source;
		this.expression = expression;
		this.facts = factsOf(expression);
		this.variables = this.facts.variables;
		this.functions = this.facts.functions;
		const current = this.functions.has('current') || this.functions.has('dyn:evaluate');
		this.absolute = !this.facts.here && !this.facts.positional && !current;
		const compiler = new Compiler(scope);
		this.code = compiler.compile(expression);
		this.hints = compiler.hints;
	}

	/** All of these throw XPathError when what is asked for is not there. */
	evaluate(context: XPathContext): XPathValue {
		return this.run(this.code.value, context);
	}

	/** Throws as well when it is no node-set. */
	nodes(context: XPathContext): NodeSet {
		return this.run(this.code.nodes, context);
	}

	boolean(context: XPathContext): boolean {
		return this.run(this.code.boolean, context);
	}

	string(context: XPathContext): string {
		return this.run(this.code.string, context);
	}

	number(context: XPathContext): number {
		return this.run(this.code.number, context);
	}

	/** Adds the ids, classes and names that are found faster when they are watched. */
	watch(watch: Watch): void {
		for (const { table, key } of this.hints) watch[table].add(key);
	}

	/**
	 * What must have been read before the answer stands; `existence` where only `boolean` will be asked. Variables
	 * are taken as known.
	 */
	settlement(uniqueIds: boolean, asked: Asked = 'value'): Settlement {
		return settlementOf(this.expression, uniqueIds, asked);
	}

	/** Whether it looks at nothing but the node at hand and what is in it; variables apart. */
	get isWithin(): boolean {
		return staysWithin(this.expression);
	}

	private run<T>(code: (frame: Frame) => T, context: XPathContext): T {
		try {
			return code(outermostFrame(context));
		} catch (error) {
			if (error instanceof XPathError && error.source === '') error.source = this.source;
			throw error;
		}
	}
}
