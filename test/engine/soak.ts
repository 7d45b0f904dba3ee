/**
 * Thousands of exchanges, many of them left in the middle: no connection, exchange or socket is left when they are over,
 * and the heap does not grow with their number.
 */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Seeded } from '../soak/seeded.ts';
import { listen, portOf } from '../support/engines.ts';
import { watchStray } from '../support/stray.ts';
import { until } from '../support/until.ts';
import type { Make } from './attacks.ts';
import { fuzzApp } from './fuzz-app.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const SCALE = process.env['TURNABOUT_FULL'] === '1' ? 10 : 1;
const LANES = 8;
/** Bytes for each exchange that nobody would call growth: node keeps that much of what it has optimised. */
const SLACK = 120;

/** One connection with some exchanges on it; answers how many it has begun. */
export type Visit = (port: number, random: Seeded) => Promise<number>;

const sockets = (): number => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;

/** Visits until `count` exchanges were begun in each of three laps. */
export async function soak(t: TestContext, make: Make, visit: Visit, count: number): Promise<void> {
	const assertNoneStray = watchStray(t);
	const listener = await listen(t, fuzzApp, { log: () => {}, timeouts: { total: 500 } }, undefined, make);
	const random = new Seeded(11);
	const before = sockets();
	const lap = async (exchanges: number): Promise<number> => {
		let left = exchanges;
		const lane = async (): Promise<void> => {
			while (left > 0) {
				const begun = await visit(portOf(listener), random);
				left -= begun;
			}
		};
		await Promise.all(Array.from({ length: LANES }, lane));
		const none = (): boolean => listener.statistics().connections === 0 && listener.statistics().active === 0;
		await until(none, 'nothing left', 10_000);
		await until(() => sockets() === before, 'no socket left');
		for (let round = 0; round < 4; round++) {
			await turn();
			collectGarbage();
		}
		return process.memoryUsage().heapUsed;
	};
	// Whatever is made once, and code that gets hot, comes first.
	const heaps = [await lap(count), await lap(count * SCALE), await lap(count * SCALE)];
	const growth = Math.min(...heaps.slice(1).map((heap, index) => heap - (heaps[index] as number))) / (count * SCALE);
	t.diagnostic(`${growth.toFixed(1)} bytes an exchange; ${JSON.stringify(listener.statistics())}`);
	assert.ok(growth < SLACK, `the heap has grown by ${growth.toFixed(1)} bytes for each exchange: ${heaps.join(', ')}`);
	assertNoneStray();
}
