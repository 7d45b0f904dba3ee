/** What can be set on `fastcgi`, and what holds when it is not. Options are judged once, when the app is made. */

import type { App, Context, RawRequest } from '../../convention/index.ts';
import { choices } from '../../names/index.ts';
import { type FastCgiLimits, fastCgiLimits } from '../../protocol/fastcgi/index.ts';
import { checkNumbers, checkText, checkTexts, refusal } from './check-options.ts';

/** Milliseconds; 0 turns a time-out off. */
export interface FastCgiTimeouts {
	/** For name and connection; `connection_timeout`, 504. */
	readonly connect: number;
	/** From the end of the request to the head of its response, and before that for each piece of its body to be taken; `http_response_timeout`, 504. */
	readonly firstByte: number;
	/** Between two pieces of a response while the client takes them; the response is cut short. */
	readonly idle: number;
	/** From the start to the last byte, waiting for a connection included; 503 or 504, or the response is cut short. */
	readonly total: number;
	/** How long an idle connection is kept. Each one keeps a php-fpm child from serving anybody else. */
	readonly keepAlive: number;
}

export const fastCgiTimeouts: FastCgiTimeouts = {
	connect: 10_000,
	firstByte: 60_000,
	idle: 60_000,
	total: 0,
	keepAlive: 2_000,
};

export interface FastCgiPoolLimits {
	/** Connections to the application, idle ones included. More than php-fpm has children wait at its socket. */
	readonly connections: number;
	/** Idle connections that are kept; 0 asks for a new one each time. Keep it well below php-fpm's `pm.max_children`. */
	readonly idle: number;
	/** Requests that wait for a connection; more are refused with `connection_limit_reached`, 503. */
	readonly queue: number;
	/** Milliseconds a request waits for a connection, 0 for ever; then `connection_limit_reached`, 503. */
	readonly queueTimeout: number;
}

export const fastCgiPool: FastCgiPoolLimits = { connections: 128, idle: 8, queue: 1_024, queueTimeout: 10_000 };

/** How the bodies of requests are taken in. One whose length nobody knows is always taken in whole: PHP reads nothing without CONTENT_LENGTH. */
export interface FastCgiRequestBody {
	/**
	 * Whether the application is asked when all of a body has come; what was cut short never reaches it then. Otherwise
	 * bodies of known length are streamed. Default: true.
	 */
	readonly whole: boolean;
	/** Bytes that are kept in memory until all have come; longer bodies go to a file. Default: 65,536. */
	readonly memory: number;
	/** Bytes of the longest body that is taken in whole; 413. Default: 67,108,864. */
	readonly most: number;
	/** The folder for those files. Default: the system's for temporary ones. */
	readonly folder: string;
}

/** One line about something that went wrong behind FastCGI, or what a script wrote to its standard error. */
export interface FastCgiLogEntry {
	readonly level: 'warn';
	readonly message: string;
	/** The address, as given. */
	readonly upstream: string;
	/** Method and path; the query is left out, since it may hold secrets. */
	readonly request: string;
}

/** More variables for scripts, or others in place of ours. */
export type FastCgiEnv =
	| Readonly<Record<string, string>>
	| ((request: RawRequest, context: Context) => Readonly<Record<string, string>>);

export interface FastCgiOptions {
	/** The folder that holds the scripts, as the application sees it: an absolute path. */
	readonly root: string;
	/** Where scripts are looked for when it is not the same path, say because the application runs in a container. Default: `root`. */
	readonly files?: string;
	/** The script for a folder, and for every path that is nothing else. Default: `index.php`. */
	readonly index?: string;
	/** Where a script's name may end and PATH_INFO begin. Default: `['.php']`. */
	readonly split?: readonly string[];
	/** Whether paths that name no file go to the `index` of the root: the front controller. Default: true. */
	readonly front?: boolean;
	readonly env?: FastCgiEnv;
	readonly timeouts?: Partial<FastCgiTimeouts>;
	readonly pool?: Partial<FastCgiPoolLimits>;
	readonly limits?: Partial<FastCgiLimits>;
	readonly requestBody?: Partial<FastCgiRequestBody>;
	/** Answers what is no script: files beside them, and what is not there. Default: 404. */
	readonly otherwise?: App;
	/** Default: one line on stderr. At most ten lines a second are logged; what is left out is counted. */
	readonly log?: (entry: FastCgiLogEntry) => void;
}

export interface FastCgiSettings {
	readonly root: string;
	readonly files: string;
	readonly index: string;
	readonly split: readonly string[];
	readonly front: boolean;
	readonly env: FastCgiEnv | null;
	readonly timeouts: FastCgiTimeouts;
	readonly pool: FastCgiPoolLimits;
	readonly limits: FastCgiLimits;
	readonly requestBody: FastCgiRequestBody;
	readonly otherwise: App | null;
	readonly log: (entry: FastCgiLogEntry) => void;
}

