/** What docs/theming.md says we do otherwise than Diazo: each row of its table is a test here, of both behaviours where there are two. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { respond } from '../../src/convention/index.ts';
import { ask, type MemoryAnswer } from '../../src/engine/memory/index.ts';
import { ThemeError, type ThemeOptions, theme } from '../../src/theme/index.ts';
import { tableUnder } from './markdown-table.ts';
import { themeFiles } from './theme-files.ts';

const THEME = '<!doctype html><title>T</title><main id="m" class="a">theme</main>';
const CONTENT = '<body><p id="x" class="b">one</p><p>two</p>';

type Given = ThemeOptions & { readonly content?: string | Uint8Array; readonly fields?: Record<string, string> };

async function answerOf(
	rules: string,
	{ content = CONTENT, fields = {}, ...options }: Given = {},
): Promise<MemoryAnswer> {
	const { path, remove } = themeFiles({ 'rules.xml': inRules(rules), 'theme.html': THEME });
	try {
		const type = { 'content-type': 'text/html', ...fields };
		const layer = theme(path('rules.xml'), { watch: false, log: () => {}, ...options });
		return await ask(
			layer(() => respond(200, type, content)),
			{ fields: { 'accept-encoding': 'gzip' } },
		);
	} finally {
		remove();
	}
}

const inRules = (rules: string): string =>
	`<rules xmlns="http://namespaces.plone.org/diazo" xmlns:css="http://namespaces.plone.org/diazo/css"><theme href="theme.html"/>${rules}</rules>`;

/** The theme's `main` with what is in it. */
async function mainOf(rules: string, given: Given = {}): Promise<string> {
	return /<main[^]*<\/main>/.exec(await (await answerOf(rules, given)).text())?.[0] ?? '';
}

async function codesOf(rules: string, options: Given = {}): Promise<string[]> {
	try {
		await answerOf(rules, options);
		return [];
	} catch (error) {
		assert.ok(error instanceof ThemeError);
		return error.diagnostics
			.filter(({ severity }) => severity === 'error')
			.map(({ code, place }) => `${code}${place === null ? '' : ' with its place'}`);
	}
}

const diazo = { compat: 'diazo' } as const;
const body = '<replace css:theme-children="#m" css:content-children="body"/>';

test('a condition beside a list of selectors holds for all of them', async () => {
	const rules = `${body}<drop css:content="p, ul" css:if-content=".nothing"/>`;
	assert.match(await mainOf(rules), /one.*two/);
	assert.doesNotMatch(await mainOf(rules, diazo), /one/);
});

test('the children of a list of selectors are those of all of them', async () => {
	const rules = '<replace css:theme-children="#m" css:content-children="p, ul"/>';
	assert.match(await mainOf(rules), />onetwo</);
	assert.match(await mainOf(rules, diazo), /<p/);
});

test('replace with attributes replaces attributes', async () => {
	const rules = '<replace css:theme="#m" css:content="#x" attributes="class"/>';
	assert.match(await mainOf(rules), /class="b"/);
	assert.match(await mainOf(rules, diazo), /class="a"/);
});

test('copy with attributes="*" leaves no others', async () => {
	const rules = '<copy css:theme="#m" css:content="#x" attributes="*"/>';
	const content = '<p id="x" title="t">';
	assert.equal(await mainOf(rules, { content }), '<main id="x" title="t">theme</main>');
	assert.match(await mainOf(rules, { ...diazo, content }), /class="a"/);
});

test('merge without a value to merge adds no empty attribute', async () => {
	const rules = '<merge css:theme="#m" css:content="ul" attributes="title"/>';
	assert.doesNotMatch(await mainOf(rules), /title/);
	assert.match(await mainOf(rules, diazo), /title=""/);
});

test('elements and attributes that do not exist are errors', async () => {
	assert.deepEqual(await codesOf('<repalce css:theme="#m"/>'), ['unknown-element with its place']);
	assert.deepEqual(await codesOf('<drop css:theme="#m" if-paht="/x"/>'), ['unknown-attribute with its place']);
	assert.deepEqual(await codesOf('<repalce css:theme="#m"/>', diazo), []);
});

test('a selector that cannot be read is an error, on either side', async () => {
	assert.deepEqual(await codesOf('<drop theme="//["/>'), ['bad-xpath with its place']);
	assert.deepEqual(await codesOf('<drop css:content="p:fist-child"/>'), ['bad-selector with its place']);
});

