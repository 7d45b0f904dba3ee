/** Every engine × every case: one suite for all of them. What is missing is declared in `can`, and then what holds instead is run. */
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { Bench } from './case.ts';
import { type Started, subjects } from './engines.ts';
import { themes } from './themes.ts';

for (const subject of subjects) {
	suite(subject.name, () => {
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
			for (const { name, run, needs } of cases) {
				const lacking = needs !== undefined && !subject.can[needs.ability];
				test(`${title}: ${name}${lacking ? ` (${needs.otherwise})` : ''}`, async () => {
					await (lacking ? needs.run : run)(bench);
				});
			}
		}
	});
}
