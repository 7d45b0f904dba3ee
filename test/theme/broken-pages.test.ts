/** Real-looking pages, broken, through a whole theme: it stays whole, and streaming changes not a byte. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import { compileTheme } from '../../src/theme/compile-theme.ts';
import { PageRun, type Plan, type PlanOptions } from '../../src/theme/plan/index.ts';
import type { RulesInput } from '../../src/theme/rules/index.ts';
import { parseHtml } from '../../src/theme/tree/index.ts';
import { brokenPage } from './broken-pages.ts';
import { randomFrom } from './markup/malformed-html.ts';

const PAGES = process.env['TURNABOUT_FULL'] === '1' ? 100_000 : 10_000;
const FIRST_SEED = Number(process.env['TURNABOUT_SEED'] ?? 1);

/** Whatever has a `data-k` has to be found again; behind every hole there is one. */
const THEME = `<!DOCTYPE html>
<html data-k=1><head data-k=2><title data-k=3>T</title><meta data-k=4 name=a></head>
<body data-k=5><div data-k=6 id=toolbar></div><u-a data-k=7></u-a>
<header data-k=8><a data-k=9 id=logo href="/">x</a><ul data-k=10 id=nav><li data-k=11>Home</li></ul><form data-k=12 id=search><input data-k=13></form></header>
<p data-k=14 id=line>x</p><u-b data-k=15></u-b>
<table data-k=16><caption data-k=17 id=caption>x</caption><tbody data-k=18><tr data-k=19><td data-k=20 id=cell>c</td><td data-k=21>d</td></tr></tbody></table>
<div data-k=22 class=row><main data-k=23 id=main><h1 data-k=24>x</h1></main><aside data-k=25 id=left>x</aside><aside data-k=26 id=right></aside></div>
<h2 data-k=27 id=heading>x</h2><select data-k=28 id=pick><option data-k=29>o</option></select><button data-k=30 id=press>x</button>
<dl data-k=31><dt data-k=32>x</dt><dd data-k=33 id=term>x</dd></dl><section data-k=34><u-c data-k=35></u-c></section>
<footer data-k=36 id=foot><span data-k=37></span></footer><script data-k=38>let a = '</div>';</script></body></html>`;

const RULES: RulesInput = {
	theme: { html: THEME },
	rules: [
		{ append: { theme: 'title', content: 'head title', when: { path: '/never' } } },
		{ append: { theme: 'head', content: 'head > *' } },
		{ attrs: { theme: 'body', content: 'body', merge: ['class'], copy: ['id', 'style'] } },
		{ attrs: { theme: 'html', content: 'html', copy: ['lang'] } },
		{ fill: { theme: '#toolbar', content: '#portal-top' } },
		{ append: { theme: '#logo', content: '#portal-logo' } },
		{ append: { theme: '#nav', content: '#portal-globalnav' } },
		{ append: { theme: '#search', content: '#portal-searchbox' } },
		{ append: { theme: '#line', content: '#viewlet-above-content, .documentDescription' } },
		{ append: { theme: '#caption', content: '#portal-extras' } },
		{ append: { theme: '#cell', content: '#portal-extras', when: { content: '#f1' } } },
		{ prepend: { theme: '#main', content: '#content' } },
		{ fill: { theme: '#left', content: '#portal-column-one', children: false } },
		{ append: { theme: '#right', content: '#content-core > * > *' } },
		{ append: { theme: '#heading', content: '//h2' } },
		{ append: { theme: '#pick', content: 'select' } },
		{ append: { theme: '#press', content: '#portal-footer' } },
		{ append: { theme: '#term', content: '#portal-footer' } },
		{ prepend: { theme: '#foot', content: 'body' } },
		{ append: { theme: '#foot', content: '//text()[contains(., "item")]' } },
		{ before: { theme: '#left', html: '<p>In this section</p>', when: { content: '.portletNavigationTree' } } },
	],
};

/** What is done to the content on its way. */
const EDITS: NonNullable<RulesInput['rules']> = [
	{ drop: { content: '.edited' } },
	{ strip: { content: '.description, #f1 p' } },
	{ before: { content: 'article', html: '<hr>' } },
	{ replace: { contentChildren: '.tileHeadline', html: '<span>x</span>' } },
	{ attrs: { content: 'a', drop: ['title'] } },
];

