/** Fragments know nothing of where they stand: whatever they bring, and wherever they are included, the page stays whole. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Missed, resolveIncludes } from '../../../src/theme/includes/index.ts';
import { malformedHtml, randomFrom } from '../markup/malformed-html.ts';
import { bones, SKELETONS } from '../markup/skeletons.ts';
import { library } from './asking.ts';

const RUNS = process.env['TURNABOUT_FULL'] === undefined ? 3000 : 60_000;
const INCLUDE = '<esi:include src="/x"/>';
const both = { esi: true, ssi: true };

/** `html` with `fragment` where the include stands in it. */
async function filled(html: string, fragment: string, missed?: (href: string, why: Missed) => void): Promise<string> {
	const { fetch } = library({ '/x': fragment, '/y': '</div><li>y' });
	return resolveIncludes(html, fetch, { ...both, ...(missed === undefined ? {} : { missed }) });
}

/** The same with `@` for the include, in a page. */
const put = (around: string, fragment: string): Promise<string> => filled(around.replace('@', INCLUDE), fragment);

const KEPT: readonly (readonly [page: string, fragment: string])[] = [
	['<body><div>@</div>', "<ul class=a id='b'><LI>one<li>two</ul><p>x &amp; y</p>"],
	['<body><p>a</p>@<p>b</p>', '<div>x</div>'],
	['<ul><li>a</li>@</ul>', '<li>b</li>'],
	['<table><tbody>@<tr></tr></tbody></table>', '<tr><td>1</td></tr>'],
	['<select>@</select>', '<option>a</option>'],
	['<html><head>@</head><body></body></html>', '<meta a><script>a && b < c</script>'],
	['<html><head></head>@<body></body></html>', '<meta a>'],
	['<p>a</p>@', 'x &lt; y & z'],
	['<script>var a = @;</script>', '{"a": "<b>&amp;</b>"}'],
	['<a href="@">x</a>', '/y?a=1&b=2'],
	['<body></body>@</html>', '<p>x</p>'],
	['<p>a<br>@<img src=x></p>', '<b>x</b>'],
	['<p/>@<div></div>', 'a'],
	['<svg><g/>@</svg>', '<path d="M0" />'],
];

for (const [page, fragment] of KEPT) {
	test(`a fragment that fits stays as it is: ${page} ${fragment}`, async () => {
		assert.equal(await put(page, fragment), page.replace('@', fragment));
	});
}

const GUARDED: readonly (readonly [page: string, fragment: string, expected: string])[] = [
	['<p>a@b</p>', '<div>x</div>', '<p>axb</p>'],
	['<p>a@<div>b</div>', '<div>x</div>', '<p>ax<div>b</div>'],
	['<ul><li>a@</li></ul>', '<li>x</li>', '<ul><li>ax</li></ul>'],
	['<ul><li>a@<li>b</ul>', '</ul><li>x</li>', '<ul><li>ax<li>b</ul>'],
	[
		'<table><tr><td>@</td></tr></table>',
		'<tr><td>x</td></tr><div>y</div>',
		'<table><tr><td>x<div>y</div></td></tr></table>',
	],
	['<a href=b><span>@</span></a>', '<a href=c>x</a>', '<a href=b><span>x</span></a>'],
	['<select><option>@</option></select>', '<option>x</option>', '<select><option>x</option></select>'],
	['<button>@</button>', '<button>x</button>', '<button>x</button>'],
	['<h1>@</h1>', '<h2>x</h2>', '<h1>x</h1>'],
	['<form>@</form>', '<form><input></form>', '<form><input></form>'],
	['<body><div>@</div></body>', '<html><body class=x><p>y</body></html>', '<body><div><p>y</p></div></body>'],
	['<body><div>@</div></body>', '<plaintext>x', '<body><div>x</div></body>'],
	['<div>@</div>', '</div></div><i>x', '<div><i>x</i></div>'],
	['<html>@<head></head></html>', '<p>x', '<html><head></head></html>'],
	['<html><head></head>@<body>', '<p>x</p>', '<html><head></head><body>'],
	['<title>@</title>', 'a</title><b>x</b>', '<title>ax</title>'],
	['<script>a("@")</script>', '</script><!--<script>', '<script>a("<\\/script><\\!--<\\script>")</script>'],
	['<script><!-- <script> @ </script> </script>', '-->', '<script><!-- <script>  </script> </script>'],
	['<a href="@">', '"><b x="<', '<a href="&quot;>&lt;b x=&quot;&lt;">'],
	["<a href='x@'>", '\'"', "<a href='x&#39;\"'>"],
	['<a href=x@>', ' onclick=y', '<a href=x>'],
	['<a @>', 'onclick=y', '<a >'],
	['<p>1 <@', 'b>x', '<p>1 <&#98;>x'],
	['<style>a </@</style>', 'style><p>', '<style>a </</style>'],
	['<template>@<tr></tr></template>', '<div>x</div>', '<template><tr></tr></template>'],
];

for (const [page, fragment, expected] of GUARDED) {
	test(`a fragment does not break out: ${page} ${fragment}`, async () => {
		assert.equal(await put(page, fragment), expected);
	});
}

test("a fragment's own includes do not break out of it", async () => {
	assert.equal(await put('<ul><li>@</li></ul>', '<p><esi:include src="/y"/></p>'), '<ul><li><p>y</p></li></ul>');
});

test('whoever looks after the page is told what was left out', async () => {
	const told: string[] = [];
	await filled(`<a ${INCLUDE}>`, 'onclick=y', (href, { reason, detail }) => told.push(`${href} ${reason} ${detail}`));
	assert.deepEqual(told, ['/x place Nothing of it can stand in a tag, outside of quotes']);
});

test('a fragment that is too deep is left out, and nothing else', async () => {
	const told: string[] = [];
	const html = await filled(`1${INCLUDE}2`, '<div>'.repeat(600), (_href, { reason }) => told.push(reason));
	assert.deepEqual([html, told], ['12', ['too-large']]);
});

const seeds = fc.integer({ min: 0, max: 0x7fffffff });

test('no fragment breaks the page, wherever in it there is an include', async () => {
	const pages = fc.constantFrom(...SKELETONS.map(({ html }) => html));
	const anywhere = fc.double({ min: 0, max: 1, noNaN: true });
	await fc.assert(
		fc.asyncProperty(pages, seeds, fc.option(anywhere), fc.boolean(), async (page, seed, where, scripting) => {
			const fragment = malformedHtml(randomFrom(seed));
			const empty = page.replace('@', '');
			const at = where === null ? page.indexOf('@') : Math.floor(where * empty.length);
			const html = await filled(empty.slice(0, at) + INCLUDE + empty.slice(at), fragment);
			assert.equal(bones(html, scripting), bones(empty, scripting), html);
		}),
		{ numRuns: RUNS },
	);
});
