import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { Bench, lacks } from './case.ts';
import type { Started, Subject } from './engines.ts';
import { themes } from './themes.ts';

/** One engine × every case, as a suite. What is missing is declared, and then what holds instead is run. `skip` says why nothing is. */
export function runSubject(subject: Subject, skip: string | false = false): void {
	suite(subject.name, { skip }, () => {
		let started: Started;
		let bench: Bench;

		before(async () => {
			started = await subject.start();
			bench = new Bench(started);
		});
		after(() => started.stop());

		test('context.can says what the table says', async () => {
			assert.deepEqual(JSON.parse(await bench.text('/describe')).can, subject.can);
		});

		for (const { title, cases } of themes) {
			for (const one of cases) {
				const { name, run, needs } = one;
				const instead = lacks(subject, one) ? needs : undefined;
				test(`${title}: ${name}${instead ? ` (${instead.otherwise})` : ''}`, async () => {
					await (instead?.run ?? run)(bench);
				});
			}
		}
	});
}
