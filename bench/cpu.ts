/**
 * CPU time and memory of a process with all its children, from /proc. CPU time is the scheduler's count of nanoseconds
 * for every thread; where a thread has ended in between, or the kernel does not count, utime + stime in ticks instead.
 */
import { readdirSync, readFileSync } from 'node:fs';

/** USER_HZ, which Linux shows to programs on every common architecture. */
const TICKS_PER_SECOND = 100;

/** Microseconds that ticks may be off by, however little was done. */
const UNCERTAIN = 50_000;

export interface ProcessStat {
	readonly pid: number;
	readonly parent: number;
	readonly group: number;
	/** utime + stime of the process, and of the children it has waited for. */
	readonly ticks: number;
}

/** CPU time used up to one moment. */
export interface CpuTime {
	/** Nanoseconds by thread id. */
	readonly threads: ReadonlyMap<number, number>;
	readonly ticks: number;
}

export interface Memory {
	/** Bytes of resident memory, summed over the processes. */
	readonly resident: number;
	/** The sum of the highest that each process had: never less than the highest sum. */
	readonly peak: number;
}

/** Reads /proc/PID/stat. The command name in it may hold spaces and parentheses. */
export function parseStat(text: string): ProcessStat {
	const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
	const field = (number: number): number => Number(fields[number - 3]);
	return {
		pid: Number.parseInt(text, 10),
		parent: field(4),
		group: field(5),
		ticks: field(14) + field(15) + field(16) + field(17),
	};
}

/** Reads /proc/PID/status. */
export function parseStatus(text: string): Memory {
	const bytes = (name: string): number =>
		Number(new RegExp(`^${name}:\\s*(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0) * 1024;
	return { resident: bytes('VmRSS'), peak: bytes('VmHWM') };
}

/** Reads /proc/PID/task/TID/schedstat: the nanoseconds spent on a processor. */
export function parseSchedstat(text: string): number {
	return Number.parseInt(text, 10);
}

/** Of all processes, those that descend from `root` or are in its group. */
export function treeOf(root: number, all: readonly ProcessStat[]): ProcessStat[] {
	const found = new Set<ProcessStat>();
	const ids = new Set([root]);
	for (let before = -1; before !== found.size; ) {
		before = found.size;
		for (const stat of all) {
			if (!ids.has(stat.pid) && !ids.has(stat.parent) && stat.group !== root) continue;
			found.add(stat);
			ids.add(stat.pid);
		}
	}
	return [...found];
}

/** Microseconds of CPU time from one moment to a later one. */
export function cpuBetween(before: CpuTime, after: CpuTime): number {
	const byTicks = ((after.ticks - before.ticks) * 1e6) / TICKS_PER_SECOND;
	const complete = before.threads.size > 0 && [...before.threads.keys()].every((thread) => after.threads.has(thread));
	if (!complete) return byTicks;
	let nanoseconds = 0;
	for (const [thread, time] of after.threads) nanoseconds += time - (before.threads.get(thread) ?? 0);
	const byThreads = nanoseconds / 1000;
	// Threads that came and went in between are in the ticks alone.
	return byTicks > byThreads * 1.1 + UNCERTAIN ? byTicks : byThreads;
}

/** CPU time used so far by the tree of `root`. */
export function cpuTime(root: number): CpuTime {
	const threads = new Map<number, number>();
	let ticks = 0;
	for (const stat of processTree(root)) {
		ticks += stat.ticks;
		for (const thread of numbersIn(`/proc/${stat.pid}/task`)) {
			const text = read(`/proc/${stat.pid}/task/${thread}/schedstat`);
			if (text !== null) threads.set(thread, parseSchedstat(text));
		}
	}
	return { threads, ticks };
}

/** Memory of the tree of `root`. */
export function memory(root: number): Memory {
	let resident = 0;
	let peak = 0;
	for (const stat of processTree(root)) {
		const one = parseStatus(read(`/proc/${stat.pid}/status`) ?? '');
		resident += one.resident;
		peak += one.peak;
	}
	return { resident, peak };
}

function processTree(root: number): ProcessStat[] {
	const all: ProcessStat[] = [];
	for (const pid of numbersIn('/proc')) {
		const text = read(`/proc/${pid}/stat`);
		if (text !== null) all.push(parseStat(text));
	}
	return treeOf(root, all);
}

function numbersIn(folder: string): number[] {
	try {
		return readdirSync(folder)
			.filter((name) => /^\d+$/.test(name))
			.map(Number);
	} catch {
		return [];
	}
}

/** Processes come and go between listing and reading. */
function read(path: string): string | null {
	try {
		return readFileSync(path, 'latin1');
	} catch {
		return null;
	}
}
