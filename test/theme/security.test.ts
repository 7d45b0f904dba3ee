/** What strangers can reach through a theme: no file outside its folder, no server nobody allowed, no expression of theirs. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type App, lint, type RawRequest, raw, respond } from '../../src/convention/index.ts';
import { ask } from '../../src/engine/memory/index.ts';
import { type RulesInput, ThemeError, type ThemeLogEntry, type ThemeOptions, theme } from '../../src/theme/index.ts';
import { ok, origin } from '../support/raw-server.ts';

const SECRET = 'the secret of the house';
const THEME =
	'<!DOCTYPE html><html><head><title>T</title></head><body><main id="main">theme</main><p id="note">n</p></body></html>';
const PAGE = '<title>Old</title><div id="content"><p>text</p></div>';
const HTML = { 'content-type': 'text/html; charset=utf-8' };

interface Folder {
	/** Of the theme, beside a file that is none of its. */
	readonly root: string;
	readonly outside: string;
	/** Writes a file of the theme; answers its path. */
	write(name: string, text: string): string;
}

function folder(t: TestContext): Folder {
	const top = mkdtempSync(join(tmpdir(), 'turnabout-security-'));
	t.after(() => rmSync(top, { recursive: true, force: true }));
	const root = join(top, 'theme');
	const outside = join(top, 'outside.html');
	mkdirSync(root);
	writeFileSync(outside, `<p>${SECRET}</p>`);
	const write = (name: string, text: string): string => {
		writeFileSync(join(root, name), text);
		return join(root, name);
	};
	write('theme.html', THEME);
	return { root, outside, write };
}

const xml = (rules: string, doctype = ''): string =>
	`${doctype}<rules xmlns="http://namespaces.plone.org/diazo" xmlns:css="http://namespaces.plone.org/diazo/css" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:xi="http://www.w3.org/2001/XInclude"><theme href="theme.html"/><replace css:theme-children="#main" css:content-children="#content"/>${rules}</rules>`;

interface Themed {
	readonly app: App;
	readonly log: ThemeLogEntry[];
	/** What the app behind was asked for. */
	readonly asked: RawRequest[];
}

function themed(t: TestContext, source: string | RulesInput, options: ThemeOptions = {}, content = PAGE): Themed {
	const log: ThemeLogEntry[] = [];
	const asked: RawRequest[] = [];
	const layer = theme(source, { watch: false, ...options, log: (entry) => log.push(entry) });
	t.after(() => layer.close());
	const app: App = (request) => {
		const message = raw(request);
		asked.push(message);
		const path = message.target.split('?', 1)[0];
		if (path === '/secret') return respond(200, HTML, `<b>${SECRET}</b>`);
		if (path === '/breaks') return respond(200, HTML, '</main></div></body><!-- <b>broke out');
		return respond(200, HTML, content);
	};
	return { app: lint(layer(app)), log, asked };
}

const textOf = async ({ app }: Themed, target = '/'): Promise<string> => (await ask(app, target)).text();

/** The rules are refused, and nothing in what is told, places and frames included, was read outside. */
function assertRefused(path: string, codes: RegExp, options: ThemeOptions = {}): void {
	assert.throws(
		() => theme(path, { watch: false, ...options }),
		(error) => {
			assert.ok(error instanceof ThemeError, String(error));
			assert.ok(
				error.diagnostics.some(({ code }) => codes.test(code)),
				error.diagnostics.map(({ code, message }) => `${code}: ${message}`).join('\n'),
			);
			assert.doesNotMatch(JSON.stringify(error.diagnostics), new RegExp(SECRET));
			return true;
		},
	);
}

test('external entities of rules are not read, and entities do not grow without end', (t) => {
	const { write, outside } = folder(t);
	const after = '<after css:theme-children="#note">&x;</after>';
	for (const declaration of [
		`<!ENTITY x SYSTEM "file://${outside}">`,
		'<!ENTITY x SYSTEM "../outside.html">',
		'<!ENTITY x PUBLIC "-//X//EN" "http://127.0.0.1:9/x">',
		`<!ENTITY % p SYSTEM "file://${outside}"> %p;`,
		'<!ENTITY x "&x;">',
	]) {
		const path = write('rules.xml', xml(after, `<!DOCTYPE rules [${declaration}]>`));
		assertRefused(path, /./);
	}
	const laughs = Array.from({ length: 12 }, (_, n) => `<!ENTITY x${n + 1} "${`&x${n};`.repeat(10)}">`).join('');
	const path = write('rules.xml', xml(after.replace('&x;', '&x12;'), `<!DOCTYPE rules [<!ENTITY x0 "x">${laughs}]>`));
	assertRefused(path, /./);
});