test('a selector that matches nothing in the theme is a warning', () => {
	const { path, remove } = themeFiles({ 'rules.xml': inRules('<drop css:theme="#nowhere"/>'), 'theme.html': THEME });
	try {
		assert.deepEqual(
			theme(path('rules.xml'), { watch: false }).warnings.map(({ code }) => code),
			['no-match'],
		);
	} finally {
		remove();
	}
});

test('two themes without a condition are an error', async () => {
	assert.deepEqual(await codesOf('<theme href="theme.html"/>'), ['conflict with its place']);
});

test('pages are HTML5, and what no rule changes stays byte for byte', async () => {
	const kept = '<picture><source srcset=a.webp><img SRC=a.png></picture><svg viewBox="0 0 1 1"><path d="M0 0"/></svg>';
	const content = `<body>${kept}</body>`;
	assert.equal(await mainOf(body, { content }), `<main id="m" class="a">${kept}</main>`);
	assert.match(await (await answerOf(body)).text(), /^<!doctype html>/i);
	const xhtml = await (await answerOf(body, { content, mode: 'xhtml' })).text();
	assert.match(xhtml, /<html xmlns="http:\/\/www\.w3\.org\/1999\/xhtml">/);
});

test('a page that does not say its charset is UTF-8 where it can be', async () => {
	assert.match(await mainOf(body, { content: '<body>café' }), /café/);
	assert.match(await mainOf(body, { content: Buffer.from('<body>café', 'latin1') }), /café/);
});

test('compressed pages are themed, and leave compressed', async () => {
	const answer = await answerOf(body, { content: gzipSync(CONTENT), fields: { 'content-encoding': 'gzip' } });
	assert.equal(answer.fields.get('content-encoding'), 'gzip');
});

test('the ETag of a themed page is not that of its content', async () => {
	const tags = [];
	for (const rules of [body, `${body}<drop css:content="#x"/>`]) {
		tags.push((await answerOf(rules, { fields: { etag: '"1"' } })).fields.get('etag'));
	}
	assert.match(tags[0] ?? '', /^W\/"1/);
	assert.notEqual(tags[0], tags[1]);
});

test('what scripts ask for is not themed', async () => {
	const layer = theme({ theme: { html: THEME } });
	const layered = layer(() => respond(200, { 'content-type': 'text/html' }, CONTENT));
	for (const fields of [
		{ 'hx-request': 'true' },
		{ 'x-requested-with': 'XMLHttpRequest' },
		{ 'sec-fetch-dest': 'empty' },
	]) {
		assert.equal(await (await ask(layered, { fields })).text(), CONTENT);
	}
	assert.match(await (await ask(layered, '/')).text(), /theme<\/main>/);
});

test('the prefix is put before every relative URL of the theme', async () => {
	const html = '<title>T</title><video poster="a.png"></video><p style="background:url(b.png)">';
	for (const [compat, expected] of [
		[null, /poster="\/t\/a\.png".*url\(\/t\/b\.png\)/],
		['diazo', /poster="a\.png"/],
	] as const) {
		const layer = theme({ theme: { html } }, { prefix: '/t', compat });
		assert.match(
			await (
				await ask(
					layer(() => respond(200, { 'content-type': 'text/html' }, CONTENT)),
					'/',
				)
			).text(),
			expected,
		);
	}
});

test('rules read no file outside their folder, and nothing from the network', async () => {
	assert.deepEqual(await codesOf('<replace css:theme="#m" href="../../../etc/passwd"/>'), [
		'outside-root with its place',
	]);
	const text = await mainOf('<replace css:theme-children="#m" href="http://127.0.0.1:1/"/>');
	assert.match(text, />theme</);
});

test('docs/theming.md has a row for each of these tests', () => {
	const own = readFileSync(new URL(import.meta.url), 'utf8');
	const tested = [...own.matchAll(/^test\('(.+?)', (?:async )?\(\)/gm)].map((match) => match[1] ?? '').slice(0, -1);
	const page = readFileSync(new URL('../../docs/theming.md', import.meta.url), 'utf8');
	assert.deepEqual(
		tableUnder(page, 'Otherwise than Diazo').map(([row = '']) => row),
		tested,
	);
});
