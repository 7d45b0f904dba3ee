/** Programs that people use, as clients of what is tested: run when they are here, counted when they are not. */
import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

export interface Ran {
	readonly status: number;
	readonly stdout: string;
	readonly stderr: string;
}

/** Runs a program in an environment that has no proxy but what is said. */
export function run(
	program: string,
	args: readonly string[],
	env: Readonly<Record<string, string>> = {},
): Promise<Ran> {
	const { PATH = '', HOME = '' } = process.env;
	return new Promise((resolve) => {
		execFile(program, [...args], { env: { PATH, HOME, ...env }, timeout: 40_000 }, (error, stdout, stderr) => {
			resolve({ status: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
		});
	});
}

/** The system's own comes with the modules that its packages bring. */
export const python: string = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';

/** How to find out whether a client is here. Java runs a source file only where its compiler is, too. */
const probes: Readonly<Record<string, readonly [program: string, ...args: string[]]>> = {
	curl: ['curl', '--version'],
	wget: ['wget', '--version'],
	git: ['git', '--version'],
	npm: ['npm', '--version'],
	apt: ['apt-get', '--version'],
	python: [python, '--version'],
	requests: [python, '-c', 'import requests'],
	'requests by SOCKS': [python, '-c', 'import requests, socks'],
	java: ['javac', '--version'],
	chromium: ['chromium', '--version'],
};

function isHere([program, ...args]: readonly [string, ...string[]]): boolean {
	try {
		execFileSync(program, args, { stdio: 'ignore' });
		return true;
	} catch {
		return false;
	}
}

const found: Map<string, boolean> = new Map();

/** Whether a client of the table is here. */
export function here(client: string): boolean {
	let known = found.get(client);
	const probe = probes[client];
	if (probe === undefined) throw new Error(`${client} is not in the table of clients`);
	if (known === undefined) found.set(client, (known = isHere(probe)));
	return known;
}

/** Options of a test that needs one. */
export function without(client: string): { skip: string | false; timeout: number } {
	return { skip: here(client) ? false : `${client} is not here`, timeout: 90_000 };
}

/** All of the table, and those that are not here. */
export function census(): { readonly all: readonly string[]; readonly missing: readonly string[] } {
	const all = Object.keys(probes);
	return { all, missing: all.filter((client) => !here(client)) };
}
