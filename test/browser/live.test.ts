/** Editing a theme while somebody looks at it. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { DemoProcess } from '../demo/demo-process.ts';
import { launch, openPage, skip } from './chromium.ts';

const theme = fileURLToPath(new URL('../../examples/demo/theme/', import.meta.url));

test('what is saved in the theme is seen without a click, and a mistake does not take the page away', {
	timeout: 60_000,
	skip,
}, async (t) => {
	const folder = mkdtempSync(join(tmpdir(), 'turnabout-theme-'));
	t.after(() => rmSync(folder, { recursive: true, force: true }));
	cpSync(theme, folder, { recursive: true });
	const demo = await DemoProcess.start(0, { RULES: join(folder, 'rules.yaml') });
	t.after(() => demo.stop('SIGKILL'));
	const browser = await launch();
	t.after(() => browser.close());
	const { page, errors } = await openPage(browser);
	await page.goto(`${demo.url}/`);
	const file = join(folder, 'theme.html');
	writeFileSync(file, readFileSync(file, 'utf8').replace('Come and sail', 'Come and swim'));
	await page.getByText('Come and swim').waitFor();
	const rules = join(folder, 'rules.yaml');
	const right = readFileSync(rules, 'utf8');
	writeFileSync(rules, right.replace('- fill:', '- fil:'));
	await demo.printed(/There is no action 'fil'/);
	await page.goto(`${demo.url}/news/`);
	assert.equal(await page.locator('main h1').innerText(), 'News from the bay');
	await page.locator('turnabout-theme').waitFor({ state: 'attached' });
	writeFileSync(rules, right);
	await demo.printed(/the theme is fine again/);
	assert.deepEqual(errors, []);
});
