/** Tells what was measured: Markdown tables for people and documents, or everything as JSON. */

import type { Outcome, Series } from './rounds.ts';
import type { Run } from './run.ts';
import { pairedDifference, pairedRatio, type Spread, spread } from './statistics.ts';
import type { Bar } from './suites.ts';

/** Whom the targets of a work are held against, where they take part. */
const REFERENCES = ['nginx', 'HAProxy', 'Squid'];

/** What became of a bar. */
export interface Verdict {
	readonly bar: Bar;
	readonly result: 'met' | 'missed' | 'no figure';
	/** The ratio or difference, or the figure where the bar has no other side. */
	readonly value: Spread | null;
}

/** One work as a Markdown section. */
export function table(outcome: Outcome): string {
	const { work, series } = outcome;
	const references = REFERENCES.filter((name) => series.some(({ target }) => target === name));
	const header = ['target', work.unit, ...references.map((name) => `× ${name}`), 'p50 ms', 'p99 ms', 'peak RSS MiB'];
	const rows = series.map((one) => row(one, series, references));
	const lines = [[...header, 'runs without figure'], header.map(() => '---').concat('---'), ...rows];
	const bars = judge(outcome).map((verdict) => `- ${describe(verdict)}`);
	return [`### ${work.title} (\`${work.name}\`)`, '', ...lines.map(asRow), '', ...bars].join('\n').trimEnd();
}

/** One line of a Markdown table. */
export function asRow(cells: readonly string[]): string {
	return `| ${cells.join(' | ')} |`;
}

function row(one: Series, all: readonly Series[], references: readonly string[]): string[] {
	if (one.missing !== null) return [one.target, `skipped: ${one.missing}`, ...references.map(() => ''), '', '', '', ''];
	const ratios = references.map((name) => {
		const other = all.find((candidate) => candidate.target === name);
		return other === undefined || other === one ? '' : asSpread(pairedRatio(figures(one), figures(other)));
	});
	const middle = (of: (run: Run) => number | null): string => asNumber(spread(numbers(one.runs.map(of)))?.median);
	const peak = middle((run) => (run.peak === null ? null : run.peak / 2 ** 20));
	const faults = one.runs.filter((run) => run.fault !== null).length;
	const failures = faults === 0 ? '0' : `${faults} of ${one.runs.length}`;
	const figure = asSpread(spread(numbers(figures(one))));
	return [one.target, figure, ...ratios, middle((run) => run.p50), middle((run) => run.p99), peak, failures];
}

function figures(one: Series | undefined): (number | null)[] {
	return one?.runs.map((run) => run.figure) ?? [];
}

function numbers(values: readonly (number | null)[]): number[] {
	return values.filter((value) => value !== null);
}

/** The bars of a work against what was measured. */
export function judge({ work, series }: Outcome): Verdict[] {
	const named = (name: string): (number | null)[] => figures(series.find((one) => one.target === name));
	return work.bars.map((bar) => {
		const own = named(bar.of);
		const value = valueOf(bar, own, named);
		if (value === null) return { bar, result: 'no figure', value };
		const kept = bar.limit === 'at most' ? value.median <= bar.value : value.median >= bar.value;
		return { bar, result: kept ? 'met' : 'missed', value };
	});
}

function valueOf(
	{ against, more }: Bar,
	own: (number | null)[],
	named: (name: string) => (number | null)[],
): Spread | null {
	if (against === null) return spread(numbers(own));
	return (more === true ? pairedDifference : pairedRatio)(own, named(against));
}

function describe({ bar, result, value }: Verdict): string {
	const sign = bar.more === true ? 'more than' : '×';
	const other = bar.against === null ? '' : ` ${sign} ${bar.against}`;
	const measured = value === null ? '' : `: ${asSpread(value)}`;
	return `${bar.of}, ${bar.limit} ${bar.value}${other}${measured}: **${result}**`;
}

/** `1.21 (1.10-1.34)`: the median, then the lowest and the highest. */
export function asSpread(value: Spread | null): string {
	if (value === null) return 'no figure';
	return `${asNumber(value.median)} (${asNumber(value.min)}-${asNumber(value.max)})`;
}

/** Three digits say all that such figures know. */
export function asNumber(value: number | undefined): string {
	if (value === undefined) return '';
	return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

/** Everything measured, for programs. */
export function asJson(about: Readonly<Record<string, unknown>>, outcomes: readonly Outcome[]): string {
	const works = outcomes.map((outcome) => ({
		name: outcome.work.name,
		unit: outcome.work.unit,
		series: outcome.series,
		bars: judge(outcome),
	}));
	return `${JSON.stringify({ ...about, works }, null, '\t')}\n`;
}
