/** What is said of a program that answers requests for us. */
import { checkNames, shown } from '../../names/index.ts';
import type { ReverseOptions } from '../../proxy/index.ts';

/** Milliseconds. */
export interface ProgramTimeouts {
	/** From its start until it answers. Default: 30,000. */
	readonly start: number;
	/** From SIGTERM to SIGKILL. Default: 10,000. */
	readonly stop: number;
	/** That a request waits while the program is being started again; then 503. Default: 5,000. */
	readonly wait: number;
	/** Before a program that has ended is started again: this the first time, twice as much each time after. Default: 250. */
	readonly restart: number;
	/** The most of that. Default: 30,000. */
	readonly longestRestart: number;
}

export const programTimeouts: ProgramTimeouts = {
	start: 30_000,
	stop: 10_000,
	wait: 5_000,
	restart: 250,
	longestRestart: 30_000,
};

export interface ProgramOptions {
	/**
	 * The program and its arguments; no shell reads them. `{socket}` in them becomes the path of a unix socket, `{host}`
	 * and `{port}` an address on this machine: where it shall listen. It finds the same in its environment, as SOCKET, or
	 * as HOST and PORT.
	 */
	readonly command: readonly [string, ...string[]];
	/** Where it shall listen. Default: 'socket' where the command has `{socket}`, else 'port'. */
	readonly listen?: 'socket' | 'port';
	/** For messages and the log. Default: the name of the program. */
	readonly name?: string;
	/** Its working directory. Default: ours. */
	readonly cwd?: string;
	/** Added to our own environment. */
	readonly env?: Readonly<Record<string, string>>;
	/** A path that it answers below 500 once it is ready. Default: it is ready when it accepts a connection. */
	readonly ready?: string;
	readonly timeouts?: Partial<ProgramTimeouts>;
	/** Gets every line that it writes to stdout or stderr, and what becomes of it. Default: lines on our stderr. */
	readonly log?: (line: string) => void;
	/** How it is asked: see the reverse proxy. By default it is told who asks, and nobody is told of it: no Via. */
	readonly upstream?: ReverseOptions;
}

/** With nothing left out. */
export interface ProgramSettings {
	readonly command: readonly [string, ...string[]];
	readonly listen: 'socket' | 'port';
	readonly name: string;
	readonly cwd: string;
	readonly env: Readonly<Record<string, string>>;
	readonly ready: string | null;
	/** What is sent along with the question whether it is ready. */
	readonly readyFields: Readonly<Record<string, string>>;
	readonly timeouts: ProgramTimeouts;
	readonly log: (line: string) => void;
	readonly upstream: ReverseOptions;
}

const NAMES: Readonly<Record<keyof ProgramOptions, true>> = {
	command: true,
	listen: true,
	name: true,
	cwd: true,
	env: true,
	ready: true,
	timeouts: true,
	log: true,
	upstream: true,
};

/** Throws TypeError for what cannot be meant, naming the option. `kind`: what the options are called. */
export function programSettings(options: ProgramOptions, kind = 'program'): ProgramSettings {
	checkNames(`${kind}: `, options, Object.keys(NAMES));
	const { command, cwd = process.cwd(), env = {}, ready = null } = options;
	if (!Array.isArray(command) || command.length === 0 || !command.every(isArgument))
		throw wrong(kind, 'command', 'the program and its arguments, a list of strings without NUL', command);
	const named = command.some((word) => word.includes('{socket}'));
	const { listen = named ? 'socket' : 'port', name = command[0].replace(/^.*[/\\]/, '') } = options;
	if (listen !== 'socket' && listen !== 'port') throw wrong(kind, 'listen', "'socket' or 'port'", listen);
	if (listen === 'port' && named) throw wrong(kind, 'listen', "'socket', since the command has {socket}", listen);
	if (ready !== null && !/^\/[\x21-\x7e]*$/.test(ready)) throw wrong(kind, 'ready', 'a path such as /health', ready);
	for (const [variable, value] of Object.entries(env)) {
		if (/[=\0]/.test(variable) || typeof value !== 'string' || value.includes('\0'))
			throw wrong(kind, 'env', 'texts by name', { [variable]: value });
	}
	return {
		command: command as readonly [string, ...string[]],
		listen,
		name,
		cwd,
		env,
		ready,
		readyFields: {},
		timeouts: timeoutsOf(options.timeouts ?? {}, kind),
		log: options.log ?? ((line) => void process.stderr.write(`${name}: ${line}\n`)),
		upstream: options.upstream ?? {},
	};
}

function timeoutsOf(given: Partial<ProgramTimeouts>, kind: string): ProgramTimeouts {
	for (const [name, value] of Object.entries(given)) {
		if (!Object.hasOwn(programTimeouts, name))
			throw wrong(kind, 'timeouts', `one of ${Object.keys(programTimeouts).join(', ')}`, name);
		if (!(Number.isFinite(value) && value >= 0)) throw wrong(kind, `timeouts.${name}`, 'milliseconds', value);
	}
	return { ...programTimeouts, ...given };
}

const isArgument = (word: unknown): boolean => typeof word === 'string' && word !== '' && !word.includes('\0');

function wrong(kind: string, option: string, wanted: string, given: unknown): TypeError {
	return new TypeError(`${kind}: ${option} must be ${wanted}, not ${shown(given)}`);
}
