import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Member, Roster } from '../../src/transport/index.ts';

const member = (): Member => ({ rosterPlace: -1 });

test('members are counted once, and leave once', () => {
	const roster = new Roster<Member>();
	const [a, b] = [member(), member()];
	roster.add(a);
	roster.add(a);
	roster.add(b);
	assert.equal(roster.size, 2);
	assert.deepEqual([roster.delete(a), roster.delete(a)], [true, false]);
	assert.deepEqual(roster.all(), [b]);
	roster.add(a);
	assert.deepEqual(new Set(roster.all()), new Set([a, b]));
});

test('a stranger cannot leave, whatever place it says it has', () => {
	const roster = new Roster<Member>();
	const [a, stranger] = [member(), { rosterPlace: 0 }];
	roster.add(a);
	assert.equal(roster.delete(stranger), false);
	assert.deepEqual(roster.all(), [a]);
});

test('a list of all stays as it is while members leave', () => {
	const roster = new Roster<Member>();
	const members = [member(), member(), member()];
	for (const one of members) roster.add(one);
	for (const one of roster.all()) assert.ok(roster.delete(one));
	assert.equal(roster.size, 0);
});

test('it is at every moment what a Set would be', () => {
	const roster = new Roster<Member>();
	const set = new Set<Member>();
	const members = Array.from({ length: 50 }, member);
	let random = 1;
	for (let step = 0; step < 20_000; step++) {
		random = (random * 48_271) % 2_147_483_647;
		const one = members[random % members.length] as Member;
		if (random % 7 < 3) {
			roster.add(one);
			set.add(one);
		} else assert.equal(roster.delete(one), set.delete(one));
		assert.equal(roster.size, set.size);
	}
	assert.deepEqual(new Set(roster.all()), set);
});