const NAMES: readonly string[] = [
	...['root', 'files', 'index', 'split', 'front', 'env'],
	...['timeouts', 'pool', 'limits', 'requestBody', 'otherwise', 'log'],
];

/** Throws TypeError with the option's name and the reason. `folder` is the default for files of bodies. */
export function fastCgiSettings(options: FastCgiOptions, folder: string): FastCgiSettings {
	if (typeof options !== 'object' || options === null)
		throw refusal('options', 'not an object; root is needed, such as { root: "/srv/www" }');
	for (const name of Object.keys(options)) {
		if (!NAMES.includes(name)) throw refusal(name, `there is no such option; ${choices(name, NAMES)}`);
	}
	const { front = true, env = null, otherwise = null, log = logToStderr } = options;
	if (typeof front !== 'boolean') throw refusal('front', 'not true or false');
	if (otherwise !== null && typeof otherwise !== 'function') throw refusal('otherwise', 'not an app');
	if (typeof log !== 'function') throw refusal('log', 'not a function');
	const root = folderOf('root', options.root, '/srv/www');
	return {
		root,
		files: options.files === undefined ? root : folderOf('files', options.files, '/srv/www'),
		index: indexOf(options.index ?? 'index.php'),
		split: splitOf(options.split ?? ['.php']),
		front,
		env: envOf(env),
		timeouts: checkNumbers('timeouts', options.timeouts, fastCgiTimeouts),
		pool: poolOf(options.pool),
		limits: checkNumbers('limits', options.limits, fastCgiLimits, ['bodyBytes']),
		requestBody: requestBodyOf(options.requestBody, folder),
		otherwise,
		log,
	};
}

/** php-fpm has a working directory of its own, so that a relative path would be another folder to it than to us. */
function folderOf(name: string, folder: unknown, example: string): string {
	if (folder === undefined)
		throw refusal(name, `it is missing. Write an absolute path such as ${JSON.stringify(example)}`);
	const path = checkText(name, folder);
	if (!path.startsWith('/')) {
		const hint = `Write one such as ${JSON.stringify(example)}, or \`\${import.meta.dirname}/${path.replace(/^\.\//, '')}\``;
		throw refusal(name, `not an absolute path: ${JSON.stringify(path)}. ${hint}`);
	}
	if (path.split('/').includes('..')) throw refusal(name, `".." has no place in it: ${JSON.stringify(path)}`);
	return path.replace(/\/+$/, '');
}

function indexOf(index: unknown): string {
	const name = checkText('index', index);
	if (name.includes('/') || name === '.' || name === '..')
		throw refusal('index', `not the name of a file: ${JSON.stringify(name)}`);
	return name;
}

function splitOf(split: unknown): readonly string[] {
	const endings = checkTexts('split', split);
	for (const ending of endings) {
		if (!/^\.[^/]+$/.test(ending)) throw refusal('split', `not an ending such as ".php": ${JSON.stringify(ending)}`);
	}
	return endings;
}

function envOf(env: unknown): FastCgiEnv | null {
	if (env === null || typeof env === 'function') return env as FastCgiEnv | null;
	if (typeof env !== 'object') throw refusal('env', 'neither an object nor a function');
	for (const [name, value] of Object.entries(env)) {
		if (name === '' || /[=\0]/.test(name)) throw refusal('env', `not a variable's name: ${JSON.stringify(name)}`);
		if (typeof value !== 'string' || value.includes('\0')) throw refusal(`env.${name}`, 'not a text without NUL');
	}
	return env as FastCgiEnv;
}

function poolOf(pool: Partial<FastCgiPoolLimits> | undefined): FastCgiPoolLimits {
	const limits = checkNumbers('pool', pool, fastCgiPool);
	if (limits.connections < 1) throw refusal('pool.connections', 'at least one connection is needed');
	return limits;
}

function requestBodyOf(given: Partial<FastCgiRequestBody> | undefined, folder: string): FastCgiRequestBody {
	if (typeof given !== 'object' && given !== undefined) throw refusal('requestBody', 'not an object');
	const { whole = true, folder: own = folder, ...numbers } = given ?? {};
	if (typeof whole !== 'boolean') throw refusal('requestBody.whole', 'not true or false');
	const bounds = checkNumbers('requestBody', numbers, { memory: 65_536, most: 67_108_864 });
	return { whole, ...bounds, folder: folderOf('requestBody.folder', own, '/var/tmp') };
}

function logToStderr(entry: FastCgiLogEntry): void {
	globalThis.process?.stderr.write(
		`turnabout: ${entry.level}: ${entry.upstream}: ${entry.message} [${entry.request}]\n`,
	);
}
