/** The table of commands, in the order of the help. `help` and `version` are words of main.ts itself. */
import type { Command } from './command.ts';
import { checkCommand, runCommand } from './config-commands.ts';
import { reverseCommand } from './reverse-command.ts';
import { serveCommand } from './serve-command.ts';

export const commands: Readonly<Record<string, Command>> = {
	reverse: reverseCommand,
	serve: serveCommand,
	run: runCommand,
	check: checkCommand,
};

/** Words beside the commands, with their summaries. */
export const words: Readonly<Record<string, string>> = {
	help: 'Show this, or the help of one command',
	version: 'Show the version',
};
