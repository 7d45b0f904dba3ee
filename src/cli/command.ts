/** What a command is; commands.ts has the table of them. */
import type { Flags, Values } from './flags.ts';

/** A command without its flags' types, as the table and the help see it. */
export interface Command {
	/** One line for the list of commands. */
	readonly summary: string;
	/** What follows the command's name. */
	readonly usage: string;
	/** A paragraph or two for its own help. */
	readonly about: string;
	readonly flags: Flags;
	/** Names of the positional arguments; those in brackets may be left out, one with `…` may be given several times. */
	readonly positionals: readonly string[];
	/** What its exit statuses mean, where that is not what they always mean. */
	readonly statuses?: string;
	/** Command lines with what they do. */
	readonly examples: readonly (readonly [line: string, meaning: string])[];
	/** Runs it; resolves to the exit status. */
	run(values: Values<Flags>, positionals: readonly string[]): Promise<number>;
}

/** Commands that share their first word. */
export interface Group {
	readonly summary: string;
	readonly about: string;
}

/** A command whose `run` knows the types of its flags. */
export function command<F extends Flags>(
	parts: Omit<Command, 'flags' | 'run'> & {
		readonly flags: F;
		readonly run: (values: Values<F>, positionals: readonly string[]) => Promise<number>;
	},
): Command {
	return { ...parts, run: (values, positionals) => parts.run(values as unknown as Values<F>, positionals) };
}
