/** Measures as Prometheus reads them, and those of several processes as one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type App, respond } from '../../src/convention/index.ts';
import { ask } from '../../src/engine/memory/index.ts';
import { type AnyMeasure, exposition, RequestMeter, summed } from '../../src/observe/index.ts';

const gauge = (name: string, value: number, labels?: Record<string, string>): AnyMeasure => ({
	name,
	help: `what ${name} is`,
	type: 'gauge',
	value,
	...(labels && { labels }),
});
const histogram = (counts: number[], sum: number): AnyMeasure => ({
	name: 'time',
	help: 'time',
	type: 'histogram',
	labels: { method: 'GET' },
	bounds: [0.1, 1],
	counts,
	sum,
});

test('families stand together, with one line of help and one of type; labels are escaped', () => {
	const text = exposition([gauge('a', 1, { x: 'one' }), gauge('b', 2.5), gauge('a', 3, { x: '"\\\n' })]);
	assert.equal(
		text,
		'# HELP a what a is\n# TYPE a gauge\na{x="one"} 1\na{x="\\"\\\\\\n"} 3\n# HELP b what b is\n# TYPE b gauge\nb 2.5\n',
	);
});

test('a histogram has cumulative buckets, a sum and a count', () => {
	const lines = exposition([histogram([1, 2, 3], 7.5)]).split('\n');
	assert.deepEqual(lines.slice(2), [
		'time_bucket{method="GET",le="0.1"} 1',
		'time_bucket{method="GET",le="1"} 3',
		'time_bucket{method="GET",le="+Inf"} 6',
		'time_sum{method="GET"} 7.5',
		'time_count{method="GET"} 6',
		'',
	]);
});

test('several processes are added up, by name and labels', () => {
	const all = summed([
		[gauge('a', 1, { x: '1' }), histogram([1, 0, 1], 2)],
		[gauge('a', 2, { x: '1' }), gauge('a', 5, { x: '2' }), histogram([0, 4, 1], 3)],
	]);
	assert.deepEqual(
		all.map((one) => (one.type === 'histogram' ? [one.counts, one.sum] : one.value)),
		[3, [[1, 4, 2], 5], 5],
	);
});

test('requests are counted by method and class of status; methods that anybody makes up count together', async () => {
	const meter = new RequestMeter();
	const app: App = (request) => respond(request.method === 'GET' ? 200 : 404, null, 'four');
	const metered = meter.wrap(app);
	for (const method of ['GET', 'GET', 'BREW', 'STEW']) await (await ask(metered, { target: '/', method })).text();
	const counts = meter
		.measures()
		.flatMap((one) =>
			one.type === 'histogram' ? [[one.labels, one.counts.reduce((sum, count) => sum + count, 0)]] : [],
		);
	assert.deepEqual(counts, [
		[{ method: 'GET', status: '2xx' }, 2],
		[{ method: 'other', status: '4xx' }, 2],
	]);
	const sent = meter.measures().find(({ name }) => name === 'turnabout_sent_bytes_total');
	assert.equal(sent?.type === 'counter' && sent.value, 16);
});
