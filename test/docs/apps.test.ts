import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { formatSteps } from '../../src/cli/explain-command.ts';
import { type App, type ExplainedStep, explain, raw, respond } from '../../src/convention/index.ts';
import { ask } from '../../src/engine/memory/index.ts';
import { examplesOf } from './runnable.ts';

const address = new URL('../../docs/apps.md', import.meta.url);

test('docs/apps.md shows what `turnabout explain` prints of its layer, and the layer does it', async () => {
	const example = examplesOf(address).find(({ source }) => source.includes('tenants'));
	const app = (await example?.run())?.['default'] as App;
	let steps: readonly ExplainedStep[] = [];
	const asked: App = async (request, context) => {
		steps = await explain(app, raw(request), context);
		return respond(204);
	};
	await ask(asked, 'http://harbour.example/');
	const shown = /^\$ npx turnabout explain GET http:\/\/harbour\.example\/ app\.ts\n([^]*?)^```$/m;
	assert.equal(formatSteps(steps), shown.exec(readFileSync(address, 'utf8'))?.[1]);
	assert.equal(await (await ask(app, 'http://harbour.example/')).text(), 'Hello, harbour\n');
	assert.equal((await ask(app, 'http://1.example/')).status, 404);
});
