/**
 * A process of its own, with `--expose-gc`: holds pages that have been read and themed and writes how many bytes one takes,
 * its content, tree and result together. `hold-pages.ts html|xhtml KILOBYTES PAGES`.
 */
import { PageRun, type PlanOptions } from '../../src/theme/plan/index.ts';
import { page } from '../micro/theme-pages.ts';
import { facts, planOf } from './rule-sets.ts';

const [mode, kilobytes, pages] = process.argv.slice(2);
const plan = planOf('36', { mode: mode as NonNullable<PlanOptions['mode']> });
const bytes = Buffer.from(page(Number(kilobytes) * 1000));
const decoder = new TextDecoder();
const encoder = new TextEncoder();

function themed(): unknown {
	const run = new PageRun(plan, facts);
	const early = run.write(decoder.decode(bytes));
	const result = encoder.encode(early + run.end().text);
	return { run, result };
}

function held(): number {
	globalThis.gc?.();
	globalThis.gc?.();
	const { heapUsed, external } = process.memoryUsage();
	return heapUsed + external;
}

for (let i = 0; i < 20; i++) themed();
const before = held();
const live = Array.from({ length: Number(pages) }, themed);
const after = held();
process.stdout.write(`${(after - before) / live.length} ${bytes.length}\n`);
