import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type FileOutcome, runFile } from './run-file.ts';
import { Tally } from './tally.ts';

/** Runs a made-up file of tests. */
function trial(t: TestContext, text: string, timeout = 20_000): Promise<FileOutcome> {
	const folder = mkdtempSync(join(tmpdir(), 'turnabout-trial-'));
	t.after(() => rmSync(folder, { recursive: true, force: true }));
	const file = join(folder, 'trial.test.mjs');
	writeFileSync(file, `import { test } from 'node:test';\n${text}`);
	return runFile(file, folder, timeout);
}

function tallied(outcome: FileOutcome): Tally {
	const tally = new Tally();
	tally.add(outcome);
	return tally;
}

const quick = { timeout: 40_000 };

test('passes, failures, skips and their reasons are counted', quick, async (t) => {
	const outcome = await trial(
		t,
		`test('a', () => {});
		test('b', () => { throw new Error('broken here'); });
		test('c', { skip: 'no curl' }, () => {});
		test('d', (t) => t.skip('no curl'));
		test('e', { todo: 'later' }, () => {});`,
	);
	const tally = tallied(outcome);
	assert.equal(tally.count(), 'tests 5, pass 1, fail 1, skipped 2, todo 1');
	assert.deepEqual(tally.skips(), ['skipped 2: no curl (c; d)']);
	assert.match(outcome.failure ?? '', /broken here/);
	assert.deepEqual(tally.failedFiles, [outcome.file]);
});

test('a file without failures is not shown', quick, async (t) => {
	const outcome = await trial(t, "test('a', () => { console.log('noise'); });");
	assert.equal(outcome.failure, null);
	assert.equal(tallied(outcome).count(), 'tests 1, pass 1, fail 0, skipped 0, todo 0');
});

test('a file that does not load is a failure', quick, async (t) => {
	const outcome = await trial(t, "throw new Error('at load');");
	assert.match(outcome.failure ?? '', /at load/);
	assert.equal(tallied(outcome).failed, 1);
});

test('a file that never ends is killed, and is a failure', quick, async (t) => {
	const outcome = await trial(t, "test('a', () => {}); setInterval(() => {}, 1000);", 1500);
	assert.match(outcome.failure ?? '', /^did not end within 1\.5 s/);
	assert.equal(tallied(outcome).failed, 1);
});

test('what a file has started ends with it', quick, async (t) => {
	const outcome = await trial(
		t,
		`import { spawn } from 'node:child_process';
		test('a', () => { spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' }).unref(); });`,
	);
	// The left-over holds the output open: without the end of the whole group this would never be reached.
	assert.equal(outcome.failure, null);
});
