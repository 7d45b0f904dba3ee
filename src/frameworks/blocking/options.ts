/** What can be set on blocking threads, and what holds when it is not. A row for each option: its default, and what it must be. */
import { existsSync, statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { UpstreamOptions } from '../../client/index.ts';
import { choices, shown } from '../../names/index.ts';

/** One line about a thread that ended or could not be started. */
export interface ThreadLogEntry {
	readonly level: 'warn' | 'error';
	readonly message: string;
	readonly error: Error;
}

export interface ThreadsOptions {
	/** Threads, which is requests at a time. Each costs some 10 MB and is started when the server is. Default: 8. */
	readonly threads?: number;
	/** Requests that wait for a thread, first come, first served; more are answered 503 with Retry-After. Default: 64. */
	readonly queue?: number;
	/**
	 * Milliseconds that a request may keep its thread, from the head to the last byte that the client has taken. Then the
	 * thread is ended and replaced, and the client gets 504, or a response that is cut short if it has begun. 0: no
	 * limit. Default: 30000.
	 */
	readonly deadline?: number;
	/** Milliseconds that a request waits for a thread; then it is answered 503 with Retry-After. 0: no limit. Default: 30000. */
	readonly wait?: number;
	/** Megabytes of JavaScript heap for each thread; one that needs more is ended and replaced. Default: node's own limit. */
	readonly memory?: number;
	/** How fetchSync reaches others: time-outs, TLS, a guard for addresses. */
	readonly upstream?: UpstreamOptions;
	/** Default: one line on stderr. */
	readonly log?: (entry: ThreadLogEntry) => void;
}

export interface ThreadsSettings {
	/** The module, as a URL of a file. */
	readonly url: string;
	/** Its path, for messages. */
	readonly file: string;
	readonly threads: number;
	readonly queue: number;
	readonly deadline: number;
	readonly wait: number;
	/** Null: node's own limit. */
	readonly memory: number | null;
	readonly upstream: UpstreamOptions;
	readonly log: (entry: ThreadLogEntry) => void;
}

const MOST_THREADS = 1024;

/** What each option must be, in words, and whether a value is. */
const checks: Readonly<Record<keyof ThreadsOptions, readonly [string, (value: unknown) => boolean]>> = {
	threads: [`a whole number from 1 to ${MOST_THREADS}`, (value) => isWhole(value, 1) && value <= MOST_THREADS],
	queue: ['a whole number from 0 up', (value) => isWhole(value, 0)],
	deadline: ['a number of milliseconds from 0 up', (value) => typeof value === 'number' && value >= 0],
	wait: ['a number of milliseconds from 0 up', (value) => typeof value === 'number' && value >= 0],
	memory: ['a whole number of megabytes from 8 up', (value) => isWhole(value, 8)],
	upstream: ['an object', (value) => typeof value === 'object' && value !== null],
	log: ['a function', (value) => typeof value === 'function'],
};

/** Throws TypeError with the name of what is wrong. */
export function threadsSettings(module: string | URL, options: ThreadsOptions): ThreadsSettings {
	const file = fileOf(module);
	for (const [name, value] of Object.entries(options)) {
		const check = Object.hasOwn(checks, name) ? checks[name as keyof ThreadsOptions] : undefined;
		if (check === undefined)
			throw new TypeError(`threads: there is no option ${name}; ${choices(name, Object.keys(checks))}`);
		if (value !== undefined && !check[1](value))
			throw new TypeError(`threads: the option ${name} is ${shown(value)}, not ${check[0]}`);
	}
	return {
		url: pathToFileURL(file).href,
		file,
		threads: options.threads ?? 8,
		queue: options.queue ?? 64,
		deadline: limited(options.deadline),
		wait: limited(options.wait),
		memory: options.memory ?? null,
		upstream: options.upstream ?? {},
		log: options.log ?? logToStderr,
	};
}

/** Milliseconds, 0 for no limit. */
function limited(milliseconds = 30_000): number {
	return milliseconds === Number.POSITIVE_INFINITY ? 0 : milliseconds;
}

const HINT = "Write threads(new URL('./app.blocking.ts', import.meta.url))";

function fileOf(module: string | URL): string {
	const text = String(module);
	const file = text.startsWith('file:') ? fileURLToPath(text) : text;
	if (!isAbsolute(file))
		throw new TypeError(`threads: ${shown(text)} is neither a file: URL nor an absolute path. ${HINT}`);
	if (!existsSync(file)) throw new TypeError(`threads: no such module: ${file}`);
	if (!statSync(file).isFile()) throw new TypeError(`threads: ${file} is a folder, not a module`);
	return file;
}

function isWhole(value: unknown, least: number): value is number {
	return Number.isSafeInteger(value) && Number(value) >= least;
}

function logToStderr({ level, message }: ThreadLogEntry): void {
	process.stderr.write(`turnabout: ${level}: ${message}\n`);
}
