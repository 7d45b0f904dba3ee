/** Every example of every page runs. One that exports an app is asked, too, unless it would dial another server. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { type App, lint } from '../../src/convention/index.ts';
import { ask } from '../../src/engine/memory/index.ts';
import { examplesOf } from './runnable.ts';

const root = new URL('../../', import.meta.url);
const pages = readdirSync(new URL('docs/', root))
	.filter((name) => name.endsWith('.md'))
	.map((name) => `docs/${name}`);

/** Only an app in the open is asked: a configuration has its own tests. */
function appIn(exported: unknown): App | null {
	if (typeof exported === 'function') return exported as App;
	const { fetch, ...rest } = (exported ?? {}) as { fetch?: App };
	return typeof fetch === 'function' && Object.keys(rest).length === 0 ? fetch : null;
}

for (const page of ['README.md', ...pages]) {
	for (const example of examplesOf(new URL(page, root))) {
		const { line, source } = example;
		test(`the example in ${page}, line ${line}, runs`, async () => {
			const app = appIn((await example.run())['default']);
			if (app === null || /\b(?:reverse|fastcgi|upstreams)\(/.test(source)) return;
			const failures: unknown[] = [];
			const answer = await ask(lint(app, { report: (error) => failures.push(error) }), '/');
			assert.ok(answer.status < 500, `it answers ${answer.status}: ${String(answer.error)}`);
			await answer.bytes();
			assert.deepEqual(failures, []);
		});
	}
}

test('the specification has examples', () => {
	assert.ok(examplesOf(new URL('docs/convention.md', root)).length >= 6);
});
