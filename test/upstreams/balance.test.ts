/** Who is chosen: in turn, by weight, by what there is to do, by a key. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Context, RawRequest } from '../../src/convention/index.ts';
import {
	byActive,
	byLatency,
	type Candidate,
	Hashed,
	LeastActive,
	Maglev,
	type Policy,
	RoundRobin,
	TwoChoices,
} from '../../src/upstreams/balance/index.ts';

const context = {} as Context;
const asks = (target: string): RawRequest => ({ target }) as RawRequest;

interface One extends Candidate {
	active: number;
	latency: number;
}

function some(shares: Readonly<Record<string, number>>): One[] {
	return Object.entries(shares).map(([name, share]) => ({ name, share, active: 0, latency: -1, credit: 0 }));
}

/** How often each is chosen for `count` keys. */
function counts(policy: Policy, candidates: readonly One[], count: number): Record<string, number> {
	const chosen: Record<string, number> = Object.fromEntries(candidates.map(({ name }) => [name, 0]));
	for (let at = 0; at < count; at++) {
		const { name } = policy.choose(candidates, asks(`/${at}`), context);
		chosen[name] = (chosen[name] as number) + 1;
	}
	return chosen;
}

const byTarget = ({ target }: RawRequest): string => target;

test('round-robin: each in turn, and the same share for all', () => {
	const policy = new RoundRobin();
	const candidates = some({ a: 1, b: 1, c: 1 });
	assert.equal([0, 1, 2, 3].map(() => policy.choose(candidates).name).join(''), 'abca');
});

test('round-robin: weights hold exactly, and the heavy one is not asked in a row', () => {
	const policy = new RoundRobin();
	const candidates = some({ a: 5, b: 1, c: 1 });
	const turns = Array.from({ length: 14 }, () => policy.choose(candidates).name).join('');
	assert.equal(turns, 'aabacaaaabacaa');
});

test('round-robin: whoever leaves and comes back takes part again', () => {
	const policy = new RoundRobin();
	const [a, b, c] = some({ a: 1, b: 1, c: 1 }) as [One, One, One];
	policy.choose([a, b, c]);
	const names = [
		[a, c],
		[a, c],
		[a, b, c],
		[a, b, c],
		[a, b, c],
	].map((all) => policy.choose(all).name);
	assert.deepEqual(new Set(names), new Set(['a', 'b', 'c']));
});

test('least-active: whoever has the least to do for its weight, and all of them in turn when they are alike', () => {
	const policy = new LeastActive();
	const candidates = some({ a: 1, b: 2, c: 1 });
	const [a, b, c] = candidates as [One, One, One];
	Object.assign(a, { active: 2 });
	Object.assign(b, { active: 3 });
	Object.assign(c, { active: 4 });
	assert.equal(policy.choose(candidates).name, 'b');
	b.active = 6;
	assert.equal(policy.choose(candidates).name, 'a');
	for (const one of candidates) one.active = 0;
	assert.deepEqual(counts(policy, candidates, 300), { a: 100, b: 100, c: 100 });
});

test('two-choices: the better of the two that were drawn, and never the same one twice', () => {
	const draws = [0, 0, 0.99, 0.99, 0.4, 0.4];
	const policy = new TwoChoices(byActive, () => draws.shift() as number);
	const candidates = some({ a: 1, b: 1, c: 1 });
	(candidates[0] as One).active = 5;
	assert.equal(policy.choose(candidates).name, 'b', 'a and b');
	assert.equal(policy.choose(candidates).name, 'c', 'c and b, alike');
	(candidates[1] as One).active = 9;
	assert.equal(policy.choose(candidates).name, 'c', 'b and c');
	assert.equal(new TwoChoices(byActive).choose(candidates.slice(0, 1)).name, 'a');
});

test('latency: whoever answers sooner is asked more, whoever has not answered yet is tried', () => {
	const candidates = some({ slow: 1, fast: 1, fresh: 1 });
	const [slow, fast] = candidates as [One, One, One];
	slow.latency = 100;
	fast.latency = 10;
	const policy = new TwoChoices(byLatency);
	const chosen = counts(policy, candidates, 3_000);
	assert.equal(chosen['slow'], 0);
	assert.ok((chosen['fresh'] as number) > 1_800 && (chosen['fast'] as number) > 800, JSON.stringify(chosen));
	fast.active = 20;
	assert.ok((counts(policy, [slow, fast], 100)['slow'] as number) === 100);
});

for (const [name, make] of [
	['maglev', () => new Maglev(byTarget, new RoundRobin())],
	['rendezvous', () => new Hashed(byTarget, new RoundRobin())],
] as const) {
	test(`${name}: the same for the same key, in every process, whatever the order of the list`, () => {
		const candidates = some({ a: 1, b: 1, c: 1, d: 1 });
		const [one, other] = [make(), make()];
		for (let at = 0; at < 500; at++) {
			const request = asks(`/${at}`);
			assert.equal(one.choose(candidates, request, context), other.choose(candidates, request, context));
		}
	});

	test(`${name}: shares are as the weights are, within a twentieth`, () => {
		const chosen = counts(make(), some({ a: 1, b: 2, c: 3 }), 60_000);
		for (const [member, expected] of Object.entries({ a: 10_000, b: 20_000, c: 30_000 }))
			assert.ok(Math.abs((chosen[member] as number) - expected) < expected / 20, JSON.stringify(chosen));
	});

	test(`${name}: when one goes, few keys of the others move`, () => {
		const policy = make();
		const all = some({ a: 1, b: 1, c: 1, d: 1, e: 1 });
		const keys = Array.from({ length: 5_000 }, (_none, at) => asks(`/${at}`));
		const before = keys.map((key) => policy.choose(all, key, context).name);
		const left = all.filter(({ name: member }) => member !== 'c');
		const after = keys.map((key) => policy.choose(left, key, context).name);
		const stayed = before.filter((member) => member !== 'c').length;
		const moved = before.filter((member, at) => member !== 'c' && after[at] !== member).length;
		assert.ok(moved / stayed < (name === 'rendezvous' ? 0.000_1 : 0.05), `${moved} of ${stayed}`);
		const heirs = new Set(after.filter((_member, at) => before[at] === 'c'));
		assert.equal(heirs.size, 4, 'what it had is shared among all');
	});

	test(`${name}: where there is no key, anybody will do`, () => {
		const policy =
			name === 'maglev' ? new Maglev(() => null, new RoundRobin()) : new Hashed(() => null, new RoundRobin());
		assert.deepEqual(counts(policy, some({ a: 1, b: 1 }), 10), { a: 5, b: 5 });
	});
}

test('maglev: those who are left when some have failed are asked by rendezvous, without a table of their own', () => {
	const policy = new Maglev(byTarget, new RoundRobin());
	assert.ok(policy.again instanceof Hashed);
});
