/** What is kept when there is too much: bounds hold, and a scan drives out nothing that is in use. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Entry } from '../../src/cache/entry.ts';
import { freshnessOf } from '../../src/cache/rules/index.ts';
import { MemoryStore } from '../../src/cache/store/index.ts';
import { FieldList } from '../../src/fields/index.ts';

const fields = FieldList.of({ 'cache-control': 'max-age=100' });
const received = { asked: 0, answered: 0, at: 0 };
const freshness = freshnessOf(200, fields, received, { targets: [], heuristicMost: 0, heuristicShare: 0 });

function entry(key: string, bytes: number, foo: string | null = null): Entry {
	const selecting = foo === null ? [] : [['foo', foo] as const];
	return new Entry({
		key,
		status: 200,
		reason: null,
		fields,
		body: 'x'.repeat(bytes),
		selecting,
		freshness,
		received,
		tags: [],
	});
}

const ONE = entry('/00000', 1_000).size;

test('no more is kept than may be, by bytes', () => {
	const store = new MemoryStore(10 * ONE, 4);
	for (let at = 0; at < 100; at++) {
		store.put(entry(`/${String(at).padStart(5, '0')}`, 1_000));
		const { bytes, entries } = store.statistics();
		assert.ok(bytes <= 10 * ONE && entries <= 10);
	}
	assert.deepEqual(store.statistics(), { entries: 10, bytes: 10 * ONE, evictions: 90 });
	store.put(entry('/large', 20 * ONE));
	assert.equal(store.variants('/large').length, 0, 'what has no room at all is not kept');
});

test('of one URL no more than so many are kept, and the same selection once', () => {
	const store = new MemoryStore(100 * ONE, 3);
	for (const foo of ['1', '2', '1', '3']) store.put(entry('/', 10, foo));
	assert.deepEqual(
		store.variants('/').map(({ selecting }) => selecting[0]?.[1]),
		['3', '1', '2'],
	);
	store.used(store.variants('/')[2] as Entry);
	store.put(entry('/', 10, '4'));
	assert.deepEqual(
		store
			.variants('/')
			.map(({ selecting }) => selecting[0]?.[1])
			.toSorted(),
		['2', '3', '4'],
	);
});

/** How often what is asked for is there, with `lookUp` telling whether it is. */
function share(lookUp: (key: string) => boolean): number {
	let [hits, asked] = [0, 0];
	let seed = 7;
	const random = (): number => {
		seed = (seed * 1_103_515_245 + 12_345) & 0x7fff_ffff;
		return seed / 0x7fff_ffff;
	};
	for (let round = 0; round < 200; round++) {
		// A hundred that are in use, by Zipf's law, and a scan over what nobody asks for again.
		for (let at = 0; at < 200; at++) {
			asked++;
			if (lookUp(`/hot/${String(Math.floor(100 ** random())).padStart(3, '0')}`)) hits++;
		}
		for (let at = 0; at < 60; at++) lookUp(`/scan/${String(round * 60 + at).padStart(5, '0')}`);
	}
	return hits / asked;
}

test('a trace with scans in it has more hits than the same with the least recently used thrown out', () => {
	const room = 60;
	const store = new MemoryStore(room * (ONE + 8), 1);
	const sieve = share((key) => {
		const [found] = store.variants(key);
		if (found === undefined) store.put(entry(key, 1_000));
		else store.used(found);
		return found !== undefined;
	});
	const recent = new Map<string, true>();
	const lru = share((key) => {
		const found = recent.delete(key);
		recent.set(key, true);
		if (recent.size > room) recent.delete(recent.keys().next().value as string);
		return found;
	});
	assert.ok(sieve > lru + 0.02, `${sieve} against ${lru}`);
});

test('what is removed while all are looked at does not end the look', () => {
	const store = new MemoryStore(100 * ONE, 1);
	for (let at = 0; at < 20; at++) store.put(entry(`/${at}`, 10));
	let seen = 0;
	for (const one of store.all()) {
		seen++;
		if (seen % 2 === 0) store.remove(one);
	}
	assert.deepEqual([seen, store.statistics().entries], [20, 10]);
});
