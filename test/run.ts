/**
 * Runs the tests: `node test/run.ts [--all | --suites] [--again] [FILE …]`. Shows what failed, why something was skipped, and
 * the count at the end. Suites that need heavy packages live in folders of their own under test/ with their own package.json;
 * they run with --all, or by themselves with --suites, which install what they need, and are named where they are left out.
 * With --again a file that has failed gets a
 * second try, alone and when all others are done: on a machine that others use as well, that tells a bug from a crowd. What
 * passed only then is named at the end.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { type FileOutcome, runFile } from './runner/run-file.ts';
import { Tally } from './runner/tally.ts';

const ROOT = resolve(import.meta.dirname, '..');

/** Milliseconds for one file. */
const FILE_TIMEOUT = 120_000;

/** Files at a time. Many wait for processes that they have started: one more than there are processors keeps these busy. */
const CONCURRENCY = Math.min(4, availableParallelism() + 1);

const args = process.argv.slice(2);
const suitesOnly = args.includes('--suites');
const all = suitesOnly || args.includes('--all');
const again = args.includes('--again');
const named = args.filter((arg) => !arg.startsWith('--')).map((file) => resolve(file));

/** Folders under test/ that are packages of their own and hold tests. */
const suites = globSync('test/*/package.json', { cwd: ROOT })
	.map((file) => join(ROOT, dirname(file)))
	.filter((folder) => testsIn(folder).length > 0);

function testsIn(folder: string): string[] {
	const found = globSync('**/*.test.ts', { cwd: folder, exclude: (name) => name === 'node_modules' });
	return found.map((file) => join(folder, file)).toSorted();
}

function chosen(): string[] {
	if (named.length > 0) return named;
	const isOfSuite = (file: string): boolean => suites.some((suite) => file.startsWith(`${suite}/`));
	return testsIn(join(ROOT, 'test')).filter((file) => (isOfSuite(file) ? all : !suitesOnly));
}

/** Installs the packages of a suite unless they are there already. */
function install(suite: string): void {
	if (existsSync(join(suite, 'node_modules'))) return;
	const how = existsSync(join(suite, 'package-lock.json')) ? 'ci' : 'install';
	console.log(`npm ${how} in ${relative(ROOT, suite)}`);
	const { status } = spawnSync('npm', [how, '--no-audit', '--no-fund'], {
		cwd: suite,
		stdio: ['ignore', 'ignore', 'inherit'],
	});
	if (status !== 0) throw new Error(`npm ${how} failed in ${suite}`);
}

/** Runs one file, and shows how it failed or that it was slow. */
async function runOne(file: string): Promise<FileOutcome> {
	const outcome = await runFile(file, ROOT, FILE_TIMEOUT);
	if (outcome.failure !== null) console.log(`\n✖ ${relative(ROOT, file)}\n${outcome.failure.trimEnd()}\n`);
	else if (outcome.milliseconds > 20_000)
		console.log(`slow: ${relative(ROOT, file)}, ${(outcome.milliseconds / 1000).toFixed(0)} s`);
	return outcome;
}

async function runAll(files: readonly string[], tally: Tally): Promise<void> {
	const waiting = files.values();
	const second: string[] = [];
	const lane = async (): Promise<void> => {
		for (const file of waiting) {
			const outcome = await runOne(file);
			if (outcome.failure !== null && again) second.push(file);
			else tally.add(outcome);
		}
	};
	await Promise.all(Array.from({ length: CONCURRENCY }, lane));
	for (const file of second) {
		const outcome = await runOne(file);
		tally.add(outcome);
		if (outcome.failure === null) crowded.push(file);
	}
}

function leftOut(suite: string): string {
	const { description = 'needs packages of its own' } = JSON.parse(
		readFileSync(join(suite, 'package.json'), 'utf8'),
	) as {
		description?: string;
	};
	return `left out ${relative(ROOT, suite)}: ${description} (npm run test:all runs it)`;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
if (all) for (const suite of suites) install(suite);
const tally = new Tally();
/** Files that passed at the second try. */
const crowded: string[] = [];
const started = performance.now();
const files = chosen();
await runAll(files, tally);
for (const line of tally.skips()) console.log(line);
if (!all && named.length === 0) for (const suite of suites) console.log(leftOut(suite));
for (const file of crowded)
	console.log(`passed only when run alone: ${relative(ROOT, file)}; its failure is shown above`);
for (const file of tally.failedFiles) console.log(`failed: ${relative(ROOT, file)}`);
console.log(
	`${files.length} files in ${((performance.now() - started) / 1000).toFixed(1)} s on Node ${process.versions.node}`,
);
console.log(tally.count());
process.exitCode = tally.failed > 0 || tally.passed === 0 ? 1 : 0;
