/** Buckets in memory: what they let pass in any time, and that strangers' keys cannot fill the memory. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { memoryLimits, type RateLimitOptions, rateLimit } from '../../../src/middleware/rate-limit/index.ts';
import { bucketOf } from '../../../src/middleware/rate-limit/limit.ts';

const bucket = (limit: string, burst?: number) => bucketOf('default', limit, burst);

test('a bucket lets a burst pass, then one for each interval', () => {
	let now = 1000;
	const store = memoryLimits({ clock: () => now });
	const limit = bucket('10/s', 3);
	const take = () => store.take('a', 1, limit);
	assert.deepEqual(
		[take(), take(), take()].map(({ allowed, remaining }) => [allowed, remaining]),
		[
			[true, 2],
			[true, 1],
			[true, 0],
		],
	);
	assert.deepEqual(take(), { allowed: false, remaining: 0, reset: 300, retry: 100 });
	now += 99;
	assert.equal(take().allowed, false);
	now += 1;
	assert.equal(take().allowed, true, 'exactly when it was told to come again');
	assert.equal(take().allowed, false);
	now += 10_000;
	assert.equal(take().remaining, 2, 'it holds no more than the burst, however long nobody asked');
});

test('a refused request costs nothing', () => {
	let now = 0;
	const store = memoryLimits({ clock: () => now });
	const limit = bucket('1/s');
	store.take('a', 1, limit);
	for (let i = 0; i < 100; i++) assert.equal(store.take('a', 1, limit).allowed, false);
	now = 1000;
	assert.equal(store.take('a', 1, limit).allowed, true);
});

test('a cost of several, of none and of more than there ever is', () => {
	const store = memoryLimits({ clock: () => 5 });
	const limit = bucket('10/s');
	assert.equal(store.take('a', 7, limit).remaining, 3);
	assert.deepEqual(store.take('a', 4, limit), { allowed: false, remaining: 3, reset: 700, retry: 100 });
	assert.equal(store.take('a', 3, limit).remaining, 0);
	assert.equal(store.take('a', 0, limit).allowed, true);
	assert.equal(store.take('b', 11, limit).retry, Number.POSITIVE_INFINITY);
});

test('in any stretch of time no more passes than the burst and what has come back', () => {
	const step = fc.record({ wait: fc.nat(400), cost: fc.integer({ min: 1, max: 3 }) });
	fc.assert(
		fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 3, max: 8 }), (steps, burst) => {
			let now = 7;
			const store = memoryLimits({ clock: () => now });
			const passed: [at: number, cost: number][] = [];
			for (const { wait, cost } of steps) {
				now += wait;
				if (store.take('a', cost, bucket('10/s', burst)).allowed) passed.push([now, cost]);
			}
			for (const [index, [from]] of passed.entries()) {
				let sum = 0;
				for (const [at, cost] of passed.slice(index)) {
					sum += cost;
					assert.ok(sum <= burst + (at - from) / 100 + 1e-6);
				}
			}
		}),
	);
});

test('a million keys stay bounded, and are told apart', () => {
	const store = memoryLimits({ limit: 1000, clock: () => 1 });
	const limit = bucket('1/min');
	for (let i = 0; i < 1_000_000; i++) assert.ok(store.take(`key ${i}`, 1, limit).allowed);
	const { keys, forgotten } = store.statistics();
	assert.ok(keys <= 1000, `${keys} keys`);
	assert.ok(forgotten >= 1998, `${forgotten} generations forgotten`);
	assert.equal(store.take('key 999999', 1, limit).allowed, false);
});

test('who keeps asking is remembered while strangers come and go', () => {
	const store = memoryLimits({ limit: 1000, clock: () => 1 });
	const limit = bucket('1/h');
	store.take('busy', 1, limit);
	for (let i = 0; i < 100_000; i++) {
		store.take(`stranger ${i}`, 1, limit);
		if (i % 400 === 0) assert.equal(store.take('busy', 1, limit).allowed, false);
	}
});

test('full buckets are forgotten as time goes by, without a timer', () => {
	let now = 0;
	const store = memoryLimits({ clock: () => now });
	const limit = bucket('10/s');
	for (let i = 0; i < 500; i++) store.take(`key ${i}`, 1, limit);
	assert.equal(store.statistics().keys, 500);
	now += 1000;
	store.take('a', 10, limit);
	now += 999;
	assert.equal(store.take('a', 10, limit).allowed, false, 'a bucket that is not full is not forgotten');
	now += 1001;
	store.take('b', 1, limit);
	assert.ok(store.statistics().keys <= 2);
	assert.equal(store.statistics().forgotten, 0);
});

test('two limits of different pace in one store do not forget each other', () => {
	let now = 0;
	const store = memoryLimits({ clock: () => now });
	store.take('slow', 1, bucket('1/h'));
	for (; now < 60_000; now += 500) store.take('fast', 1, bucket('10/s'));
	assert.equal(store.take('slow', 1, bucket('1/h')).allowed, false);
});

const limits: [text: RateLimitOptions['limit'], burst: number, interval: number][] = [
	['100/min', 100, 600],
	['5/s', 5, 200],
	['5/sec', 5, 200],
	['60/h', 60, 60_000],
	['24/day', 24, 3_600_000],
	['10/30s', 10, 3000],
	['4/2hours', 4, 1_800_000],
	[{ requests: 3, per: 1500 }, 3, 500],
];
for (const [text, burst, interval] of limits)
	test(`the limit ${JSON.stringify(text)}`, () => {
		const made = bucketOf('x', text, undefined);
		assert.deepEqual([made.burst, made.interval], [burst, interval]);
	});

const refused: [what: string, options: unknown, message: RegExp][] = [
	['no options', undefined, /the options are no object/],
	['an unknown name', { limit: '1/s', brust: 2 }, /brust: no such option; .*did you mean burst\?/],
	['no limit', {}, /limit must be like 100\/min/],
	['an unknown unit', { limit: '5/fortnight' }, /limit must be like 100\/min, .* not "5\/fortnight"/],
	['a unit that every object has', { limit: '5/constructor' }, /limit must be like 100\/min/],
	['no requests', { limit: '0/s' }, /limit must be like/],
	['a fraction', { limit: '1.5/s' }, /limit must be like/],
	['a part of the object', { limit: { requests: 5 } }, /limit\.per must be milliseconds/],
	['not a number', { limit: { requests: Number.NaN, per: 1 } }, /limit\.requests must be a whole number/],
	['another part', { limit: { requests: 5, per: 1, window: 2 } }, /limit\.window: no such option/],
	['no time', { limit: { requests: 5, per: 0 } }, /limit\.per must be milliseconds, more than 0/],
	['a window of centuries', { limit: { requests: 1, per: 1e13 } }, /thirty years/],
	['an empty bucket', { limit: '1/s', burst: 0 }, /burst must be a whole number/],
	['a key that is no function', { limit: '1/s', key: 'ip' }, /key must be a function/],
	['a skip that is no function', { limit: '1/s', skip: true }, /skip must be a function/],
	['a store that is none', { limit: '1/s', store: {} }, /store must be memoryLimits/],
	['a negative cost', { limit: '1/s', cost: -1 }, /cost must be a number from 0 on/],
	['a cost beyond the burst', { limit: '1/s', cost: 2 }, /no request would ever pass/],
	['no concurrency', { limit: '1/s', concurrent: 0 }, /concurrent must be a whole number/],
	['a name that is no key', { limit: '1/s', name: 'a b\r\n' }, /name must be up to 64 letters/],
	['an empty name', { limit: '1/s', name: '' }, /name must be/],
	['fields', { limit: '1/s', fields: 1 }, /fields must be true or false/],
	['another way to fail', { limit: '1/s', whenStoreFails: 'maybe' }, /whenStoreFails must be 'open' or 'closed'/],
	['a log that is no function', { limit: '1/s', log: 'x' }, /log must be a function/],
];
for (const [what, options, message] of refused)
	test(`refused at start: ${what}`, () => {
		assert.throws(
			() => rateLimit(options as RateLimitOptions),
			(error: Error) => {
				assert.ok(error instanceof TypeError || error instanceof RangeError);
				assert.match(error.message, message);
				return error.message.startsWith('rateLimit: ');
			},
		);
	});

test('refused at start: too few keys, a clock that is none', () => {
	assert.throws(() => memoryLimits({ limit: 1 }), /memoryLimits: limit must be/);
	assert.throws(() => memoryLimits({ clock: 1 as never }), /memoryLimits: clock is no function/);
	assert.throws(() => memoryLimits({ size: 1 } as never), /memoryLimits: size: no such option/);
});
