/** A runtime as a child of the test: where its program is, and the matrix served on it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export type Runtime = 'bun' | 'deno';

const FOLDER = import.meta.dirname;

/** How each is started. The npm packages bring the programs along; no install script has to run. */
const programs: Readonly<Record<Runtime, { readonly path: string; readonly args: readonly string[] }>> = {
	bun: { path: join(FOLDER, 'node_modules/.bin/bun'), args: [] },
	deno: { path: join(FOLDER, 'node_modules/.bin/deno'), args: ['run', '-A', '--no-check'] },
};

/** Why tests of a runtime are skipped; false where it is installed. */
export function missing(runtime: Runtime): string | false {
	return existsSync(programs[runtime].path) ? false : `${runtime} is not installed: npm ci in test/runtimes`;
}

/** What starts a program on the runtime: its path and first arguments. */
export function commandOf(runtime: Runtime): readonly string[] {
	const { path, args } = programs[runtime];
	return [path, ...args];
}

/** A program that is up and has said its first line. */
export interface RunningProgram {
	readonly firstLine: string;
	readonly child: ChildProcess;
	/** Writes a line to its input; the line of its output that begins with the same word and a space answers. */
	ask(command: string): Promise<string>;
	/** All that it has written to its standard error until now. */
	readonly complaints: () => string;
	/** Ends its input, and waits until it has ended. */
	stop(): Promise<void>;
}

/** Starts a file of this folder. Rejects with what it complained of when it ends before its first line. */
export async function startOn(runtime: Runtime, file: string, args: readonly string[] = []): Promise<RunningProgram> {
	const [path = '', ...before] = commandOf(runtime);
	const child = spawn(path, [...before, join(FOLDER, file), ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
	let complaints = '';
	child.stderr.on('data', (chunk: Buffer) => {
		complaints += chunk;
	});
	const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
	const lines = createInterface(child.stdout);
	const firstLine = await new Promise<string>((resolve, reject) => {
		lines.once('line', resolve);
		child.once('error', reject);
		void ended.then(() => reject(new Error(`${runtime} ${file} ended: ${complaints}`)));
	});
	return {
		firstLine,
		child,
		ask: (command) =>
			new Promise((resolve) => {
				const answered = (line: string): void => {
					if (!line.startsWith(`${command} `)) return;
					lines.off('line', answered);
					resolve(line.slice(command.length + 1));
				};
				lines.on('line', answered);
				child.stdin.write(`${command}\n`);
			}),
		complaints: () => complaints,
		stop: () => {
			child.stdin.on('error', () => {}).end();
			return ended;
		},
	};
}
