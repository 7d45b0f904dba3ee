/** Streaming: how much of a page of 100 KB has come in when the first of the theme leaves, and how much has left when half is in. */
import { PageRun } from '../../src/theme/plan/index.ts';
import { page } from '../micro/theme-pages.ts';
import { facts, planOf, type RuleSet } from './rule-sets.ts';

const LENGTH = 100_000;
const CHUNK = 512;

export interface StreamRow {
	readonly rules: string;
	/** Share of the content that had come in when the first bytes left. */
	readonly first: number;
	/** Share of the result that had left when nine tenths had come in. */
	readonly late: number;
}

export function measureStreaming(): StreamRow[] {
	return [
		streamed('36 rules as they are', '36', false),
		streamed('36 rules, page classes asked of `body`, ids unique', 'stream', true),
	];
}

function streamed(rules: string, set: RuleSet, uniqueIds: boolean): StreamRow {
	const source = page(LENGTH);
	const run = new PageRun(planOf(set, { uniqueIds }), facts);
	let first = 1;
	let left = 0;
	let late = 0;
	for (let at = 0; at < source.length; at += CHUNK) {
		const end = Math.min(source.length, at + CHUNK);
		const out = run.write(source.slice(at, end));
		if (out !== '' && left === 0) first = end / source.length;
		left += out.length;
		if (end <= source.length * 0.9) late = left;
	}
	return { rules, first, late: late / (left + run.end().text.length) };
}
