/** One file of tests in a process group of its own: nothing that it started outlives it, and it cannot hang the run. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fact } from './outcome-reporter.ts';

export interface FileOutcome {
	readonly file: string;
	readonly facts: readonly Fact[];
	/** What is to be shown of a failure, or null when there was none. */
	readonly failure: string | null;
	readonly milliseconds: number;
}

const REPORTER = join(import.meta.dirname, 'outcome-reporter.ts');

/** Where the runner's own report begins to tell about failures. */
const FAILURES = '✖ failing tests:';

/** Groups that are running now; killed when this process ends early. */
const running = new Set<ChildProcess>();

process.once('exit', () => {
	for (const child of running) killGroup(child);
});

/** Runs `file` with this Node; after `timeout` milliseconds it has failed. */
export function runFile(file: string, root: string, timeout: number): Promise<FileOutcome> {
	const folder = mkdtempSync(join(tmpdir(), 'turnabout-run-'));
	const report = join(folder, 'facts');
	const reporters = [
		'--test-reporter=spec',
		'--test-reporter-destination=stdout',
		`--test-reporter=${REPORTER}`,
		`--test-reporter-destination=${report}`,
	];
	const started = performance.now();
	const child = spawn(process.execPath, [...reporters, file], {
		cwd: root,
		detached: true,
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	running.add(child);
	let output = '';
	let late = false;
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding('utf8').on('data', (text: string) => {
			output += text;
		});
	}
	const timer = setTimeout(() => {
		late = true;
		killGroup(child);
	}, timeout);
	return new Promise((resolve, reject) => {
		child.once('error', reject);
		child.once('exit', (status) => {
			clearTimeout(timer);
			running.delete(child);
			// What it has left behind goes with it, and would otherwise keep the pipes open.
			killGroup(child);
			child.once('close', () => {
				const facts = readFacts(report);
				rmSync(folder, { recursive: true, force: true });
				const failure =
					status === 0 ? null : late ? `did not end within ${timeout / 1000} s\n${output}` : failuresIn(output);
				resolve({ file, facts, failure, milliseconds: performance.now() - started });
			});
		});
	});
}

function failuresIn(output: string): string {
	const start = output.indexOf(FAILURES);
	return start === -1 ? output : output.slice(start + FAILURES.length).trimStart();
}

function readFacts(path: string): Fact[] {
	try {
		return readFileSync(path, 'utf8')
			.split('\n')
			.filter(Boolean)
			.map((line) => JSON.parse(line) as Fact);
	} catch {
		// Killed before it said anything, or in the middle of a line: the failure says so.
		return [];
	}
}

function killGroup(child: ChildProcess): void {
	if (child.pid === undefined) return;
	try {
		process.kill(-child.pid, 'SIGKILL');
	} catch {
		// Nobody is left of it.
	}
}