function planOf(edited: boolean, options: PlanOptions = {}): Plan {
	return compileTheme({ ...RULES, rules: [...(RULES.rules ?? []), ...(edited ? EDITS : [])] }, options).plan;
}

/** Streams from the first byte; may stream where ids are unique; edited; edited by rules that look ahead to nothing. */
const plans = {
	plain: planOf(false),
	edited: planOf(true),
	unique: planOf(false, { uniqueIds: true }),
	'unique, edited': planOf(true, { uniqueIds: true }),
};
const facts = { path: '/', query: '', host: 'a', scheme: 'http', parameters: {}, header: () => null };

/** The theme's elements in order, each with the theme's elements around it and its name. */
function skeletonOf(html: string, scriptingEnabled: boolean): string {
	const found: string[] = [];
	const visit = (node: DefaultTreeAdapterTypes.Node, around: string): void => {
		let here = around;
		if ('attrs' in node) {
			const mark = node.attrs.find(({ name }) => name === 'data-k')?.value;
			here = `${around}/${node.tagName}`;
			if (mark !== undefined) {
				here += mark;
				found.push(here);
			}
		}
		if ('childNodes' in node) for (const child of node.childNodes) visit(child, here);
	};
	visit(parse(html, { scriptingEnabled }), '');
	return found.join('\n');
}

const whole = new Map(
	[true, false].map((scripting) => [scripting, skeletonOf(plans.plain.themes[0]?.bare ?? '', scripting)]),
);

function buffered(plan: Plan, content: string): string {
	const run = new PageRun(plan, facts);
	const early = run.write(content);
	return early + run.end().text;
}

function streamed(plan: Plan, content: string, next: () => number): { html: string; early: number } {
	const run = new PageRun(plan, facts);
	const most = next() < 0.2 ? 3 : 4 + next() * 500;
	let html = '';
	for (let at = 0; at < content.length; ) {
		const to = at + 1 + Math.floor(next() * most);
		html += run.write(content.slice(at, to));
		at = to;
	}
	const early = html.length;
	return { html: html + run.end().text, early };
}

function hasUniqueIds(content: string): boolean {
	const tree = parseHtml(content);
	const seen = new Set<string>();
	for (let node = 1; node < tree.count; node++) {
		const id = tree.isElement(node) ? tree.attribute(node, 'id') : null;
		if (id === null) continue;
		if (seen.has(id)) return false;
		seen.add(id);
	}
	return true;
}

const told = (seed: number, plan: string, content: string): string =>
	`seed ${seed}, ${plan} (TURNABOUT_SEED=${seed} to begin there)\n${JSON.stringify(content)}`;

test(`${PAGES} broken pages from seed ${FIRST_SEED} on leave every element of the theme where it is`, () => {
	assert.equal(whole.get(true)?.split('\n').length, 38);
	const names = Object.keys(plans) as (keyof typeof plans)[];
	for (let seed = FIRST_SEED; seed < FIRST_SEED + PAGES; seed++) {
		const next = randomFrom(seed);
		const content = brokenPage(next);
		const name = names[Math.floor(next() * names.length)] as keyof typeof plans;
		const html = buffered(plans[name], content);
		const scripting = next() < 0.5;
		assert.equal(
			skeletonOf(html, scripting),
			whole.get(scripting),
			told(seed, `${name}, scripting ${scripting}`, content),
		);
	}
});

test(`${PAGES / 2} broken pages in random pieces become what they are in one, byte for byte`, () => {
	let early = 0;
	for (let seed = FIRST_SEED; seed < FIRST_SEED + PAGES / 2; seed++) {
		const next = randomFrom(seed);
		const content = brokenPage(next);
		const unique = next() < 0.5 && hasUniqueIds(content);
		const name = `${unique ? 'unique' : 'plain'}${next() < 0.3 ? ', edited' : ''}`.replace(
			'plain, edited',
			'edited',
		) as keyof typeof plans;
		const pieces = streamed(plans[name], content, next);
		assert.equal(pieces.html, buffered(plans[name], content), told(seed, name, content));
		if (pieces.early > 0) early++;
	}
	assert.ok(early > PAGES / 20, `${early} pages began to leave before their end`);
});
