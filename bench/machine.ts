/**
 * What the machine offers: which programs, and which two processor cores. The process under test has a core of its own;
 * the load, the origin and the bench itself share the other one. Linux only, because CPU time is read from /proc.
 */
import { accessSync, constants, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { delimiter, join } from 'node:path';

export interface Cores {
	readonly test: number;
	readonly load: number;
}

/** The full path of a program, or null. */
export function program(name: string): string | null {
	const folders = `${process.env['PATH'] ?? ''}${delimiter}/usr/sbin${delimiter}/sbin`.split(delimiter);
	for (const folder of folders) {
		const path = join(folder, name);
		try {
			accessSync(path, constants.X_OK);
			return path;
		} catch {
			// Not in this folder.
		}
	}
	return null;
}

/** `0-2,5` as 0, 1, 2, 5. */
export function parseCoreList(text: string): number[] {
	const cores: number[] = [];
	for (const part of text.trim().split(',').filter(Boolean)) {
		const [first = Number.NaN, last = first] = part.split('-').map(Number);
		for (let core = first; core <= last; core++) cores.push(core);
	}
	return cores;
}

/** The two cores to pin to; null where there is only one, or no taskset. */
export function cores(): Cores | null {
	if (program('taskset') === null) return null;
	const list = /^Cpus_allowed_list:\s*(.*)$/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1] ?? '';
	const [test, load] = parseCoreList(list);
	return test === undefined || load === undefined ? null : { test, load };
}

/** One line about the machine, to stand beside the figures. */
export function describeMachine(pinned: Cores | null): string {
	const all = cpus();
	const where =
		pinned === null ? 'nothing pinned' : `under test on core ${pinned.test}, load and origin on ${pinned.load}`;
	return `${all[0]?.model ?? 'unknown processor'}, ${all.length} cores; Node ${process.versions.node}; ${where}`;
}
