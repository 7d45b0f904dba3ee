/**
 * One command line, from arguments to exit status: 0 done, 1 could not start, 2 not understood. Help that was asked for
 * goes to standard output; everything else that is said goes to standard error.
 */
import { nearest } from '../names/index.ts';
import { isStartError, messageOf, standardError } from '../serve/index.ts';
import type { Command } from './command.ts';
import { commands, groups, words } from './commands.ts';
import { parseFlags } from './flags.ts';
import { commandHelp, generalHelp, groupHelp, usageLine } from './help.ts';
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
		throw new UsageError('which command?', `There are ${firstWords().join(', ')}; \`turnabout help\` tells more.`);
	}
	const word = ALIASES.get(first) ?? first;
	if (word === 'version') return print(`turnabout ${version()}\n`);
	if (word === 'help') return print(helpFor(rest));
	const [name, args] = Object.hasOwn(groups, word) ? inGroup(word, rest) : [word, rest];
	if (Object.hasOwn(groups, name)) return print(groupHelp(name));
	const command = find(name);
	const { values, positionals, help } = parseFlags(command.flags, args, name);
	if (help) return print(commandHelp(name, command));
	checkPositionals(name, command, positionals);
	return command.run(values, positionals);
}

/** The full name of a group's command and what follows it; the group's own where its help is asked for. */
function inGroup(group: string, [second, ...rest]: readonly string[]): [name: string, args: readonly string[]] {
	if (second !== undefined && ALIASES.get(second) === 'help') return [group, rest];
	if (second !== undefined && !second.startsWith('-')) return [`${group} ${second}`, rest];
	const own = namesIn(group).map((name) => name.slice(group.length + 1));
	throw new UsageError(
		second === undefined ? `${group}: which of its commands?` : `${second}: flags come after the command`,
		`There are ${own.join(', ')}; \`turnabout help ${group}\` tells more.`,
	);
}

const namesIn = (group: string): string[] => Object.keys(commands).filter((name) => name.startsWith(`${group} `));

/** Commands of one word, and groups. */
function firstWords(): string[] {
	return [...new Set(Object.keys(commands).map((name) => name.split(' ')[0] as string))];
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
	const [group = ''] = name.split(' ');
	const isGroup = Object.hasOwn(groups, group);
	const near = nearest(name, isGroup ? namesIn(group) : [...firstWords(), ...Object.keys(words)]);
	const guess = near === null ? '' : `Did you mean ${near}? `;
	const all = isGroup ? `turnabout help ${group}` : 'turnabout help';
	throw new UsageError(`${name}: no such command`, `${guess}\`${all}\` shows them all.`);
}

function helpFor([first, second]: readonly string[]): string {
	if (first === undefined || Object.hasOwn(words, first)) return generalHelp();
	if (!Object.hasOwn(groups, first)) return commandHelp(first, find(first));
	if (second === undefined) return groupHelp(first);
	const name = `${first} ${second}`;
	return commandHelp(name, find(name));
}

function checkPositionals(name: string, command: Command, positionals: readonly string[]): void {
	const missing = command.positionals.slice(positionals.length).find((word) => !word.startsWith('['));
	if (missing !== undefined) {
		throw new UsageError(`${missing} is missing`, usageLine(name, command).replace(/\n */g, ' '));
	}
	const extra = positionals[command.positionals.length];
	if (extra === undefined || command.positionals.at(-1)?.endsWith('…') === true) return;
	throw new UsageError(`${extra}: one argument too many`, usageLine(name, command).replace(/\n */g, ' '));
}

function print(text: string): number {
	process.stdout.write(text);
	return 0;
}

function failed(error: unknown): number {
	const hint = error instanceof UsageError || isStartError(error) ? error.hint : null;
	const foreseen = error instanceof UsageError || isStartError(error);
	standardError(foreseen ? error.message : ((error as Error | null)?.stack ?? messageOf(error)));
	if (hint !== null) process.stderr.write(`  ${hint}\n`);
	return error instanceof UsageError ? 2 : 1;
}
