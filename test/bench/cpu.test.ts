import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
	cpuBetween,
	cpuTime,
	memory,
	type ProcessStat,
	parseSchedstat,
	parseStat,
	parseStatus,
	treeOf,
} from '../../bench/cpu.ts';

const onLinux = { skip: process.platform === 'linux' ? false : 'there is no /proc here' };

test('a stat line is read whatever the name of the command holds', () => {
	const rest = 'S 41 40 40 0 -1 4194560 1 2 3 4 700 50 6 1 20 0 1 0 12345 1000000 2000';
	for (const name of ['nginx', 'tmux: server', 'a) S 1 1 (b', '']) {
		assert.deepEqual(parseStat(`42 (${name}) ${rest}\n`), { pid: 42, parent: 41, group: 40, ticks: 757 });
	}
});

test('resident memory and its peak are read in bytes, and are 0 for a kernel thread', () => {
	const text = 'Name:\tnode\nVmPeak:\t 1000000 kB\nVmHWM:\t   61236 kB\nVmRSS:\t   51200 kB\nRssAnon:\t 20000 kB\n';
	assert.deepEqual(parseStatus(text), { resident: 51_200 * 1024, peak: 61_236 * 1024 });
	assert.deepEqual(parseStatus('Name:\tkthreadd\n'), { resident: 0, peak: 0 });
});

test('the first number of schedstat is the time on a processor', () => {
	assert.equal(parseSchedstat('305342 87359 2\n'), 305_342);
});

test('a tree holds all descendants in whatever order they are listed, and orphans of the group', () => {
	const stat = (pid: number, parent: number, group: number): ProcessStat => ({ pid, parent, group, ticks: 0 });
	const grandchild = stat(30, 20, 30);
	const child = stat(20, 10, 10);
	const orphan = stat(40, 1, 10);
	const ofOrphan = stat(50, 40, 50);
	const stranger = stat(60, 1, 60);
	const all = [grandchild, ofOrphan, stranger, child, orphan, stat(10, 1, 10)];
	const pids = treeOf(10, all).map((found) => found.pid);
	assert.deepEqual(
		pids.toSorted((a, b) => a - b),
		[10, 20, 30, 40, 50],
	);
	assert.deepEqual(treeOf(99, all), []);
});

test('CPU time between two moments is summed over threads, new ones included', () => {
	const before = { threads: new Map([[1, 1_000_000]]), ticks: 10 };
	const after = {
		threads: new Map([
			[1, 3_000_000],
			[2, 500_000],
		]),
		ticks: 12,
	};
	assert.equal(cpuBetween(before, after), 2500);
});

test('CPU time falls back on ticks when a thread has ended or none is counted', () => {
	const before = {
		threads: new Map([
			[1, 1_000_000],
			[2, 7],
		]),
		ticks: 10,
	};
	const after = { threads: new Map([[1, 3_000_000]]), ticks: 13 };
	assert.equal(cpuBetween(before, after), 30_000);
	assert.equal(cpuBetween({ threads: new Map(), ticks: 1 }, { threads: new Map(), ticks: 2 }), 10_000);
});

test('threads that began and ended in between are counted by ticks', () => {
	const before = { threads: new Map([[1, 1_000_000]]), ticks: 10 };
	const after = { threads: new Map([[1, 3_000_000]]), ticks: 110 };
	assert.equal(cpuBetween(before, after), 1_000_000);
});

test('a process that works uses CPU time and memory', onLinux, () => {
	const before = cpuTime(process.pid);
	let sum = 0;
	for (let i = 0; i < 20_000_000; i++) sum = (sum * 31 + i) | 0;
	assert.ok(Number.isInteger(sum));
	assert.ok(cpuBetween(before, cpuTime(process.pid)) > 0);
	const { resident, peak } = memory(process.pid);
	assert.ok(resident > 2 ** 20);
	assert.ok(peak >= resident * 0.9);
});
