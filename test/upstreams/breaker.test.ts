/** When an upstream is left alone, and how it comes back; and how much may be asked again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Breaker } from '../../src/upstreams/breaker.ts';
import { RetryBudget } from '../../src/upstreams/retry-budget.ts';
import { until } from '../support/until.ts';

const settings = { consecutive: 3, share: 0.5, window: 10, pause: 60, longestPause: 200 };

function breaker(more: Partial<typeof settings> = {}, mayEject = true) {
	let changes = 0;
	const owner = { breakerChanged: () => void changes++, mayEject: () => mayEject };
	return { one: new Breaker({ ...settings, ...more }, owner), changes: () => changes };
}

test('failures in a row eject, a success between them does not let them', () => {
	const { one } = breaker();
	for (const told of [one.failedOnce, one.failedOnce, one.succeeded, one.failedOnce, one.failedOnce]) told.call(one);
	assert.equal(one.state, 'up');
	one.failedOnce();
	assert.deepEqual([one.state, one.lets, one.ejections], ['ejected', false, 1]);
	one.stop();
});

test('a large share of failures ejects, once there are answers enough to tell', () => {
	const { one } = breaker({ consecutive: Number.POSITIVE_INFINITY });
	for (let at = 0; at < 4; at++) {
		one.succeeded();
		one.failedOnce();
	}
	one.succeeded();
	assert.equal(one.state, 'up', 'nine answers');
	one.failedOnce();
	assert.equal(one.state, 'ejected');
	one.stop();
});

test('old answers are forgotten', () => {
	const { one } = breaker({ consecutive: Number.POSITIVE_INFINITY });
	for (let at = 0; at < 4; at++) one.failedOnce();
	for (let at = 0; at < 10; at++) one.succeeded();
	for (let at = 0; at < 4; at++) one.failedOnce();
	assert.equal(one.state, 'up');
});

test('after its pause one request tries it, alone, and a success brings it back', async () => {
	const { one, changes } = breaker();
	for (let at = 0; at < 3; at++) one.failedOnce();
	await until(() => one.state === 'trial', 'a trial');
	assert.equal(one.lets, true);
	one.begun();
	assert.equal(one.lets, false);
	one.undecided();
	assert.equal(one.lets, true, 'a client that left has decided nothing');
	one.begun();
	one.succeeded();
	assert.deepEqual([one.state, one.lets], ['up', true]);
	assert.ok(changes() >= 5);
});

test('a trial that fails makes the pause longer, up to the longest', async () => {
	const { one } = breaker();
	for (let at = 0; at < 3; at++) one.failedOnce();
	const pauses: number[] = [];
	for (let round = 0; round < 3; round++) {
		const began = performance.now();
		await until(() => one.state === 'trial', 'a trial');
		pauses.push(performance.now() - began);
		one.begun();
		one.failedOnce();
		assert.equal(one.state, 'ejected');
	}
	one.stop();
	assert.equal(one.ejections, 4);
	assert.ok((pauses[1] as number) > 100 && (pauses[2] as number) > 180, pauses.join());
});

test('nobody is ejected when too many are already', () => {
	const { one } = breaker({}, false);
	for (let at = 0; at < 20; at++) one.failedOnce();
	assert.equal(one.state, 'up');
});

test('retries are a share of the requests, and some a second besides', () => {
	const budget = new RetryBudget(0.25, 0, 0);
	for (let at = 0; at < 10; at++) assert.equal(budget.spend(0), true, 'a burst at the start');
	assert.equal(budget.spend(1_000_000), false);
	for (let at = 0; at < 20; at++) budget.earn();
	const spent = Array.from({ length: 20 }, () => budget.spend(1_000_000)).filter(Boolean);
	assert.equal(spent.length, 5);
	const slow = new RetryBudget(0, 2, 0);
	for (let at = 0; at < 20; at++) assert.equal(slow.spend(0), true);
	assert.equal(slow.spend(400), false);
	assert.equal(slow.spend(1_000), true, 'two a second');
});
