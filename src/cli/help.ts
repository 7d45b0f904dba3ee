/** The help, made from the tables of commands and flags. */
import type { Command, Group } from './command.ts';
import { commands, groups, words } from './commands.ts';
import type { Flags } from './flags.ts';

const ADDRESSES = `ADDR is one of
  8080             this port, for this machine alone
  127.0.0.1:8080   this address; also [::1]:8080, localhost:8080
  :8080            all interfaces, IPv4 and IPv6
  unix:/path       a socket in the file system
Port 0 takes a free one. The real address is said in one line on standard error.`;

const ENDING = `SIGTERM and SIGINT end it gently: no new connections, idle ones closed, what is under way answered for at most 10
seconds. A second signal stops at once.`;

const STATUSES = `Exit status: 0 done, or ended by a signal; 1 could not start; 2 the command line was not understood.`;

/** The help of the whole program. */
export function generalHelp(): string {
	const rows = [
		...Object.entries(commands).map(([name, { summary }]) => [name, summary] as const),
		...Object.entries(words),
	];
	return `Turnabout: an HTTP server, and the proxy that a server becomes when it turns round and asks somebody else.

Usage: turnabout COMMAND [flags]

Commands:
${table(rows)}

Examples:
${Object.values(commands)
	.map(({ examples }) => table(examples.slice(0, 1), 51))
	.join('\n')}

${ADDRESSES}

${ENDING}
${STATUSES}

\`turnabout help COMMAND\` tells more about one command.
`;
}

/** The help of the commands whose first word is `name`. */
export function groupHelp(name: string): string {
	const { summary, about } = groups[name] as Group;
	const own = Object.entries(commands).filter(([full]) => full.startsWith(`${name} `));
	const rows = own.map(([full, command]) => [full, command.summary] as const);
	const examples = own.flatMap(([, command]) => command.examples.slice(0, 1));
	return `${summary}.

Usage: turnabout ${name} COMMAND [flags]

${about}

Commands:
${table(rows)}

Examples:
${table(examples)}

\`turnabout help ${name} COMMAND\` tells more about one of them.
`;
}

/** The help of one command. */
export function commandHelp(name: string, { usage, summary, about, flags, examples, statuses }: Command): string {
	const takesAddress = 'listen' in flags || name === 'run';
	const parts = [
		`${summary}.`,
		usageLine(name, { usage }),
		about,
		...(Object.keys(flags).length > 0 ? [`Flags:\n${flagRows(flags)}`] : []),
		`Examples:\n${examples.map(([line, meaning]) => `  ${line}\n      ${meaning}`).join('\n')}`,
		...(takesAddress ? [ADDRESSES, ENDING] : []),
		statuses ?? STATUSES,
	];
	return `${parts.join('\n\n')}\n`;
}

/** How a command is written, on one line or several. */
export function usageLine(name: string, { usage }: Pick<Command, 'usage'>): string {
	const start = `Usage: turnabout ${name} `;
	return start + usage.replaceAll('\n', `\n${' '.repeat(start.length)}`);
}

function flagRows(flags: Flags): string {
	const rows = Object.entries(flags).map(([name, { value, help }]) => [`--${name} ${value}`.trimEnd(), help] as const);
	return table([...rows, ['-h, --help', 'Show this.']]);
}

/** Two columns; further lines of the second are indented below it. */
function table(rows: readonly (readonly [string, string])[], least = 0): string {
	const width = Math.max(least, ...rows.map(([left]) => left.length));
	const indent = `\n${' '.repeat(width + 5)}`;
	return rows.map(([left, right]) => `  ${left.padEnd(width)}   ${right.replaceAll('\n', indent)}`).join('\n');
}
