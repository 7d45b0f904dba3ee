import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asJson, table } from '../../bench/report.ts';
import { runWork } from '../../bench/rounds.ts';
import type { Bench } from '../../bench/run.ts';
import { works } from '../../bench/suites.ts';

test('a work whose targets would ask for what is not installed is skipped, and the table says why', async () => {
	const bench = { origins: { files: null, php: null } } as unknown as Bench;
	for (const [behind, reason] of [
		['files', 'no origin: nginx is not installed'],
		['php', 'php-fpm is not installed'],
	] as const) {
		const work = works.find((one) => one.behind === behind) ?? assert.fail();
		const outcome = await runWork(bench, work, 2, (line) => assert.fail(line));
		assert.ok(outcome.series.every(({ missing, runs }) => missing === reason && runs.length === 0));
		assert.ok(table(outcome).includes(`| turnabout | skipped: ${reason} |`));
		assert.match(asJson({}, [outcome]), /"no figure"/);
	}
});
