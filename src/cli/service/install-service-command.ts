/** `turnabout install-service`: a unit of systemd for a command of ours. */
import { mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { nearest } from '../../names/index.ts';
import { parseAddress, StartError } from '../../serve/index.ts';
import { type Command, command } from '../command.ts';
import { type Flag, FlagError, onOff, type RepeatedFlag } from '../flags.ts';
import { readAddress } from '../shared-flags.ts';
import { UsageError } from '../usage-error.ts';
import { type Service, serviceUnit, socketUnit } from './units.ts';

const SERVERS: readonly string[] = ['reverse', 'forward', 'serve', 'run'];

const name: Flag<string> = {
	value: 'NAME',
	help: 'What the unit is called. Default: turnabout.',
	read: (text) => {
		if (!/^[\w.-]{1,100}$/.test(text)) throw new FlagError('not the name of a unit', 'Write letters, digits, - and _.');
		return text;
	},
};

const socket: RepeatedFlag<string> = {
	value: 'ADDR',
	help: 'systemd listens there and passes the socket on, for --listen systemd: while the\nservice is started anew, clients wait and none is refused.',
	repeated: true,
	read: readAddress,
};

const runAs: Flag<string> = {
	value: 'USER',
	help: 'Who it runs as. Default: a user that systemd makes for it.',
	read: (text) => text,
};

const ofUser: Flag<boolean> = onOff('A service of yours, in ~/.config/systemd/user, and not of the machine.');
const printed: Flag<boolean> = onOff('Writes no file, but shows what would be in it.');

export const installServiceCommand: Command = command({
	summary: 'Write a unit of systemd for a command',
	usage: '[--name NAME] [--socket ADDR …] [--run-as USER] [--user-service]\n[--print] -- COMMAND [ARGS]…',
	about: `Writes a service for \`turnabout COMMAND\`, run in the current folder: into /etc/systemd/system, which needs the rights of
root, or into your own folder with --user-service. The service may listen on ports below 1024 and write below
/var/lib/NAME and /var/log/NAME, and little else. Nothing is started; what to do next is said at the end.`,
	flags: { name, socket, 'run-as': runAs, 'user-service': ofUser, print: printed },
	positionals: ['COMMAND', '[ARGS]…'],
	examples: [
		[
			'turnabout install-service -- run /srv/shop/turnabout.config.ts',
			'a configuration, at every start of the machine',
		],
		[
			'turnabout install-service --socket :80 -- reverse --to http://127.0.0.1:3000 --listen systemd',
			'no connection refused',
		],
		['turnabout install-service --print -- run', 'only shown'],
	],
	run: async (values, positionals) => {
		if (values['user-service'] === true && values['run-as'] !== undefined)
			throw new UsageError('--user-service and --run-as: one of them', 'A service of a user runs as that user.');
		checkServes(positionals[0] ?? '');
		const service: Service = {
			name: values.name ?? 'turnabout',
			command: [process.execPath, resolve(process.argv[1] as string), ...positionals],
			directory: process.cwd(),
			user: values['run-as'] ?? null,
			ofUser: values['user-service'] === true,
			sockets: values.socket.map(streamOf),
		};
		const files: Record<string, string> = { [`${service.name}.service`]: serviceUnit(service) };
		if (service.sockets.length > 0) files[`${service.name}.socket`] = socketUnit(service);
		if (values.print === true) {
			const parts = Object.entries(files).map(([file, text]) => `# ${file}\n${text}`);
			process.stdout.write(parts.join('\n'));
		} else await install(service, files);
		return 0;
	},
});

/** What a unit would start at every start of the machine is one that serves. */
function checkServes(command: string): void {
	if (SERVERS.includes(command)) return;
	const meant = nearest(command, SERVERS);
	const hint = meant === null ? '' : `Did you mean ${meant}? `;
	throw new UsageError(`${command}: no command that serves`, `${hint}There are ${SERVERS.join(', ')}.`);
}

async function install(
	{ ofUser: own, name: unit, sockets }: Service,
	files: Readonly<Record<string, string>>,
): Promise<void> {
	const folder = own ? join(homedir(), '.config', 'systemd', 'user') : '/etc/systemd/system';
	try {
		await mkdir(folder, { recursive: true });
		for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text);
	} catch (error) {
		const hint = own ? null : 'Run it as root, or write a service of your own with --user-service.';
		throw new StartError(`cannot write to ${folder}: ${(error as Error).message}`, hint, error);
	}
	const systemctl = own ? 'systemctl --user' : 'systemctl';
	const units = [...(sockets.length > 0 ? [`${unit}.socket`] : []), `${unit}.service`].join(' ');
	process.stdout.write(`${Object.keys(files)
		.map((file) => join(folder, file))
		.join('\n')}

Now run:
    ${systemctl} daemon-reload
    ${systemctl} enable --now ${units}
`);
}

/** An address of ours in the words of ListenStream. */
function streamOf(address: string): string {
	const place = parseAddress(address);
	if (place.kind === 'unix') return place.path;
	if (place.kind === 'inherited')
		throw new UsageError('--socket systemd: it is systemd that shall listen', 'Write a port or an address.');
	const { host, port } = place;
	if (host === null) return String(port);
	return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
