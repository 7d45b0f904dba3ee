/**
 * The table of commands, in the order of the help. `help` and `version` are words of main.ts itself. A command of two
 * words belongs to the group that the first of them names.
 */
import { caCommand } from './ca-command.ts';
import type { Command, Group } from './command.ts';
import { checkCommand, runCommand } from './config-commands.ts';
import { apiKeyCommand, hashPasswordCommand } from './credential-commands.ts';
import { explainCommand } from './explain-command.ts';
import { forwardCommand, throughCommand } from './forward/index.ts';
import { reverseCommand } from './reverse-command.ts';
import { routesCommand } from './routes-command.ts';
import { serveCommand } from './serve-command.ts';
import { installServiceCommand } from './service/index.ts';
import { statusCommand } from './status-command.ts';
import { themeCommands, themeGroup } from './theme/index.ts';

export const commands: Readonly<Record<string, Command>> = {
	reverse: reverseCommand,
	forward: forwardCommand,
	through: throughCommand,
	serve: serveCommand,
	run: runCommand,
	check: checkCommand,
	routes: routesCommand,
	explain: explainCommand,
	status: statusCommand,
	...themeCommands,
	'hash-password': hashPasswordCommand,
	'api-key': apiKeyCommand,
	ca: caCommand,
	'install-service': installServiceCommand,
};

/** Groups of commands, by their first word. */
export const groups: Readonly<Record<string, Group>> = { theme: themeGroup };

/** Words beside the commands, with their summaries. */
export const words: Readonly<Record<string, string>> = {
	help: 'Show this, or the help of one command',
	version: 'Show the version',
};
