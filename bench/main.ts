/**
 * `npm run bench`: CPU time per request of Turnabout and its peers, side by side. docs/performance.md tells the method.
 * Exits 1 when one of our own targets gave no figure; a bar that is missed is a finding, not an error.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Flags, parseFlags, usage } from './flags.ts';
import { type Cores, cores, describeMachine, program } from './machine.ts';
import { originMissing, startOrigin } from './origin.ts';
import { phpMissing, startPhp } from './php.ts';
import { Processes } from './processes.ts';
import { asJson, table } from './report.ts';
import { type Outcome, runWork } from './rounds.ts';
import type { Bench } from './run.ts';
import { benchThemes, missingFigures } from './theme/main.ts';

const CONNECTIONS = 64;

function readFlags(): Flags | null {
	try {
		return parseFlags(process.argv.slice(2));
	} catch (error) {
		process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
		return null;
	}
}

function needs(flags: Flags): string | null {
	if (flags.works.length === 0) return null;
	if (process.platform !== 'linux') return 'CPU time is read from /proc, so this runs on Linux only';
	return program('wrk') === null ? 'wrk makes the load and is not installed (Debian: apt-get install wrk nginx)' : null;
}

async function runAll(flags: Flags, pinning: Cores | null, tell: (line: string) => void): Promise<Outcome[]> {
	const folder = mkdtempSync(join(tmpdir(), 'turnabout-bench-'));
	// Workers of a server started as root may run as another user.
	chmodSync(folder, 0o755);
	const processes = new Processes(folder);
	try {
		const core = pinning?.load ?? null;
		const origin = originMissing() === null ? await startOrigin(processes, folder, core) : null;
		const needed = phpMissing() === null && flags.works.some((work) => work.behind === 'php');
		const php = needed ? await startPhp(processes, folder, core) : null;
		const bench: Bench = {
			processes,
			folder,
			cores: pinning,
			origins: { files: origin?.authority ?? null, php: php?.socket ?? null },
			warm: flags.warm,
			seconds: flags.seconds,
			connections: CONNECTIONS,
			idle: flags.idle,
		};
		const outcomes = await runWorks(bench, flags, tell);
		await origin?.running.stop();
		await php?.running.stop();
		return outcomes;
	} finally {
		await processes.close();
	}
}

/** One work after the other; each is told as soon as it is measured. */
async function runWorks(bench: Bench, flags: Flags, tell: (line: string) => void): Promise<Outcome[]> {
	const outcomes: Outcome[] = [];
	for (const work of flags.works) {
		const outcome = await runWork(bench, work, flags.rounds, tell);
		outcomes.push(outcome);
		process.stdout.write(`\n${table(outcome)}\n`);
	}
	return outcomes;
}

async function main(): Promise<void> {
	const flags = readFlags();
	if (flags === null) {
		process.exitCode = 2;
		return;
	}
	if (flags.help) {
		process.stdout.write(usage);
		return;
	}
	const need = needs(flags);
	if (need !== null) {
		process.stderr.write(`bench: ${need}\n`);
		process.exitCode = 1;
		return;
	}
	const pinning = cores();
	if (pinning !== null) spawnSync('taskset', ['-apc', String(pinning.load), String(process.pid)]);
	const machine = describeMachine(pinning);
	process.stdout.write(`${machine}\n`);
	if (flags.works.length > 0) {
		process.stdout.write(
			`${flags.rounds} rounds of ${flags.seconds} s, ${CONNECTIONS} kept-alive connections; median (min-max)\n`,
		);
	}
	const tell = (line: string): void => void process.stderr.write(`${line}\n`);
	const outcomes = flags.works.length === 0 ? [] : await runAll(flags, pinning, tell);
	const themes = flags.theme ? benchThemes(flags, tell) : null;
	if (flags.json !== null) {
		const about = {
			machine,
			rounds: flags.rounds,
			warm: flags.warm,
			seconds: flags.seconds,
			connections: CONNECTIONS,
			idle: flags.idle,
		};
		writeFileSync(flags.json, asJson(themes === null ? about : { ...about, themes }, outcomes));
	}
	const silent = outcomes.flatMap(({ work, series }) =>
		series
			.filter((one) => one.ours && one.runs.every((run) => run.figure === null))
			.map((one) => `${work.name}: no figure of ${one.target}: ${one.missing ?? one.runs[0]?.fault ?? 'not run'}`),
	);
	if (themes !== null) silent.push(...missingFigures(themes));
	for (const line of silent) process.stderr.write(`bench: ${line}\n`);
	if (silent.length > 0) process.exitCode = 1;
}

await main();
