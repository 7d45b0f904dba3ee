/** The middleware from rules on disk to the page: what a visitor gets, and what becomes of edits. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ask } from '../../src/engine/memory/index.ts';
import { reverse } from '../../src/proxy/index.ts';
import { ThemeError, type ThemeLogEntry, type ThemeOptions, theme } from '../../src/theme/index.ts';

const THEME = '<!DOCTYPE html><html><head><title>T</title></head><body><main id="main">theme</main></body></html>';
const RULES = `theme: theme.html
rules:
  - replace: { theme: title, content: title }
  - fill: { theme: "#main", content: "#content" }
`;
const PAGE = '<title>Old</title><div id="content"><p>there</div><p>menu';

function folder(t: TestContext): string {
	const path = mkdtempSync(join(tmpdir(), 'turnabout-theme-'));
	t.after(() => rmSync(path, { recursive: true, force: true }));
	writeFileSync(join(path, 'theme.html'), THEME);
	writeFileSync(join(path, 'rules.yaml'), RULES);
	return path;
}

const page = (): Response => new Response(PAGE, { headers: { 'content-type': 'text/html' } });

async function text(layer: ReturnType<typeof theme>, target = 'http://a.example/'): Promise<string> {
	return (await ask(layer(page), target)).text();
}

function themed(
	t: TestContext,
	path: Parameters<typeof theme>[0],
	options: ThemeOptions = {},
): ReturnType<typeof theme> {
	const layer = theme(path, options);
	t.after(() => layer.close());
	return layer;
}

test('a page is moved into the theme, and content that is not balanced stays where it is put', async (t) => {
	const layer = themed(t, join(folder(t), 'rules.yaml'));
	const expected = '<title>Old</title></head><body><main id="main"><p>there</p></main></body></html>';
	assert.ok((await text(layer)).endsWith(expected));
});

test('an edit that breaks the rules changes nothing but what is told, and a mended one is used', async (t) => {
	const path = folder(t);
	const told: ThemeLogEntry[] = [];
	const layer = themed(t, join(path, 'rules.yaml'), { watch: false, log: (entry) => told.push(entry) });
	const before = await text(layer);
	writeFileSync(join(path, 'rules.yaml'), RULES.replace('fill', 'fil'));
	assert.equal(layer.reload(), false);
	assert.ok(layer.failure instanceof ThemeError);
	assert.match(told[0]?.message ?? '', /rules\.yaml:4:5/);
	assert.equal(await text(layer), before);
	writeFileSync(join(path, 'rules.yaml'), RULES.replace('fill', 'replace'));
	assert.equal(layer.reload(), true);
	assert.equal(layer.failure, null);
	assert.match(await text(layer), /<div id="content"><p>there(?:<\/p>)?<\/div>/);
});

test('an edit of the theme is followed without being asked for', { timeout: 20_000 }, async (t) => {
	const path = folder(t);
	const layer = themed(t, join(path, 'rules.yaml'));
	const { revision } = layer.plan;
	writeFileSync(join(path, 'theme.html'), THEME.replace('<main', '<h1>New</h1><main'));
	while (layer.plan.revision === revision) await new Promise((resolve) => setTimeout(resolve, 10));
	assert.match(await text(layer), /<h1>New<\/h1>/);
});

test('rules that are wrong from the start are refused with all that is wrong', (t) => {
	const path = folder(t);
	writeFileSync(join(path, 'rules.yaml'), 'theme: none.html\nrules:\n  - fil: { theme: "#main" }\n');
	assert.throws(
		() => theme(join(path, 'rules.yaml')),
		(error) => error instanceof ThemeError && error.diagnostics.length >= 2,
	);
});

test('the switches and the reload are there in development, and not otherwise', async (t) => {
	const path = join(folder(t), 'rules.yaml');
	const live = themed(t, path, { development: true, watch: false });
	const plain = themed(t, path, { watch: false });
	assert.equal(await text(live, 'http://a.example/?theme=off'), PAGE);
	assert.match(await text(live), /theme-events/);
	assert.match(await text(live, 'http://a.example/?theme=debug'), /turnabout:rule/);
	assert.match(await text(plain, 'http://a.example/?theme=off'), /<title>Old/);
	assert.doesNotMatch(await text(plain), /theme-events/);
});

test('rules in XML, in YAML and in code give the same page', async (t) => {
	const path = folder(t);
	const xml = `<rules xmlns="http://namespaces.plone.org/diazo" xmlns:css="http://namespaces.plone.org/diazo/css">
		<theme href="theme.html"/>
		<replace css:theme="title" css:content="title"/>
		<replace css:theme-children="#main" css:content-children="#content"/>
	</rules>`;
	writeFileSync(join(path, 'rules.xml'), xml);
	const fill = { fill: { theme: '#main', content: '#content' } };
	const code = { theme: 'theme.html', rules: [{ replace: { theme: 'title', content: 'title' } }, fill] };
	const pages = [
		await text(themed(t, join(path, 'rules.yaml'))),
		await text(themed(t, join(path, 'rules.xml'))),
		await text(themed(t, code, { root: path })),
	];
	assert.match(pages[0] ?? '', /<main id="main"><p>there<\/p><\/main>/);
	assert.deepEqual(pages, [pages[0], pages[0], pages[0]]);
});

test('files that rules in code name are followed, too', { timeout: 20_000 }, async (t) => {
	const path = folder(t);
	const layer = themed(t, { theme: 'theme.html', rules: [] }, { root: path });
	writeFileSync(join(path, 'theme.html'), THEME.replace('<main', '<h1>New</h1><main'));
	while (!(await text(layer)).includes('<h1>New</h1>')) await new Promise((resolve) => setTimeout(resolve, 10));
});

test('while files are written and broken again and again, every request has a page', { timeout: 20_000 }, async (t) => {
	const path = folder(t);
	const told: string[] = [];
	const layer = themed(t, join(path, 'rules.yaml'), { log: ({ message }) => told.push(message.split('\n')[0] ?? '') });
	for (let round = 0; round < 40; round++) {
		writeFileSync(join(path, 'rules.yaml'), round % 2 === 0 ? RULES.replace('fill', 'fil') : RULES);
		const answer = await ask(layer(page), 'http://a.example/');
		assert.equal(answer.status, 200);
		assert.match(await answer.text(), /<main id="main"><p>there<\/p><\/main>/);
	}
	writeFileSync(join(path, 'rules.yaml'), `${RULES}  - drop: { theme: "#main" }\n`);
	while ((await text(layer)).includes('<main')) await new Promise((resolve) => setTimeout(resolve, 10));
	assert.equal(layer.failure, null);
	assert.equal(
		told.filter((line) => line.startsWith('the last edit')).length,
		told.filter((line) => line === 'the theme is fine again').length,
	);
});

test('the same failure is told once, and its end once', (t) => {
	const path = folder(t);
	const told: string[] = [];
	const options = { watch: false, log: ({ message }: ThemeLogEntry) => told.push(message) };
	const layer = themed(t, join(path, 'rules.yaml'), options);
	writeFileSync(join(path, 'rules.yaml'), RULES.replace('fill', 'fil'));
	for (let round = 0; round < 3; round++) layer.reload();
	writeFileSync(join(path, 'rules.yaml'), RULES);
	for (let round = 0; round < 3; round++) layer.reload();
	assert.equal(told.length, 2);
	assert.equal(told[1], 'the theme is fine again');
});

test('when the old site is down, visitors read so in the theme, whatever the rules look for', async (t) => {
	const layer = themed(t, join(folder(t), 'rules.yaml'), { watch: false, log: () => {} });
	const dead = reverse('http://127.0.0.1:1', { log: () => {} });
	t.after(() => dead.close());
	const answer = await ask(layer(dead), { target: '/', fields: { Accept: 'text/html' } });
	assert.equal(answer.status, 502);
	const html = await answer.text();
	assert.match(html, /<title>This page cannot be shown<\/title>/);
	assert.match(html, /<main id="main"><h1>This page cannot be shown<\/h1><p>[^<]+<\/p><\/main>/);
});

test('a page leaves early only where the rules let more go than the first words of the theme', async (t) => {
	const path = folder(t);
	const streaming = 'theme: theme.html\nrules:\n  - replace: { theme: title, content: "head title" }\n';
	writeFileSync(join(path, 'early.yaml'), streaming);
	// Ten times as deep as a page may be: with the usual rules it passes through as it is.
	const deep = `<head><title>x</title></head><body>${'<div>'.repeat(5_000)}`;
	const app = (): Response =>
		new Response(
			new ReadableStream({
				start(controller) {
					const bytes = new TextEncoder().encode(deep);
					for (let at = 0; at < bytes.length; at += 1_000) controller.enqueue(bytes.subarray(at, at + 1_000));
					controller.close();
				},
			}),
			{ headers: { 'content-type': 'text/html' } },
		);
	const options = { watch: false, log: () => {} };
	const usual = await ask(themed(t, join(path, 'rules.yaml'), options)(app), 'http://a.example/');
	assert.equal(await usual.text(), deep);
	assert.match(usual.fields.get('x-turnabout-theme') ?? '', /^skipped; reason=limit/);
	const early = await ask(themed(t, join(path, 'early.yaml'), options)(app), 'http://a.example/');
	await assert.rejects(early.text());
});
