import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { Timer, TimerWheel } from '../../src/transport/index.ts';

const TICK = 50;

/** A wheel whose ticks are made by hand. */
function wheelOf(t: TestContext): { wheel: TimerWheel; tick(times?: number): void } {
	t.mock.timers.enable({ apis: ['setInterval'] });
	const tick = (times = 1) => {
		for (let i = 0; i < times; i++) t.mock.timers.tick(TICK);
	};
	return { wheel: new TimerWheel(), tick };
}

function counted(told: number[], id: number): Timer {
	return new Timer({ timedOut: () => void told.push(id) });
}

test('a timer goes off once, not early and at most two ticks late', (t) => {
	for (const milliseconds of [1, 49, 50, 51, 1_000, 51_150, 51_200, 51_250, 200_000]) {
		const { wheel, tick } = wheelOf(t);
		const told: number[] = [];
		wheel.set(counted(told, 1), milliseconds);
		tick(Math.floor(milliseconds / TICK));
		assert.deepEqual(told, [], `${milliseconds} ms: not early`);
		tick(2 + (milliseconds % TICK === 0 ? 0 : 1));
		assert.deepEqual(told, [1], `${milliseconds} ms: in time`);
		tick(1_100);
		assert.deepEqual(told, [1], 'once');
		t.mock.timers.reset();
	}
});

test('zero, a negative time and infinity switch a timer off', (t) => {
	const { wheel, tick } = wheelOf(t);
	const told: number[] = [];
	const timer = counted(told, 1);
	for (const off of [0, -5, Number.POSITIVE_INFINITY]) {
		wheel.set(timer, 100);
		wheel.set(timer, off);
		tick(10);
	}
	assert.deepEqual(told, []);
});

test('a timer with a latest time is not put off beyond it, however often it is set', (t) => {
	const { wheel, tick } = wheelOf(t);
	const told: number[] = [];
	const timer = counted(told, 1);
	const latest = wheel.now + 300;
	for (let i = 0; i < 6; i++) {
		wheel.set(timer, 100, latest);
		tick();
		assert.deepEqual(told, []);
	}
	wheel.set(timer, 0, latest);
	tick(2);
	assert.deepEqual(told, [1]);
});

test('a wheel without timers ticks no more', (t) => {
	const { wheel, tick } = wheelOf(t);
	wheel.set(counted([], 1), 100);
	tick(10);
	assert.equal(wheel.size, 0);
	const { now } = wheel;
	tick(10);
	assert.equal(wheel.now, now);
});

test('one that is told may remove the next timer of its slot, and the others there are told all the same', (t) => {
	const { wheel, tick } = wheelOf(t);
	const told: number[] = [];
	const others = [1, 2, 3, 4].map((id) => counted(told, id));
	const victim = counted(told, 99);
	const first = new Timer({ timedOut: () => wheel.remove(victim) });
	// The last that was set is the first of its slot.
	for (const timer of [...others, victim, first]) wheel.set(timer, 100);
	tick(5);
	assert.deepEqual(told.sort(), [1, 2, 3, 4]);
	assert.equal(wheel.size, 0);
});

test('one that is told may set the next timer of its slot anew', (t) => {
	const { wheel, tick } = wheelOf(t);
	const told: number[] = [];
	const others = [1, 2, 3].map((id) => counted(told, id));
	const later = counted(told, 99);
	const first = new Timer({ timedOut: () => wheel.set(later, 500) });
	for (const timer of [...others, later, first]) wheel.set(timer, 100);
	tick(5);
	assert.deepEqual(told.sort(), [1, 2, 3]);
	tick(12);
	assert.deepEqual(told.sort(), [1, 2, 3, 99]);
});

/** What a test does to the wheel: to timer `id`, and to another one from within `timedOut`. */
const action = fc.record({
	kind: fc.constantFrom('set', 'set', 'set', 'clear', 'remove', 'tick', 'react', 'react'),
	id: fc.integer({ min: 0, max: 5 }),
	milliseconds: fc.oneof(
		{ weight: 6, arbitrary: fc.constantFrom(100, 100, 100, 150) },
		{ weight: 1, arbitrary: fc.integer({ min: 0, max: 600 }) },
		{ weight: 1, arbitrary: fc.constant(60_000) },
	),
	other: fc.integer({ min: 0, max: 5 }),
	reaction: fc.constantFrom('set', 'clear', 'remove', 'remove'),
});
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

/** The naive wheel: every timer has the tick at which it is due. */
class Model {
	readonly due: (number | null)[] = new Array<number | null>(6).fill(null);
	now = 0;

	apply(kind: string, id: number, milliseconds: number): void {
		this.due[id] = kind === 'set' && milliseconds > 0 ? this.now + 1 + Math.ceil(milliseconds / TICK) : null;
	}
}

test('the wheel agrees with a naive model, whatever is done to it, from within time-outs too', (t) => {
	const run = (actions: readonly Action[]) => {
		t.mock.timers.reset();
		const { wheel, tick } = wheelOf(t);
		// One that never ends, so that both count the same ticks.
		wheel.set(new Timer({ timedOut() {} }), 10_000_000);
		const model = new Model();
		const reactions: (Action | null)[] = new Array<Action | null>(6).fill(null);
		const told: number[] = [];
		const timers: Timer[] = [];
		const act = (kind: string, id: number, milliseconds: number) => {
			model.apply(kind, id, milliseconds);
			const timer = timers[id] as Timer;
			if (kind === 'set') wheel.set(timer, milliseconds);
			else if (kind === 'clear') wheel.clear(timer);
			else wheel.remove(timer);
		};
		for (let id = 0; id < 6; id++) {
			timers.push(
				new Timer({
					timedOut() {
						assert.equal(model.due[id], model.now, `timer ${id} was due`);
						model.due[id] = null;
						told.push(id);
						const reaction = reactions[id] ?? null;
						if (reaction !== null) act(reaction.reaction, reaction.other, reaction.milliseconds);
					},
				}),
			);
		}
		for (const one of actions) {
			if (one.kind === 'react') reactions[one.id] = one;
			else if (one.kind !== 'tick') act(one.kind, one.id, one.milliseconds);
			for (let i = one.kind === 'tick' ? one.id + 1 : 0; i > 0; i--) {
				model.now++;
				tick();
				for (const [id, due] of model.due.entries()) {
					assert.ok(due === null || due > model.now, `timer ${id} went off in time`);
				}
			}
		}
		assert.ok(wheel.size >= model.due.filter((due) => due !== null).length + 1);
	};
	fc.assert(fc.property(fc.array(action, { minLength: 10, maxLength: 60 }), run), { numRuns: 300 });
});
