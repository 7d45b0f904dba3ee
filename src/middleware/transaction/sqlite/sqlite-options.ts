/** What can be set on a pool of SQLite handles, and what is wrong with it, in words. */

import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { RawRequest } from '../../../convention/index.ts';
import { checkNames } from '../../../names/index.ts';

export interface SqliteOptions {
	/** The file. Its folder must be there; the file is made where it is not. */
	readonly path: string;
	/** Handles at most, and so requests with a transaction at a time. Default: 8. */
	readonly handles?: number;
	/** Milliseconds that a request waits for a handle, or for its turn to write; then 503. Default: 5,000. */
	readonly wait?: number;
	/** Requests that may wait; those beyond get 503 at once. Default: 256. */
	readonly queue?: number;
	/** Milliseconds that a request waits while another process writes; then 503. Nothing else stands still meanwhile. Default: 5,000. */
	readonly busyTimeout?: number;
	/**
	 * Requests whose transaction reads only, many at a time; a write in it is an error. The others write, one after the other.
	 * Default: GET, HEAD, OPTIONS and TRACE.
	 */
	readonly readOnly?: (request: RawRequest) => boolean;
	/** Called with each new handle: for pragmas and functions. */
	readonly prepare?: (database: DatabaseSync) => void;
}

export type SqliteSettings = Required<SqliteOptions>;

const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

const DEFAULTS: Omit<SqliteSettings, 'path'> = {
	handles: 8,
	wait: 5_000,
	queue: 256,
	busyTimeout: 5_000,
	readOnly: ({ method }) => SAFE.has(method),
	prepare: () => {},
};

const LEAST: Readonly<Record<string, number>> = { handles: 1, wait: 0, queue: 0, busyTimeout: 0 };
/** What a timer can hold. */
const MOST = 2 ** 31 - 1;

/** Throws TypeError with the option's name and the reason. Nothing is opened. */
export function sqliteSettings(options: string | SqliteOptions): SqliteSettings {
	const given = typeof options === 'string' ? { path: options } : options;
	if (typeof given !== 'object' || given === null) throw wrong('give it the path of a file, or options');
	checkNames('sqlite: ', given, ['path', ...Object.keys(DEFAULTS)]);
	for (const [name, value] of Object.entries(given)) {
		if (value === undefined || name === 'path') continue;
		const least = LEAST[name];
		if (least === undefined) {
			if (typeof value !== 'function') throw wrong(`${name} is ${typeof value}, not a function`);
		} else if (!Number.isInteger(value) || Number(value) < least || Number(value) > MOST) {
			throw wrong(`${name} is ${String(value)}, not a whole number from ${least} up`);
		}
	}
	const set = Object.entries(given).filter(([, value]) => value !== undefined);
	const settings: SqliteSettings = { ...DEFAULTS, ...(Object.fromEntries(set) as unknown as SqliteOptions) };
	checkPath(settings);
	return settings;
}

function checkPath({ path, handles }: SqliteSettings): void {
	if (typeof path !== 'string' || path === '') throw wrong('path is no path of a file');
	if (path === ':memory:') {
		if (handles === 1) return;
		throw wrong('path is :memory:, and each handle would have a database of its own; set handles to 1');
	}
	if (!existsSync(dirname(path))) throw wrong(`path ${JSON.stringify(path)}: there is no folder ${dirname(path)}`);
	if (existsSync(path) && !statSync(path).isFile()) throw wrong(`path ${JSON.stringify(path)} is no file`);
}

const wrong = (reason: string): TypeError => new TypeError(`sqlite: ${reason}`);
