/**
 * One command line, from arguments to exit status: 0 done, 1 could not start, 2 not understood. Help that was asked for
 * goes to standard output; everything else that is said goes to standard error.
 */
import { messageOf, nearest, StartError, standardError } from '../serve/index.ts';
import type { Command } from './command.ts';
import { commands, words } from './commands.ts';
import { parseFlags } from './flags.ts';
import { commandHelp, generalHelp, usageLine } from './help.ts';
import { UsageError } from './usage-error.ts';
import { version } from './version.ts';

/** Other ways to write the words. */
const ALIASES: ReadonlyMap<string, string> = new Map([
	['--help', 'help'],
	['-h', 'help'],
	['--version', 'version'],
	['-v', 'version'],
	['-V', 'version'],
]);

/** Runs a command line; resolves to the exit status and never rejects. */
export async function main(args: readonly string[]): Promise<number> {
	try {
		return await dispatch(args);
	} catch (error) {
		return failed(error);
	}
}

async function dispatch([first, ...rest]: readonly string[]): Promise<number> {
	if (first === undefined) {
		throw new UsageError(
			'which command?',
			`There are ${Object.keys(commands).join(', ')}; \`turnabout help\` tells more.`,
		);
	}
	const name = ALIASES.get(first) ?? first;
	if (name === 'version') return print(`turnabout ${version()}\n`);
	if (name === 'help') return print(helpFor(rest[0]));
	const command = find(name);
	const { values, positionals, help } = parseFlags(command.flags, rest, name);
	if (help) return print(commandHelp(name, command));
	checkPositionals(name, command, positionals);
	return command.run(values, positionals);
}

function find(name: string): Command {
	const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
	if (command !== undefined) return command;
	if (name.startsWith('-')) {
		throw new UsageError(
			`${name}: flags come after the command`,
			`For example turnabout reverse ${name} …; \`turnabout help\` tells more.`,
		);
	}
	const near = nearest(name, [...Object.keys(commands), ...Object.keys(words)]);
	const guess = near === null ? '' : `Did you mean ${near}? `;
	throw new UsageError(`${name}: no such command`, `${guess}\`turnabout help\` shows them all.`);
}

function helpFor(name: string | undefined): string {
	if (name === undefined || Object.hasOwn(words, name)) return generalHelp();
	return commandHelp(name, find(name));
}

function checkPositionals(name: string, command: Command, positionals: readonly string[]): void {
	const missing = command.positionals.slice(positionals.length).find((word) => !word.startsWith('['));
	if (missing !== undefined) {
		throw new UsageError(`${missing} is missing`, usageLine(name, command).replace(/\n */g, ' '));
	}
	const extra = positionals[command.positionals.length];
	if (extra === undefined) return;
	throw new UsageError(`${extra}: one argument too many`, usageLine(name, command).replace(/\n */g, ' '));
}

function print(text: string): number {
	process.stdout.write(text);
	return 0;
}

function failed(error: unknown): number {
	const hint = error instanceof UsageError || error instanceof StartError ? error.hint : null;
	const foreseen = error instanceof UsageError || error instanceof StartError;
	standardError(foreseen ? error.message : ((error as Error | null)?.stack ?? messageOf(error)));
	if (hint !== null) process.stderr.write(`  ${hint}\n`);
	return error instanceof UsageError ? 2 : 1;
}
