/** What is said of a Python app. */
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { checkNames, shown } from '../../names/index.ts';
import type { ProgramOptions } from '../program/index.ts';
import { pythonServers, type ServerWork } from './servers.ts';

export interface PythonOptions extends Pick<ProgramOptions, 'cwd' | 'env' | 'ready' | 'timeouts' | 'log' | 'upstream'> {
	/** The server that runs it. WSGI: `gunicorn` or `uwsgi`; ASGI: `uvicorn` or `hypercorn`. Default: the first that is installed. */
	readonly server?: string;
	/** The folder of a virtual environment, whose programs come before all others. Default: PATH alone. */
	readonly venv?: string;
	/** Processes. Default: 1. */
	readonly workers?: number;
	/** Threads in each, WSGI alone. Default: 4. */
	readonly threads?: number;
	/** Bytes of a request's body without Content-Length that are kept for WSGI apps, who need to know it; more is 413. Default: 1 MiB. */
	readonly chunkedBody?: number;
	/** More arguments for the server. */
	readonly args?: readonly string[];
}

/** With nothing left out. */
export interface PythonSettings {
	readonly app: string;
	readonly server: string | undefined;
	/** Where the programs of the virtual environment are, or null. */
	readonly programs: string | null;
	readonly work: ServerWork;
	readonly chunkedBody: number;
}

const APP = /^[A-Za-z_][\w.]*(?::[A-Za-z_][\w.]*(?:\(\))?)?$/;

const NAMES: Readonly<Record<keyof PythonOptions, true>> = {
	server: true,
	venv: true,
	workers: true,
	threads: true,
	chunkedBody: true,
	args: true,
	cwd: true,
	env: true,
	ready: true,
	timeouts: true,
	log: true,
	upstream: true,
};

/** Throws TypeError for what cannot be meant, naming the option. */
export function pythonSettings(kind: 'wsgi' | 'asgi', app: string, options: PythonOptions): PythonSettings {
	if (typeof app !== 'string' || !APP.test(app))
		throw wrong(kind, 'the app', "module:name, such as 'shop.wsgi:application'", app);
	checkNames(`${kind}: `, options, Object.keys(NAMES));
	const { server, workers = 1, threads = 4, args = [], venv, cwd, chunkedBody = 2 ** 20 } = options;
	const servers = Object.keys(pythonServers[kind]);
	if (server !== undefined && !servers.includes(server)) throw wrong(kind, 'server', servers.join(' or '), server);
	if (!isCount(workers)) throw wrong(kind, 'workers', 'a whole number from 1 up', workers);
	if (!isCount(threads)) throw wrong(kind, 'threads', 'a whole number from 1 up', threads);
	if (!Number.isSafeInteger(chunkedBody) || chunkedBody < 0)
		throw wrong(kind, 'chunkedBody', 'a number of bytes', chunkedBody);
	if (!Array.isArray(args) || !args.every((one) => typeof one === 'string'))
		throw wrong(kind, 'args', 'a list of strings', args);
	if (cwd !== undefined && !isDirectory(cwd)) throw wrong(kind, 'cwd', 'a directory', cwd);
	const programs =
		venv === undefined ? null : join(resolve(cwd ?? '.', venv), process.platform === 'win32' ? 'Scripts' : 'bin');
	if (programs !== null && !isDirectory(programs))
		throw wrong(kind, 'venv', 'the folder of a virtual environment', venv);
	return { app, server, programs, work: { workers, threads, args }, chunkedBody };
}

const isCount = (value: unknown): boolean => typeof value === 'number' && Number.isInteger(value) && value >= 1;

function isDirectory(path: string): boolean {
	return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function wrong(kind: string, option: string, wanted: string, given: unknown): TypeError {
	return new TypeError(`${kind}: ${option} must be ${wanted}, not ${shown(given)}`);
}
