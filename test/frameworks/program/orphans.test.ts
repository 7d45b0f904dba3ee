/** Programs of somebody who ends without a word: they do not stay behind. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { until } from '../../support/until.ts';

const path = fileURLToPath(new URL('serving.ts', import.meta.url));
const skip = process.platform === 'win32' ? 'there are no process groups' : false;
const PATIENCE = 15_000;

interface Family {
	readonly serving: ReturnType<typeof spawn>;
	/** All processes below it, and what became theirs. */
	readonly descendants: readonly number[];
}

/** Runs, and is not a zombie that nobody has asked after. */
function runs(pid: number): boolean {
	try {
		process.kill(pid, 0);
	} catch {
		return false;
	}
	return !existsSync('/proc/self') || existsSync(`/proc/${pid}/exe`);
}

function descendantsOf(root: number): number[] {
	const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
	const pairs = lines.map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
	const below = (pid: number): number[] =>
		pairs.filter(([, parent]) => parent === pid).flatMap(([child]) => [child, ...below(child)]);
	return below(root);
}

async function family(t: TestContext): Promise<Family> {
	const serving = spawn(process.execPath, [path], { stdio: ['pipe', 'pipe', 'inherit'] });
	const [input, output] = [serving.stdin, serving.stdout];
	input.on('error', () => {});
	let said = '';
	output.setEncoding('utf8').on('data', (text: string) => (said += text));
	await until(() => /program \d+\n/.test(said) && /child \d+\n/.test(said), 'a program that runs', PATIENCE);
	const descendants = descendantsOf(serving.pid as number);
	t.after(() => {
		serving.kill('SIGKILL');
		for (const pid of descendants) if (runs(pid)) process.kill(pid, 'SIGKILL');
	});
	const told = [...said.matchAll(/(?:program|child) (\d+)/g)].map(([, pid]) => Number(pid));
	for (const pid of told) assert.ok(descendants.includes(pid) && runs(pid), said);
	assert.ok(descendants.length > told.length, 'somebody watches over them');
	return { serving, descendants };
}

for (const signal of ['SIGKILL', 'SIGTERM', 'SIGHUP'] as const) {
	test(`a program ends, with all that it has started, when who serves it is ended by ${signal}`, {
		skip,
	}, async (t) => {
		const { serving, descendants } = await family(t);
		serving.kill(signal);
		await once(serving, 'exit');
		assert.equal(serving.signalCode, signal);
		await until(() => !descendants.some(runs), 'the end of all of them', PATIENCE);
	});
}

test('nobody watches any more when the last program was stopped, and who serves can end', { skip }, async (t) => {
	const { serving, descendants } = await family(t);
	serving.stdin?.write('stop\n');
	await once(serving, 'exit');
	assert.equal(serving.exitCode, 0);
	await until(() => !descendants.some(runs), 'the end of all of them', PATIENCE);
});
