/** Every wire script of this folder, against every engine, in whole writes and cut at every byte. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { type EngineOptions, engines, listen, portOf } from '../support/engines.ts';
import { wireApps } from '../support/wire-apps.ts';
import { deliveries, play } from '../support/wire-run.ts';
import { parseWireScript, type WireCase } from '../support/wire-script.ts';

const AT_ONCE = 12;

async function playAll(t: TestContext, wireCase: WireCase, port: number): Promise<void> {
	const left = deliveries(wireCase);
	const lane = async () => {
		for (let next = left.shift(); next !== undefined; next = left.shift()) await play(t, wireCase, port, next);
	};
	// The whole delivery first and alone: its failure is the one to read.
	await play(t, wireCase, port, left.shift() as 'whole');
	await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

for (const engine of engines) {
	for (const file of readdirSync(import.meta.dirname)
		.filter((name) => name.endsWith('.http'))
		.sort()) {
		const cases = parseWireScript(readFileSync(`${import.meta.dirname}/${file}`, 'utf8'));
		for (const wireCase of cases) {
			test(`${engine.name}: ${file}: ${wireCase.title}`, async (t) => {
				const app = wireApps[wireCase.app];
				assert.ok(app !== undefined, `no app ${wireCase.app}`);
				const options = wireCase.options as EngineOptions;
				const listener = await listen(t, app, options, { host: '127.0.0.1', port: 0 }, engine.make);
				await playAll(t, wireCase, portOf(listener));
				const deadline = Date.now() + 4_000;
				while (listener.statistics().connections > 0 && Date.now() < deadline)
					await new Promise((done) => setTimeout(done, 5));
				assert.equal(listener.statistics().connections, 0, 'every connection is gone');
			});
		}
	}
}
