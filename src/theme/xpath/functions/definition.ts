/** What is known about a function before it is called, and how a call is compiled. */

import type { SourceFile } from '../../diagnostics/index.ts';
import type { NodeSet } from '../../tree/index.ts';
import { booleanCode, type Code, type Kind, nodesCode, numberCode, stringCode } from '../code.ts';
import type { Frame } from '../frame.ts';

/** What a call may lean on while it is compiled. */
export interface Scope {
	/** Where the expression stands, or null. */
	readonly file: SourceFile | null;
	/** Is there such a function, by the namespaces of this expression? */
	hasFunction(name: string): boolean;
	/** Compiles another expression in the same namespaces: dyn:evaluate(). */
	compile(source: string): Code;
}

export interface FunctionDefinition {
	/** The fewest and the most arguments. */
	readonly arity: readonly [number, number];
	readonly returns: Kind;
	/** These arguments, from 0, have to be node-sets. */
	readonly nodeSets: readonly number[];
	/** With this many arguments or fewer, it asks about the node at hand. -1: never. */
	readonly hereUpTo: number;
	/** Asks where among its siblings in the set the node stands: position() and last(). */
	readonly positional: boolean;
	/** The same arguments need not give the same answer: current(), document(), the time. */
	readonly variable: boolean;
	build(args: readonly Code[], scope: Scope): Code;
}

export type Traits = Partial<Pick<FunctionDefinition, 'nodeSets' | 'hereUpTo' | 'positional' | 'variable'>>;
export type Arity = readonly [number, number];
type Run<T> = (frame: Frame, args: readonly Code[]) => T;

const plain = { nodeSets: [], hereUpTo: -1, positional: false, variable: false };

export const define = (
	returns: Kind,
	arity: Arity,
	build: FunctionDefinition['build'],
	traits: Traits = {},
): FunctionDefinition => ({ ...plain, ...traits, arity, returns, build });

export const stringFunction = (arity: Arity, run: Run<string>, traits?: Traits): FunctionDefinition =>
	define('string', arity, (args) => stringCode((frame) => run(frame, args)), traits);

export const numberFunction = (arity: Arity, run: Run<number>, traits?: Traits): FunctionDefinition =>
	define('number', arity, (args) => numberCode((frame) => run(frame, args)), traits);

export const booleanFunction = (arity: Arity, run: Run<boolean>, traits?: Traits): FunctionDefinition =>
	define('boolean', arity, (args) => booleanCode((frame) => run(frame, args)), traits);

export const nodesFunction = (arity: Arity, run: Run<NodeSet>, traits?: Traits): FunctionDefinition =>
	define('nodes', arity, (args) => nodesCode((frame) => run(frame, args)), traits);

/** The argument at `index`; its absence was ruled out while parsing. */
export function argument(args: readonly Code[], index: number): Code {
	const code = args[index];
	if (code === undefined) throw new TypeError(`no argument ${index}`);
	return code;
}

/** The argument as a string, or the string-value of the node at hand when it was left out. */
export const textAt = (frame: Frame, args: readonly Code[], index: number, otherwise = ''): string =>
	args[index]?.string(frame) ?? otherwise;

export const numberAt = (frame: Frame, args: readonly Code[], index: number, otherwise: number = Number.NaN): number =>
	args[index]?.number(frame) ?? otherwise;
