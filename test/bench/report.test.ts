import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asJson, asSpread, judge, table } from '../../bench/report.ts';
import type { Outcome, Series } from '../../bench/rounds.ts';
import type { Run } from '../../bench/run.ts';
import type { Bar, Work } from '../../bench/suites.ts';

const run = (figure: number): Run => ({ fault: null, figure, requests: 1, p50: 1.5, p99: 4, peak: 2 ** 26 });
const fault: Run = { fault: '3 socket errors', figure: null, requests: 0, p50: null, p99: null, peak: null };

function series(target: string, ...figures: (number | null)[]): Series {
	const runs = figures.map((figure) => (figure === null ? fault : run(figure)));
	return { target, ours: target === 'turnabout', missing: null, runs };
}

function outcome(bars: readonly Bar[], ...all: Series[]): Outcome {
	const work: Work = {
		name: 'reverse',
		title: 'Reverse proxy',
		unit: 'CPU µs per request',
		behind: 'files',
		path: '/1k',
		body: Buffer.alloc(1024),
		targets: [],
		bars,
	};
	return { work, series: all };
}

const bar = (limit: Bar['limit'], value: number, against: string | null): Bar => ({
	of: 'turnabout',
	against,
	limit,
	value,
});

test('a bar is judged by the median of the ratios paired by round', () => {
	const bars = [bar('at most', 1.2, 'nginx'), bar('at most', 1.19, 'nginx'), bar('at least', 1.2, 'nginx')];
	const verdicts = judge(outcome(bars, series('nginx', 10, 20, 10), series('turnabout', 12, 24, 30)));
	assert.deepEqual(
		verdicts.map((verdict) => verdict.result),
		['met', 'missed', 'met'],
	);
	assert.deepEqual(verdicts[0]?.value, { min: 1.2, median: 1.2, max: 3 });
});

test('a bar for how much more it may be is judged by the median of the differences', () => {
	const bars = [4, 5].map((value): Bar => ({ ...bar('at most', value, 'nginx'), more: true }));
	const one = outcome(bars, series('nginx', 10, 20, 10), series('turnabout', 15, 30, 12));
	assert.deepEqual(
		judge(one).map((verdict) => verdict.result),
		['missed', 'met'],
	);
	assert.match(table(one), /- turnabout, at most 4 more than nginx: 5\.00 \(2\.00-10\.0\): \*\*missed\*\*/);
});

test('a bar without another side is judged by the median of the figures', () => {
	const [met, missed] = judge(
		outcome([bar('at most', 6, null), bar('at most', 5, null)], series('turnabout', 7, 5.5, 5)),
	);
	assert.equal(met?.result, 'met');
	assert.equal(missed?.result, 'missed');
});

test('a bar is never met by runs that gave no figure', () => {
	const bars = [bar('at most', 100, 'nginx'), bar('at most', 100, 'HAProxy')];
	const verdicts = judge(outcome(bars, series('nginx', 10, 10), series('turnabout', null, null)));
	assert.deepEqual(
		verdicts.map((verdict) => verdict.result),
		['no figure', 'no figure'],
	);
});

test('the table shows medians, ratios, failed runs, and what was skipped and why', () => {
	const caddy: Series = { target: 'Caddy', ours: false, missing: 'Caddy is not installed', runs: [] };
	const text = table(
		outcome([bar('at most', 1.35, 'nginx')], series('nginx', 10, 20), series('turnabout', 12, null), caddy),
	);
	const rows = text.split('\n');
	assert.ok(rows.includes('| nginx | 15.0 (10.0-20.0) |  | 1.50 | 4.00 | 64.0 | 0 |'), text);
	assert.ok(rows.includes('| turnabout | 12.0 (12.0-12.0) | 1.20 (1.20-1.20) | 1.50 | 4.00 | 64.0 | 1 of 2 |'), text);
	assert.ok(rows.includes('| Caddy | skipped: Caddy is not installed |  |  |  |  |  |'), text);
	assert.ok(rows.includes('- turnabout, at most 1.35 × nginx: 1.20 (1.20-1.20): **met**'), text);
	const columns = rows.filter((row) => row.startsWith('|')).map((row) => row.split('|').length);
	assert.equal(new Set(columns).size, 1);
});

test('numbers have three digits', () => {
	assert.equal(asSpread({ min: 0.5123, median: 17.149, max: 1912.6 }), '17.1 (0.512-1913)');
	assert.equal(asSpread(null), 'no figure');
});

test('the JSON holds every run and verdict', () => {
	const one = outcome([bar('at most', 2, 'nginx')], series('nginx', 10), series('turnabout', 12));
	const read = JSON.parse(asJson({ machine: 'this one' }, [one])) as {
		machine: string;
		works: { name: string; series: Series[]; bars: { result: string }[] }[];
	};
	assert.equal(read.machine, 'this one');
	assert.deepEqual(read.works[0]?.series, one.series);
	assert.equal(read.works[0]?.bars[0]?.result, 'met');
});
