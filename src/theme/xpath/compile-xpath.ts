/** From source to XPath: parses, finds functions, compiles. */
import type { SourceFile } from '../diagnostics/index.ts';
import type { Tree } from '../tree/index.ts';
import type { Expression } from './ast.ts';
import { anyCode } from './code.ts';
import { Compiler } from './compile.ts';
import { factsOf } from './facts.ts';
import type { XPathContext } from './frame.ts';
import { define, type FunctionDefinition, FunctionNames, type Scope } from './functions/index.ts';
import { parseXPath } from './parser.ts';
import type { XPathValue } from './value.ts';
import { XPath } from './xpath.ts';
import { XPathSyntaxError } from './xpath-error.ts';

/** A function of the embedder's; it is called each time, and nothing it answers is kept. */
export type XPathFunction = (
	args: readonly XPathValue[],
	here: { readonly tree: Tree; readonly node: number; readonly context: XPathContext },
) => XPathValue;

export interface XPathOptions {
	/** Prefix to URI: how EXSLT's functions are found. The usual prefixes need no declaration. */
	readonly namespaces?: ReadonlyMap<string, string>;
	/** Where the expression stands, which is what document('') gives. */
	readonly file?: SourceFile;
	/** By name as it is written, with its prefix. They come before ours. */
	readonly functions?: ReadonlyMap<string, XPathFunction>;
}

/** Expressions of one place: their functions are found alike. */
export class Workshop implements Scope {
	readonly file: SourceFile | null;
	private readonly names: FunctionNames;

	constructor({ namespaces = new Map(), functions = new Map(), file }: XPathOptions) {
		this.file = file ?? null;
		this.names = new FunctionNames(namespaces, new Map([...functions].map(([name, run]) => [name, defined(run)])));
	}

	hasFunction(name: string): boolean {
		return 'definition' in this.names.find(name);
	}

	compile(source: string): ReturnType<Compiler['compile']> {
		return new Compiler(this).compile(this.parse(source));
	}

	parse(source: string): Expression {
		return parseXPath(source, this.names);
	}

	finish(source: string, expression: Expression): XPath {
		const isXml = this.file !== null && /^\ufeff?\s*</.test(this.file.text);
		if (!isXml && factsOf(expression).ownSource) {
			const hint = 'It gives the file that it stands in, which has to be XML.';
			throw new XPathSyntaxError("document('') has no document here.", source, 0, source.length, hint);
		}
		return new XPath(source, expression, this);
	}
}

function defined(run: XPathFunction): FunctionDefinition {
	const any = Number.POSITIVE_INFINITY;
	return define(
		'any',
		[0, any],
		(args) =>
			anyCode((frame) => {
				const values = args.map((arg) => arg.value(frame));
				return run(values, { tree: frame.tree, node: frame.node, context: frame.evaluation.context });
			}),
		{ variable: true, hereUpTo: any },
	);
}

/** Throws XPathSyntaxError, with the place and a hint. */
export function compileXPath(source: string, options: XPathOptions = {}): XPath {
	const workshop = new Workshop(options);
	return workshop.finish(source, workshop.parse(source));
}
