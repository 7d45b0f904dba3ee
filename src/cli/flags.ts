/**
 * Flags as tables: a command lists its flags, and from that one table come the parser, the messages and the help. The
 * splitting of the command line itself is `parseArgs` of node:util.
 */
import { parseArgs } from 'node:util';
import { nearest } from '../names/index.ts';
import { UsageError } from './usage-error.ts';

export interface Flag<T> {
	/** What stands for the value in the help; '' for a switch. */
	readonly value: string;
	/** Has no value: it is given or not. */
	readonly isSwitch?: true;
	/** May be given several times; the value is then a list. */
	readonly repeated?: boolean;
	readonly required?: boolean;
	/** One or more lines for the help. */
	readonly help: string;
	/** The value may hold a password: messages do not show it. */
	readonly isSecret?: boolean;
	/** Reads the value. Throws FlagError. */
	readonly read: (text: string) => T;
}

/** A flag whose values are a list. */
export interface RepeatedFlag<T> extends Flag<T> {
	readonly repeated: true;
}

/** A flag without a value. */
export const onOff = (help: string): Flag<boolean> => ({ value: '', isSwitch: true, help, read: () => true });

/** A table of flags by name. Each has a type of its own for its value; the table can only say that there is one. */
export type Flags = Readonly<Record<string, Flag<unknown>>>;

/** The values of a table of flags, by their names. */
export type Values<F extends Flags> = {
	readonly [Name in keyof F]: F[Name] extends { readonly repeated: true }
		? readonly ReturnType<F[Name]['read']>[]
		: ReturnType<F[Name]['read']> | undefined;
};

export interface Parsed<F extends Flags> {
	readonly values: Values<F>;
	readonly positionals: readonly string[];
	readonly help: boolean;
}

/** Why a flag's value is none, and what to write instead. */
export class FlagError extends Error {
	readonly hint: string;

	constructor(reason: string, hint: string) {
		super(reason);
		this.name = 'FlagError';
		this.hint = hint;
	}
}

/** Reads the arguments of a command. Throws UsageError. */
export function parseFlags<F extends Flags>(flags: F, args: readonly string[], command: string): Parsed<F> {
	const options = Object.fromEntries(
		Object.entries(flags).map(([name, { isSwitch }]) => {
			return [name, { type: isSwitch === true ? 'boolean' : 'string', multiple: true }] as const;
		}),
	);
	const { tokens } = parseArgs({
		args: [...args],
		options: { ...options, help: { type: 'boolean', short: 'h' } },
		strict: false,
		tokens: true,
	});
	const given = new Map<string, unknown[]>();
	const positionals: string[] = [];
	let help = false;
	for (const token of tokens) {
		if (token.kind === 'positional') positionals.push(token.value);
		if (token.kind !== 'option') continue;
		if (token.name === 'help') help = true;
		else add(given, flags, token, command);
	}
	if (!help) checkRequired(flags, given, command);
	const values = Object.entries(flags).map(([name, flag]) => {
		const list = given.get(name) ?? [];
		return [name, flag.repeated === true ? list : list[0]];
	});
	return { values: Object.fromEntries(values) as Values<F>, positionals, help };
}

interface OptionToken {
	readonly name: string;
	readonly rawName: string;
	readonly value?: string | undefined;
}

function add(given: Map<string, unknown[]>, flags: Flags, token: OptionToken, command: string): void {
	const { name, rawName, value } = token;
	const flag = Object.hasOwn(flags, name) ? flags[name] : undefined;
	if (flag === undefined) throw unknownFlag(rawName, Object.keys(flags), command);
	if (flag.isSwitch === true) {
		if (value !== undefined) throw new UsageError(`${rawName}: takes no value`, `Write ${rawName} alone.`);
		given.set(name, [true]);
		return;
	}
	// `--to --listen 8080`: the flag that follows is not meant as a value. A lone `-` is one: standard output.
	if (value === undefined || value === '' || value.startsWith('--')) {
		throw new UsageError(`${rawName}: the value is missing`, `Write ${rawName} ${flag.value}.`);
	}
	const list = given.get(name) ?? [];
	if (list.length > 0 && flag.repeated !== true) {
		throw new UsageError(`${rawName}: given twice`, 'It can be given once.');
	}
	try {
		given.set(name, [...list, flag.read(value)]);
	} catch (error) {
		if (!(error instanceof FlagError)) throw error;
		throw new UsageError(`${rawName} ${flag.isSecret === true ? flag.value : value}: ${error.message}`, error.hint);
	}
}

function unknownFlag(rawName: string, names: readonly string[], command: string): UsageError {
	const near = nearest(rawName.replace(/^-+/, ''), [...names, 'help']);
	const guess = near === null ? '' : `Did you mean --${near}? `;
	return new UsageError(`${rawName}: no such flag`, `${guess}\`turnabout help ${command}\` shows them all.`);
}

function checkRequired(flags: Flags, given: ReadonlyMap<string, unknown>, command: string): void {
	for (const [name, flag] of Object.entries(flags)) {
		if (flag.required !== true || given.has(name)) continue;
		throw new UsageError(`--${name} ${flag.value} is missing`, `\`turnabout help ${command}\` shows an example.`);
	}
}
