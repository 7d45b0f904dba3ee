/** `turnabout run` and a configuration that changes, as processes. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { eventually, until } from '../support/until.ts';
import { ask, project, start } from './command-process.ts';

const config = (workers: number, more = ''): string => `
	import { defineConfig, respond } from 'turnabout';
	import { word } from './word.ts';
	export default defineConfig({
		listen: '127.0.0.1:0',
		workers: ${workers},
		${more}
		app: () => respond(200, null, word),
	});`;

function shop(t: TestContext, workers: number): { folder: string; write(name: string, text: string): void } {
	const folder = project(t, {
		'turnabout.config.ts': config(workers),
		'word.ts': "export const word: string = 'one';",
	});
	return { folder, write: (name, text) => writeFileSync(join(folder, name), text) };
}

for (const workers of [1, 2]) {
	test(`SIGHUP reads the configuration and what it imports again, with ${workers} process(es)`, {
		timeout: 60_000,
	}, async (t) => {
		const { folder, write } = shop(t, workers);
		const started = start(t, ['run'], { cwd: folder });
		const [url = ''] = await started.listening();
		assert.equal((await ask(url, '/')).body, 'one');
		const told = async (line: RegExp): Promise<void> => {
			const before = started.stderr.length;
			started.child.kill('SIGHUP');
			await until(() => line.test(started.stderr.slice(before)), String(line), 20_000);
		};
		write('word.ts', "export const word: string = 'two';");
		await told(/^turnabout: reloaded$/m);
		for (let at = 0; at < 8; at++) assert.equal((await ask(url, '/')).body, 'two');
		write('word.ts', 'export const word: string = nowhere;');
		await told(/^turnabout: not reloaded: word\.ts:1:\d+: ReferenceError: nowhere is not defined$/m);
		assert.equal((await ask(url, '/')).body, 'two');
		write('word.ts', "export const word: string = 'three';");
		write('turnabout.config.ts', config(workers, 'drain: 5_000, timeouts: { header: 5_000 },'));
		await told(/^turnabout: reloaded$/m);
		assert.match(started.stderr, /turnabout\.config\.ts: timeouts has changed, which takes a restart/);
		assert.equal(started.stderr.match(/drain has changed/g)?.length, 1, 'told once, whatever the number of processes');
		for (let at = 0; at < 8; at++) assert.equal((await ask(url, '/')).body, 'three');
		write('turnabout.config.ts', 'export default 7;');
		await told(/^turnabout: not reloaded: .*not a configuration object/m);
		assert.equal((await ask(url, '/')).body, 'three');
	});
}

test('--watch follows what the configuration imports', { timeout: 60_000 }, async (t) => {
	const { folder, write } = shop(t, 1);
	const started = start(t, ['run', '--watch'], { cwd: folder });
	const [url = ''] = await started.listening();
	assert.equal((await ask(url, '/')).body, 'one');
	write('notes.txt', 'no code');
	write('word.ts', "export const word: string = 'two';");
	await eventually(async () => (await ask(url, '/')).body === 'two', 'the new word', 20_000);
	assert.equal(started.stderr.match(/reloaded/g)?.length, 1);
});
