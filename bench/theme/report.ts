/** The theme's figures as Markdown, and which bars they keep. */
import { asNumber, asRow, asSpread } from '../report.ts';
import type { Spread } from '../statistics.ts';
import { type HostileRow, MOST_EXPONENT, MOST_PER_MEGABYTE } from './hostile.ts';
import { type MemoryRow, MOST_MEMORY } from './memory.ts';
import { MOST_OF_PARSE5, OURS, type PageRow, SIZES } from './pages.ts';
import type { StreamRow } from './streaming.ts';

/** Milliseconds of CPU for compiling 36 rules and their theme. */
const MOST_COMPILE = 5;
/** Share of the content that may have come in before the theme begins to leave. */
const MOST_BEFORE_FIRST = 0.05;

export interface ThemeFigures {
	readonly pages: readonly PageRow[];
	readonly compile: Spread | null;
	readonly streaming: readonly StreamRow[];
	readonly memory: readonly MemoryRow[];
	readonly hostile: readonly HostileRow[];
}

function markdown(header: readonly string[], rows: readonly (readonly string[])[]): string {
	return [header, header.map(() => '---'), ...rows].map(asRow).join('\n');
}

const verdict = (kept: boolean): string => (kept ? '**met**' : '**missed**');
/** Both modes of the same rules. */
const JUDGED: readonly string[] = [OURS, `${OURS}, XHTML`];
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

export function themeTables(figures: ThemeFigures): string {
	return [
		`### Re-theming (\`theme\`)\n\n${pagesTable(figures.pages)}`,
		`Compiling 36 rules and their theme: ${asSpread(figures.compile)} ms of CPU, at most ${MOST_COMPILE}: ${verdict((figures.compile?.median ?? MOST_COMPILE + 1) <= MOST_COMPILE)}`,
		streamTable(figures.streaming),
		memoryTable(figures.memory),
		hostileTable(figures.hostile),
	].join('\n\n');
}

function pagesTable(rows: readonly PageRow[]): string {
	return markdown(
		['page', 'rules', 'CPU ms a page', '× parse5', 'bars'],
		rows.map((row) => [
			`${row.kilobytes} KB`,
			row.subject,
			asSpread(row.milliseconds),
			row.ratio === null ? '' : asSpread(row.ratio),
			pageBars(row),
		]),
	);
}

function pageBars({ kilobytes, subject, milliseconds, ratio }: PageRow): string {
	const most = SIZES.find(([size]) => size === kilobytes)?.[1];
	if (!JUDGED.includes(subject) || most === undefined || milliseconds === null || ratio === null) return '';
	return `${most} ms: ${verdict(milliseconds.median <= most)}, ${MOST_OF_PARSE5} × parse5: ${verdict(ratio.median <= MOST_OF_PARSE5)}`;
}

function streamTable(rows: readonly StreamRow[]): string {
	return markdown(
		['streaming 100 KB', 'content in before the theme begins to leave', 'of the result gone when 90 % is in', 'bar'],
		rows.map(({ rules, first, late }, at) => [
			rules,
			percent(first),
			percent(late),
			at === 0 ? '' : `${percent(MOST_BEFORE_FIRST)}: ${verdict(first <= MOST_BEFORE_FIRST)}`,
		]),
	);
}

function memoryTable(rows: readonly MemoryRow[]): string {
	return markdown(
		['page', 'mode', 'held, × content', 'bar'],
		rows.map(({ kilobytes, mode, factor }) => [
			`${kilobytes} KB`,
			mode,
			factor === null ? 'no figure' : asNumber(factor),
			`${MOST_MEMORY}: ${verdict(factor !== null && factor <= MOST_MEMORY)}`,
		]),
	);
}

function hostileTable(rows: readonly HostileRow[]): string {
	return markdown(
		['hostile content, without limits', 'CPU ms per MB', 'grows with length to the', 'limit on defaults', 'bars'],
		rows.map(({ name, perMegabyte, exponent, limited }) => [
			name,
			asNumber(perMegabyte),
			exponent.toFixed(2),
			limited ?? '',
			verdict(perMegabyte <= MOST_PER_MEGABYTE && exponent <= MOST_EXPONENT),
		]),
	);
}