test('an external DTD is not fetched', (t) => {
	const { write, outside } = folder(t);
	const path = write('rules.xml', xml('', `<!DOCTYPE rules SYSTEM "file://${outside}">`));
	try {
		assert.doesNotMatch(theme(path, { watch: false }).plan.themes[0]?.bare ?? '', new RegExp(SECRET));
	} catch (error) {
		assert.ok(error instanceof ThemeError);
	}
});

test('no way out of the folder: paths, links, URLs', async (t) => {
	const { root, outside, write } = folder(t);
	symlinkSync(outside, join(root, 'link.html'));
	symlinkSync(join(root, '..'), join(root, 'up'));
	const ways = [
		'../outside.html',
		'../../../../../../etc/passwd',
		'%2e%2e/outside.html',
		'..%2foutside.html',
		'./x/../../outside.html',
		'link.html',
		'up/outside.html',
		outside,
		`file://${outside}`,
		`FILE://localhost${outside}`,
	];
	for (const way of ways) {
		for (const rules of [`<theme href="${way}" if-path="/x"/>`, `<xi:include href="${way}"/>`]) {
			assertRefused(write('rules.xml', xml(rules)), /outside-root|missing-file|network/);
		}
		// These may name paths of the app, or documents that rules have brought in; files they never are.
		for (const rule of [`href="${way}" content="//p"`, `content="document('${way}')//p"`]) {
			const path = write('rules.xml', xml(`<after css:theme-children="#note" ${rule}/>`));
			let text = '';
			try {
				text = await textOf(themed(t, path));
			} catch (error) {
				assert.ok(error instanceof ThemeError, String(error));
			}
			assert.doesNotMatch(text, new RegExp(`${SECRET}|root:`), rule);
		}
		const yaml = `theme: ${JSON.stringify(way)}\nrules:\n  - use: ${JSON.stringify(way)}\n`;
		assertRefused(write('rules.yaml', yaml), /outside-root|missing-file|network|unknown-language/);
	}
});

test('themes and rules are not fetched', async (t) => {
	const { write } = folder(t);
	const server = await origin(t, () => ok(THEME, 'Content-Type: text/html\r\n'));
	const at = `http://127.0.0.1:${server.port}/theme.html`;
	for (const href of [at, at.replace('http:', '')]) {
		assertRefused(write('rules.xml', xml(`<theme href="${href}" if-path="/x"/>`)), /network/);
		assertRefused(write('rules.xml', xml(`<xi:include href="${href}"/>`)), /network/);
	}
	assert.equal(server.requests.length, 0);
});

test('a document on another server is not fetched unless it is allowed, nor what an app redirects to', async (t) => {
	const server = await origin(t, () => ok(`<b>${SECRET}</b>`, 'Content-Type: text/html\r\n'));
	const at = `http://127.0.0.1:${server.port}`;
	const rules = (href: string): RulesInput => ({
		theme: { html: THEME },
		rules: [{ include: { themeChildren: '#note', href } }],
	});
	const closed = themed(t, rules(`${at}/x`));
	assert.match(await textOf(closed), /<p id="note">n<\/p>/);
	assert.match(closed.log[0]?.message ?? '', /list of what may be fetched/);
	const named = `http://private.example:${server.port}`;
	const upstream = { resolve: async (): Promise<string[]> => ['127.0.0.1'] };
	const guarded = themed(t, rules(`${named}/x`), { fragmentSources: { allow: [named], upstream } });
	assert.match(await textOf(guarded), /<p id="note">n<\/p>/);
	const redirected = theme(rules('/elsewhere'), { watch: false, fragmentSources: { maxRedirects: 3 }, log: () => {} });
	t.after(() => redirected.close());
	const app = redirected((request) =>
		raw(request).target === '/elsewhere' ? respond(302, { location: `${at}/x` }, '') : respond(200, HTML, PAGE),
	);
	assert.match(await (await ask(app)).text(), /<p id="note">n<\/p>/);
	assert.equal(server.requests.length, 0);
	const open = themed(t, rules(`${at}/x`), { fragmentSources: { allow: [at] } });
	assert.match(await textOf(open), new RegExp(SECRET));
});

test('a parameter is a value and never a part of an expression', async (t) => {
	const rules: RulesInput = {
		theme: { html: THEME },
		rules: [
			{ fill: { theme: '#main', content: '//p[@class = $wanted]' } },
			{ fill: { theme: '#note', content: 'xpath:string($wanted)' } },
			{ drop: { theme: 'title', when: { if: "$wanted = 'yes'" } } },
		],
	};
	const content = '<p class="a">mine</p><p class="b">not mine</p>';
	for (const wanted of [
		`x' or '1' = '1`,
		`x" or "1" = "1`,
		`a'] | //p[@class='b`,
		`'yes`,
		`yes' or 'a`,
		`document('/etc/passwd')`,
		`$path`,
		`{//p}`,
		`]]>"'<b>`,
	]) {
		for (const options of [
			{ parameters: { wanted } },
			{ parametersOf: () => ({ wanted }), parameters: { wanted: '' } },
		]) {
			const text = await textOf(themed(t, rules, options, content));
			assert.doesNotMatch(text, /mine/, wanted);
			assert.match(text, /<title>/);
			assert.ok(text.includes(`<p id="note">${wanted.replaceAll('<', '&lt;').replaceAll('>', '&gt;')}</p>`), text);
		}
	}
	assert.match(await textOf(themed(t, rules, { parameters: { wanted: 'a' } }, content)), />mine</);
});

