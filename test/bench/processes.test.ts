import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, Processes, pinned, waitForPort } from '../../bench/processes.ts';

const brief = { timeout: 30_000, skip: process.platform === 'linux' ? false : 'the bench runs on Linux only' };

/** A shell that has a child of its own and does not end on SIGTERM. */
const stubborn = { file: '/bin/sh', args: ['-c', "trap '' TERM; sleep 60 & while :; do sleep 60; done"] };

function withProcesses(t: TestContext): { processes: Processes; folder: string } {
	const folder = mkdtempSync(join(tmpdir(), 'turnabout-bench-test-'));
	const processes = new Processes(folder);
	t.after(() => processes.close());
	return { processes, folder };
}

/** Is anybody left in the process group? A zombie that its parent has not yet asked after does not count. */
function alive(group: number): boolean {
	return readdirSync('/proc').some((name) => {
		if (!/^\d+$/.test(name)) return false;
		try {
			const text = readFileSync(`/proc/${name}/stat`, 'latin1');
			const [state, , processGroup] = text.slice(text.lastIndexOf(')') + 2).split(' ');
			return Number(processGroup) === group && state !== 'Z';
		} catch {
			return false;
		}
	});
}

async function until(condition: () => boolean): Promise<boolean> {
	for (let round = 0; round < 500 && !condition(); round++) await sleep(20);
	return condition();
}

test('stopping a program ends its whole group, even one that ignores SIGTERM', brief, async (t) => {
	const { processes } = withProcesses(t);
	const running = processes.start(stubborn, null);
	assert.ok(alive(running.pid));
	await running.stop();
	assert.ok(running.ended);
	assert.ok(await until(() => !alive(running.pid)));
});

test('closing kills what still runs and removes the folder', brief, async (t) => {
	const { processes, folder } = withProcesses(t);
	const running = processes.start(stubborn, null);
	await processes.close();
	assert.ok(await until(() => running.ended && !alive(running.pid)));
	assert.ok(!existsSync(folder));
});

test('a bench that is killed outright leaves no process and no folder behind', brief, async () => {
	const folder = mkdtempSync(join(tmpdir(), 'turnabout-bench-test-'));
	const module = new URL('../../bench/processes.ts', import.meta.url).href;
	const script = `
		const { Processes } = await import(${JSON.stringify(module)});
		const running = new Processes(${JSON.stringify(folder)}).start(${JSON.stringify(stubborn)}, null);
		console.log(running.pid);
		setInterval(() => {}, 1000);`;
	const bench = spawn(process.execPath, ['--input-type=module', '-e', script], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const [line] = (await once(bench.stdout, 'data')) as [Buffer];
	const group = Number(line.toString());
	assert.ok(group > 1 && alive(group));
	bench.kill('SIGKILL');
	assert.ok(await until(() => !alive(group) && !existsSync(folder)));
});

test(
	'waiting for a port ends when the port accepts, or with the words of a program that has ended',
	brief,
	async (t) => {
		const { processes } = withProcesses(t);
		const waiting = processes.start({ file: '/bin/sh', args: ['-c', 'sleep 60'] }, null);
		const port = await freePort();
		const server = createServer((socket) => socket.destroy()).listen(port, '127.0.0.1');
		await waitForPort(port, waiting);
		server.close();
		const failing = processes.start({ file: '/bin/sh', args: ['-c', 'echo no such setting >&2; exit 1'] }, null);
		await assert.rejects(waitForPort(await freePort(), failing), /no such setting/);
		const absent = processes.start({ file: '/no/such/program', args: [] }, null);
		await assert.rejects(waitForPort(await freePort(), absent), /ENOENT/);
		await Promise.all([waiting.stop(), failing.stop(), absent.stop()]);
	},
);

test('pinning puts taskset in front, and no pinning nothing', () => {
	const command = { file: 'nginx', args: ['-v'] };
	assert.deepEqual(pinned(command, 3), { file: 'taskset', args: ['-c', '3', 'nginx', '-v'] });
	assert.deepEqual(pinned(command, null), command);
});
