/**
 * Runs the tests: `node test/run.ts [--all] [FILE …]`. Says what failed, what was skipped and why, and the count at the end.
 * Suites that need heavy packages live in folders of their own under test/ with their own package.json; they run with
 * --all, which installs what they need, and are named where they are left out.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { Readable } from 'node:stream';
import { Tally } from './tally.ts';

const ROOT = resolve(import.meta.dirname, '..');

/** Milliseconds for one file; what has not ended then is killed and fails. */
const FILE_TIMEOUT = 180_000;

/** Files at a time: many of them start processes and measure nothing, so two processors are kept busy by three. */
const CONCURRENCY = Math.min(4, availableParallelism() + 1);

const args = process.argv.slice(2);
const all = args.includes('--all');
const named = args.filter((arg) => arg !== '--all').map((file) => resolve(file));

/** Folders under test/ that are packages of their own and hold tests. */
const suites = globSync('test/*/package.json', { cwd: ROOT })
	.map((file) => join(ROOT, dirname(file)))
	.filter((folder) => testsIn(folder).length > 0);

function testsIn(folder: string): string[] {
	const found = globSync('**/*.test.ts', { cwd: folder, exclude: (name) => name === 'node_modules' });
	return found.map((file) => join(folder, file)).toSorted();
}

function files(): string[] {
	if (named.length > 0) return named;
	return testsIn(join(ROOT, 'test')).filter((file) => all || !suites.some((suite) => file.startsWith(`${suite}/`)));
}

/** Installs the packages of a suite unless they are there already. */
function install(suite: string): void {
	if (existsSync(join(suite, 'node_modules'))) return;
	const how = existsSync(join(suite, 'package-lock.json')) ? 'ci' : 'install';
	console.log(`npm ${how} in ${relative(ROOT, suite)}`);
	const { status } = spawnSync('npm', [how, '--no-audit', '--no-fund'], { cwd: suite, stdio: ['ignore', 'ignore', 'inherit'] });
	if (status !== 0) throw new Error(`npm ${how} failed in ${suite}`);
}

if (all) for (const suite of suites) install(suite);
const tally = new Tally();
const started = performance.now();
const events = run({ files: files(), concurrency: CONCURRENCY, timeout: FILE_TIMEOUT, cwd: ROOT });
// Failures in full, by the runner's own reporter; of what passed only the count.
for await (const event of events) {
	if (tally.take(event)) continue;
	for await (const text of Readable.from([event]).compose(new spec())) process.stdout.write(text);
}
for (const line of tally.report()) console.log(line);
if (!all && named.length === 0) {
	for (const suite of suites) {
		const { description = 'needs packages of its own' } = JSON.parse(readFileSync(join(suite, 'package.json'), 'utf8')) as { description?: string };
		console.log(`left out ${relative(ROOT, suite)}: ${description}; npm run test:all runs it`);
	}
}
console.log(`node ${process.version}, ${((performance.now() - started) / 1000).toFixed(1)} s`);
console.log(tally.count());
process.exitCode = tally.failed > 0 || tally.passed === 0 ? 1 : 0;
