/** `turnabout theme …`: everything about rules that needs no server. The engine itself is loaded by the command that needs it. */
import type { Command, Group } from '../command.ts';
import { applyCommand } from './apply-command.ts';
import { checkCommand } from './check-command.ts';
import { convertCommand } from './convert-command.ts';
import { explainCommand } from './explain-command.ts';
import { testCommand } from './test-command.ts';

export { loadFailure, requireRules } from './load-failure.ts';
export { parameter, parametersOf, prefix } from './theme-flags.ts';

export const themeGroup: Group = {
	summary: 'Work with themes: apply, check, explain, test and convert rules',
	about: `A theme is a static HTML page; rules say which parts of a page's content go where in it. They are written in
YAML, or in Diazo's XML, which is read as it is. \`turnabout reverse --theme RULES\` serves pages so; these commands
help to write the rules.`,
};

export const themeCommands: Readonly<Record<string, Command>> = {
	'theme apply': applyCommand,
	'theme check': checkCommand,
	'theme explain': explainCommand,
	'theme test': testCommand,
	'theme convert': convertCommand,
};
