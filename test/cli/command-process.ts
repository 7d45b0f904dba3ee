/** The real command in a process of its own, with its output, and never left behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { TestContext } from 'node:test';

export const ROOT: string = resolve(import.meta.dirname, '../..');
export const BIN: string = join(ROOT, 'bin/turnabout');
export const FIXTURES: string = join(import.meta.dirname, 'fixtures');

export interface Ended {
	readonly status: number | null;
	readonly signal: NodeJS.Signals | null;
	readonly stdout: string;
	readonly stderr: string;
}

export interface ProcessOptions {
	readonly cwd?: string;
	readonly env?: NodeJS.ProcessEnv;
	/** Program and first arguments, instead of this Node with bin/turnabout. */
	readonly command?: readonly string[];
}

export class CommandProcess {
	stdout = '';
	stderr = '';
	readonly child: ChildProcess;
	readonly ended: Promise<Ended>;
	private readonly watchers = new Set<() => void>();

	constructor(args: readonly string[], options: ProcessOptions) {
		const [program = process.execPath, ...first] = options.command ?? [process.execPath, BIN];
		this.child = spawn(program, [...first, ...args], {
			cwd: options.cwd ?? ROOT,
			env: { ...process.env, NODE_TEST_CONTEXT: undefined, ...options.env },
			stdio: ['ignore', 'pipe', 'pipe'],
			detached: true,
		});
		this.child.stdout?.setEncoding('utf8').on('data', (text: string) => this.take('stdout', text));
		this.child.stderr?.setEncoding('utf8').on('data', (text: string) => this.take('stderr', text));
		this.ended = new Promise((settle, reject) => {
			this.child.once('error', reject);
			this.child.once('close', (status, signal) => {
				settle({ status, signal, stdout: this.stdout, stderr: this.stderr });
				for (const watcher of this.watchers) watcher();
			});
		});
		this.ended.catch(() => {});
	}

	/** The URLs of the first `count` listening lines. Rejects when the process ends without them. */
	async listening(count = 1): Promise<string[]> {
		const urls = (): string[] =>
			[...this.stderr.matchAll(/^turnabout: listening on (\S+)$/gm)].map(([, url = '']) => url);
		await this.until(() => urls().length >= count, `${count} listening line(s)`);
		return urls();
	}

	/** Resolves when `met` holds, looked at whenever output comes. */
	until(met: () => boolean, what: string): Promise<void> {
		return new Promise((settle, reject) => {
			const watcher = (): void => {
				if (met()) settle();
				else if (this.child.exitCode !== null || this.child.signalCode !== null) {
					reject(new Error(`ended without ${what}:\n${this.stdout}${this.stderr}`));
				} else return;
				this.watchers.delete(watcher);
			};
			this.watchers.add(watcher);
			watcher();
		});
	}

	/** Sends a signal to the process alone, or to all of its group as a terminal does. */
	signal(signal: NodeJS.Signals, group = false): void {
		const { pid } = this.child;
		if (pid === undefined) return;
		try {
			process.kill(group ? -pid : pid, signal);
		} catch {
			// It has ended already.
		}
	}

	private take(stream: 'stdout' | 'stderr', text: string): void {
		this[stream] += text;
		for (const watcher of this.watchers) watcher();
	}
}

/** Starts the command; whatever is left of it after the test is killed with its children. */
export function start(t: TestContext, args: readonly string[], options: ProcessOptions = {}): CommandProcess {
	const started = new CommandProcess(args, options);
	t.after(async () => {
		started.signal('SIGKILL', true);
		await started.ended.catch(() => {});
	});
	return started;
}

/** Runs the command to its end. */
export function run(t: TestContext, args: readonly string[], options: ProcessOptions = {}): Promise<Ended> {
	return start(t, args, options).ended;
}

/** A folder with these files, as a project of its own; removed after the test. `turnabout` is installed in it. */
export function project(t: TestContext, files: Readonly<Record<string, string>> = {}): string {
	const folder = mkdtempSync(join(tmpdir(), 'turnabout-test-'));
	t.after(() => rmSync(folder, { recursive: true, force: true }));
	const all = { 'package.json': '{ "type": "module" }', ...files };
	for (const [name, text] of Object.entries(all)) {
		mkdirSync(dirname(join(folder, name)), { recursive: true });
		writeFileSync(join(folder, name), text);
	}
	mkdirSync(join(folder, 'node_modules'), { recursive: true });
	symlinkSync(ROOT, join(folder, 'node_modules/turnabout'));
	return folder;
}

export interface Answer {
	readonly status: number;
	readonly body: string;
	readonly headers: NodeJS.Dict<string | string[]>;
}

/** One GET on a connection of its own. `url` may be `unix:/path`. */
export function ask(url: string, path = '/', headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
	return new Promise((settle, reject) => {
		const { hostname, port } = url.startsWith('unix:') ? { hostname: 'localhost', port: '' } : new URL(url);
		const socket = url.startsWith('unix:') ? { socketPath: url.slice('unix:'.length) } : {};
		const host = hostname.replace(/^\[|\]$/g, '');
		const request = get({ host, port, path, ...socket, agent: false, headers }, (response) => {
			let body = '';
			response.setEncoding('utf8').on('data', (text: string) => {
				body += text;
			});
			response.once('error', reject);
			response.once('end', () => settle({ status: response.statusCode ?? 0, body, headers: response.headers }));
		});
		request.once('error', reject);
	});
}
