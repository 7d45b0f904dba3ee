/**
 * Starts and stops the programs of a run. Each is the leader of a process group of its own, and all groups are known to
 * a reaper: a small shell that reads group ids from a pipe and, when the pipe closes because the bench has ended in
 * whatever way, kills those still alive and removes the folder of the run.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from './target.ts';

const REAPER = `
groups=
while read -r verb id; do
	if [ "$verb" = add ]; then groups="$groups $id"; continue; fi
	rest=
	for group in $groups; do [ "$group" = "$id" ] || rest="$rest $group"; done
	groups=$rest
done
for group in $groups; do kill -s KILL -- "-$group"; done
rm -rf -- "$1"
`;

/** A program under way. */
export interface Running {
	readonly pid: number;
	/** It has ended, by itself or because it was stopped. */
	readonly ended: boolean;
	/** The end of what it wrote to stderr, and to stdout if nobody else reads that. */
	complaint(): string;
	/** SIGTERM, then SIGKILL after 3 s, to the whole group. */
	stop(): Promise<void>;
}

/** Starts programs that do not outlive the bench. */
export class Processes {
	private readonly folder: string;
	private readonly reaper: ChildProcess;
	private readonly reaped: Promise<unknown>;
	private started = 0;

	/** `folder` holds what the programs write, and is removed in the end. */
	constructor(folder: string) {
		this.folder = folder;
		this.reaper = spawn('/bin/sh', ['-c', REAPER, 'reaper', folder], {
			detached: true,
			stdio: ['pipe', 'ignore', 'ignore'],
		});
		this.reaped = once(this.reaper, 'exit');
		this.reaper.unref();
		this.reaper.stdin?.on('error', () => {});
	}

	/** Runs a command, pinned to one core unless that is null. */
	start(command: Command, core: number | null): Running {
		const path = join(this.folder, `output-${++this.started}`);
		const output = openSync(path, 'w');
		const { file, args } = pinned(command, core);
		const child = spawn(file, args, {
			detached: true,
			stdio: ['ignore', output, output],
			env: { ...process.env, ...command.environment },
		});
		closeSync(output);
		let failure = '';
		child.on('error', (error) => {
			failure = error.message;
		});
		this.tell('add', child.pid);
		const ended = (): boolean => child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
		return {
			pid: child.pid ?? -1,
			get ended() {
				return ended();
			},
			complaint: () => `${failure}${readFileSync(path, 'latin1')}`.trim().slice(-1000),
			stop: async () => {
				await stopGroup(child, ended);
				this.tell('drop', child.pid);
			},
		};
	}

	/** Ends the reaper's watch: whatever still runs is killed, and the folder removed. */
	async close(): Promise<void> {
		this.reaper.ref();
		this.reaper.stdin?.end();
		await this.reaped;
	}

	private tell(verb: 'add' | 'drop', group: number | undefined): void {
		if (group !== undefined) this.reaper.stdin?.write(`${verb} ${group}\n`);
	}
}

/** The command with taskset in front. */
export function pinned(command: Command, core: number | null): { file: string; args: string[] } {
	if (core === null) return { file: command.file, args: [...command.args] };
	return { file: 'taskset', args: ['-c', String(core), command.file, ...command.args] };
}

async function stopGroup(child: ChildProcess, ended: () => boolean): Promise<void> {
	signalGroup(child.pid, 'SIGTERM');
	for (const deadline = Date.now() + 3000; !ended() && Date.now() < deadline; ) await sleep(10);
	// The leader may be gone while others of its group are not.
	signalGroup(child.pid, 'SIGKILL');
	while (!ended()) await sleep(10);
}

function signalGroup(leader: number | undefined, signal: NodeJS.Signals): void {
	if (leader === undefined) return;
	try {
		process.kill(-leader, signal);
	} catch {
		// Nobody is left in the group.
	}
}

/** A port on 127.0.0.1 that nobody listened on a moment ago. */
export function freePort(): Promise<number> {
	return new Promise((resolve, reject) => {
		const server = createServer();
		server.once('error', reject);
		server.listen(0, '127.0.0.1', () => {
			const address = server.address();
			server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
		});
	});
}

/** Resolves when the port accepts connections; rejects with the program's own words when it ends or takes over 10 s. */
export function waitForPort(port: number, running: Running): Promise<void> {
	return waitUntil(running, `something listens on port ${port}`, () => accepts(port));
}

/** The same for whatever tells that a program is there. */
export async function waitUntil(running: Running, what: string, holds: () => Promise<boolean>): Promise<void> {
	for (const deadline = Date.now() + 10_000; Date.now() < deadline; await sleep(20)) {
		if (running.ended) throw new Error(`it ended before it listened: ${running.complaint()}`);
		if (await holds()) return;
	}
	throw new Error(`not so after 10 s: ${what}: ${running.complaint()}`);
}

function accepts(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect(port, '127.0.0.1');
		socket.once('connect', () => resolve(true));
		socket.once('error', () => resolve(false));
		socket.once('connect', () => socket.destroy());
	});
}
