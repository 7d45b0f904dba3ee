/**
 * Memory of idle kept-alive connections: what is resident with them less what was resident before, over their number.
 * JavaScript targets collect their garbage at both moments, so that the figure is what a connection keeps, not what
 * opening it left lying about.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { memory } from './cpu.ts';
import { runLoad } from './load.ts';
import { pinned, type Running } from './processes.ts';
import type { Bench, Run, Subject } from './run.ts';
import type { Work } from './suites.ts';

const clients = fileURLToPath(new URL('idle-clients.ts', import.meta.url));

/** Opens `bench.idle` connections, makes one request on each and leaves them open. */
export async function measureIdle(bench: Bench, work: Work, subject: Subject): Promise<Run> {
	const { running } = subject;
	const collects = subject.command.collects === true;
	await runLoad(subject.url, bench.connections, bench.warm, bench.cores?.load ?? null);
	const before = await settled(running, collects);
	const held = holdConnections(bench, work, subject);
	try {
		await held.opened;
		const after = await settled(running, collects);
		const open = await held.count();
		if (open !== bench.idle) throw new Error(`${bench.idle - open} of ${bench.idle} connections were closed`);
		const figure = (after - before) / bench.idle / 1024;
		return { fault: null, figure, requests: bench.idle, p50: null, p99: null, peak: memory(running.pid).peak };
	} finally {
		held.end();
	}
}

/** Resident bytes once they have stopped changing by more than 1 % in a second, or after 10 s. */
async function settled(running: Running, collects: boolean): Promise<number> {
	await sleep(500);
	let last = memory(running.pid).resident;
	for (let round = 0; round < 10; round++) {
		if (collects) process.kill(running.pid, 'SIGUSR2');
		await sleep(1000);
		const now = memory(running.pid).resident;
		if (round > 0 && Math.abs(now - last) < last * 0.01) return now;
		last = now;
	}
	return last;
}

interface Held {
	/** All are open and have had their answer. */
	readonly opened: Promise<void>;
	/** How many are open now. */
	count(): Promise<number>;
	end(): void;
}

/** A child on the load's core holds the connections; it ends when its stdin does, so it cannot outlive the bench. */
function holdConnections(bench: Bench, work: Work, subject: Subject): Held {
	const args = [clients, String(subject.port), work.path, String(bench.idle), String(work.body.length)];
	const run = pinned({ file: process.execPath, args }, bench.cores?.load ?? null);
	const child = spawn(run.file, run.args, { stdio: ['pipe', 'pipe', 'inherit'] });
	child.stdin.on('error', () => {});
	child.stdout.setEncoding('latin1');
	const line = async (): Promise<string> => {
		const signal = AbortSignal.timeout(60_000);
		const gone = once(child, 'exit', { signal }).then(() => ['ended']);
		const [text] = (await Promise.race([once(child.stdout, 'data', { signal }), gone])) as [string];
		return text.trim();
	};
	return {
		opened: line().then((text) => {
			if (text !== 'opened') throw new Error(`the idle clients said: ${text}`);
		}),
		count: () => {
			child.stdin.write('count\n');
			return line().then(Number);
		},
		end: () => child.stdin.end(),
	};
}
