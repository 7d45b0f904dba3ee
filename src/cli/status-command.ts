/** `turnabout status`: how a server that runs is doing, as its admin listener tells it. */
import { StartError } from '../serve/index.ts';
import { type Command, command } from './command.ts';

const DEFAULT = '127.0.0.1:9180';

interface Told {
	readonly processes: readonly {
		readonly pid: number;
		readonly uptime: number;
		readonly listeners: Readonly<Record<string, Readonly<Record<string, number>>>>;
		readonly parts: readonly { readonly name: string; readonly statistics: unknown }[];
	}[];
}

export const statusCommand: Command = command({
	summary: 'Tell how a running server is doing',
	usage: '[ADDR]',
	about: `Asks the admin listener of a server (--admin, or \`admin\` in a configuration) at ADDR, ${DEFAULT} where it is not
named, and prints what its processes, listeners and the parts of its app have counted. The token, where it wants one, is
TURNABOUT_ADMIN_TOKEN in the environment.`,
	flags: {},
	positionals: ['[ADDR]'],
	examples: [['turnabout status', `the server at ${DEFAULT}`]],
	run: async (_, [address]) => {
		const told = await ask(address ?? DEFAULT);
		process.stdout.write(told.processes.map(processText).join('\n'));
		return 0;
	},
});

async function ask(address: string): Promise<Told> {
	const base = /^https?:\/\//.test(address)
		? address
		: `http://${/^\d+$/.test(address) ? `127.0.0.1:${address}` : address}`;
	const { TURNABOUT_ADMIN_TOKEN: token } = process.env;
	let response: Response;
	try {
		response = await fetch(new URL('/status', base), { headers: token ? { authorization: `Bearer ${token}` } : {} });
	} catch (error) {
		throw new StartError(
			`nobody answers at ${base}`,
			'Start the server with --admin ADDR, or `admin` in its configuration.',
			error,
		);
	}
	if (response.status === 401) throw new StartError(`${base} wants a token`, 'Put it into TURNABOUT_ADMIN_TOKEN.');
	if (!response.ok) throw new StartError(`${base} answers ${response.status}`, 'Is it the admin listener of a server?');
	return (await response.json()) as Told;
}

function processText({ pid, uptime, listeners, parts }: Told['processes'][number]): string {
	const lines = [`process ${pid}, up for ${Math.round(uptime)} s`];
	for (const [url, statistics] of Object.entries(listeners)) lines.push(`  ${url}`, ...rows(statistics, '    '));
	for (const { name, statistics } of parts) lines.push(`  ${name}`, ...rows(statistics, '    '));
	return `${lines.join('\n')}\n`;
}

/** Numbers side by side, and what is made of several on lines of its own. */
function rows(value: unknown, indent: string): string[] {
	const entries = Object.entries((value ?? {}) as Record<string, unknown>);
	const flat = entries.filter(([, one]) => typeof one !== 'object' || one === null);
	const nested = entries.filter(([, one]) => typeof one === 'object' && one !== null);
	const line = flat.map(([name, one]) => `${name} ${shownNumber(one)}`).join(', ');
	return [
		...(line === '' ? [] : [`${indent}${line}`]),
		...nested.flatMap(([name, one]) => [`${indent}${name}`, ...rows(one, `${indent}  `)]),
	];
}

function shownNumber(value: unknown): string {
	return typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(2) : String(value);
}