test('the path, query and fields of a request are values, too', async (t) => {
	const rules: RulesInput = {
		theme: { html: THEME },
		rules: [
			{ fill: { theme: '#main', content: '//p[@class = $path or @class = $query_string or @class = $host]' } },
			{ drop: { theme: 'title', when: { header: { 'x-drop': 'yes' } } } },
		],
	};
	const one = themed(t, rules, {}, '<p class="b">not mine</p>');
	const target = "/'%20or%20'1'='1?' or //p or '".replaceAll(' ', '%20');
	const answer = await ask(one.app, { target, fields: { 'X-Drop': "yes' or 'a" } });
	const text = await answer.text();
	assert.doesNotMatch(text, /mine/);
	assert.match(text, /<title>/);
});

test("outside of development the query is the application's own", async (t) => {
	for (const what of ['off', 'only', 'debug']) {
		const one = themed(t, { theme: { html: THEME }, rules: [{ fill: { theme: '#main', content: '#content' } }] });
		const text = await textOf(one, `/?theme=${what}`);
		assert.match(text, /<main id="main"><p>text<\/p><\/main>/);
		assert.doesNotMatch(text, /turnabout:/);
		assert.equal(one.asked[0]?.target, `/?theme=${what}`);
	}
});

const INCLUDING = (what: string): string => `<div id="content"><p>${what}</p></div>`;
const FILL: RulesInput = { theme: { html: THEME }, rules: [{ fill: { theme: '#main', content: '#content' } }] };

test('includes in the content are text for others as long as nobody turns them on', async (t) => {
	for (const tag of ['<!--#include virtual="/secret" -->', '<esi:include src="/secret"></esi:include>']) {
		const one = themed(t, FILL, {}, INCLUDING(tag));
		const text = await textOf(one);
		assert.ok(text.includes(tag));
		assert.equal(one.asked.length, 1);
	}
});

test('turned on, the content can include of the app what its visitor could see, and of other servers what is allowed', async (t) => {
	const server = await origin(t, () => ok('<b>elsewhere</b>', 'Content-Type: text/html\r\n'));
	const at = `http://127.0.0.1:${server.port}`;
	const resolve = { esi: true, ssi: true };
	for (const [own, other] of [
		['<!--#include virtual="/secret" -->', '<!--#include virtual="HREF" -->'],
		['<esi:include src="/secret"/>', '<esi:include src="HREF"/>'],
	] as const) {
		const inside = themed(t, FILL, { resolve }, INCLUDING(own));
		const answer = await ask(inside.app, { target: '/', fields: { Cookie: 'who=visitor' } });
		assert.match(await answer.text(), new RegExp(`<p><b>${SECRET}</b></p>`));
		assert.equal(inside.asked[1]?.fields.get('cookie'), 'who=visitor');
		const allowed = { allow: [`${at}/public/`] };
		for (const [href, expected] of [
			[`${at}/private/x`, '<p></p>'],
			[`${at}/public/../private/x`, '<p></p>'],
			['http://169.254.169.254/latest/meta-data/', '<p></p>'],
			['file:///etc/passwd', '<p></p>'],
			[`${at}/public/x`, '<p><b>elsewhere</b></p>'],
		] as const) {
			const outside = themed(t, FILL, { resolve, fragmentSources: allowed }, INCLUDING(other.replace('HREF', href)));
			const text = await textOf(outside);
			assert.ok(text.includes(`<main id="main">${expected}</main>`), `${href}\n${text}`);
		}
	}
	assert.deepEqual([...new Set(server.requests.map(({ target }) => target))], ['/public/x']);
	assert.ok(server.requests.every((request) => (request.get('cookie') ?? null) === null));
});

test('what is included cannot break out of where it is put', async (t) => {
	const one = themed(t, FILL, { resolve: { esi: true, ssi: true } }, INCLUDING('<esi:include src="/breaks"/>'));
	const text = await textOf(one);
	assert.match(text, /<main id="main"><p>[^]*<\/p><\/main><p id="note">n<\/p><\/body><\/html>$/);
	assert.equal(text.split('</main>').length, 2);
});

test('a page that includes itself ends', async (t) => {
	const one = themed(
		t,
		FILL,
		{ resolve: { esi: true } },
		INCLUDING('<esi:include src="/"/><esi:include src="/again"/>'),
	);
	assert.match(await textOf(one), /<main id="main">/);
	assert.ok(one.asked.length < 64, String(one.asked.length));
});
