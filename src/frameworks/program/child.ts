/** One life of a program: from its start to its end, with all processes that it has started itself. */
import { type ChildProcess, spawn } from 'node:child_process';
import { outlived, outliveNot } from './last-will.ts';
import { Lines } from './lines.ts';
import type { ProgramSettings } from './options.ts';
import type { Place } from './place.ts';

/** Process groups that are not to outlive us. */
const alive = new Set<Child>();
let watching = false;

export class Child {
	/** Resolves to what became of it: `exited with status 3`, `was ended by SIGKILL`, or why it could not be started. */
	readonly ended: Promise<string>;
	private readonly lines: Lines;
	private readonly process: ChildProcess;
	private over = false;

	constructor(settings: ProgramSettings, place: Place) {
		const { command, cwd, env, log } = settings;
		const [file, ...words] = command.map((word) => filled(word, place.words)) as [string, ...string[]];
		const told = Object.entries(place.words).map(([name, value]) => [name.toUpperCase(), value]);
		this.lines = new Lines(log);
		// A group of its own: Ctrl-C at a terminal is for us, and we let it finish what it is doing.
		this.process = spawn(file, words, {
			cwd,
			detached: true,
			env: { ...process.env, ...Object.fromEntries(told), ...env },
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		if (this.process.stdout !== null) this.lines.read(this.process.stdout);
		if (this.process.stderr !== null) this.lines.read(this.process.stderr);
		this.ended = this.end();
		remember(this);
	}

	get pid(): number | null {
		return this.over ? null : (this.process.pid ?? null);
	}

	/** What it wrote last. */
	get lastWords(): string {
		return this.lines.tail;
	}

	/** SIGTERM to the program, and SIGKILL to all of its group after `patience` milliseconds. */
	async stop(patience: number): Promise<void> {
		if (this.over) return;
		this.process.kill('SIGTERM');
		const timer = setTimeout(() => this.kill(), patience);
		await this.ended;
		clearTimeout(timer);
	}

	/** Ends the program and all that it has started, now. */
	kill(): void {
		const { pid } = this.process;
		if (pid === undefined) return;
		try {
			process.kill(-pid, 'SIGKILL');
		} catch {
			// Nobody of the group is left, or the system knows no groups.
			this.process.kill('SIGKILL');
		}
	}

	private end(): Promise<string> {
		return new Promise((resolve) => {
			const over = (how: string): void => {
				this.over = true;
				// What it has started itself must not answer in its place.
				this.kill();
				alive.delete(this);
				if (this.process.pid !== undefined) outlived(this.process.pid);
				resolve(how);
			};
			this.process.once('error', (error) => {
				if (this.process.pid === undefined) over(`could not be started: ${error.message}`);
			});
			this.process.once('exit', (status, signal) =>
				over(signal === null ? `exited with status ${status}` : `was ended by ${signal}`),
			);
		});
	}
}

/** `{socket}` and the like by their values; other braces stay. */
function filled(word: string, values: Readonly<Record<string, string>>): string {
	return word.replace(/\{(socket|host|port)\}/g, (braces, name: string) => values[name] ?? braces);
}

function remember(child: Child): void {
	alive.add(child);
	if (child.pid !== null) outliveNot(child.pid);
	if (watching) return;
	watching = true;
	process.on('exit', () => {
		for (const one of alive) one.kill();
	});
}
