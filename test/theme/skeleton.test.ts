/** Whole pages, broken in every way that a seed can think of: the theme stays whole, and streaming changes not a byte. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type DefaultTreeAdapterMap, parse } from 'parse5';
import { compileTheme } from '../../src/theme/compile-theme.ts';
import { type PageFetch, resolveIncludes } from '../../src/theme/includes/index.ts';
import { PageRun } from '../../src/theme/plan/index.ts';

const PAGES = process.env['TURNABOUT_FULL'] === '1' ? 100_000 : 10_000;
const path = mkdtempSync(join(tmpdir(), 'turnabout-skeleton-'));
after(() => rmSync(path, { recursive: true, force: true }));
writeFileSync(
	join(path, 'theme.html'),
	`<!DOCTYPE html><html id="k0"><head id="k1"><title>T</title><meta id="k2" name="a"></head><body id="k3"><div id="k4"><ul id="k5"><li id="k6">x</li></ul>
<p id="k7">p</p><table id="k8"><tbody><tr><td id="k9">c</td></tr></tbody></table><form id="k10"><div id="k11">f</div></form><aside id="k12">a</aside></div><footer id="k13">end</footer></body></html>`,
);
writeFileSync(
	join(path, 'rules.yaml'),
	`theme: theme.html
rules:
  - fill: { theme: title, content: "head title" }
  - append: { theme: head, content: "head > meta, head > script" }
  - fill: { theme: "#k6", content: "#b" }
  - fill: { theme: "#k7", content: "#b" }
  - fill: { theme: "#k9", content: "#content" }
  - fill: { theme: "#k11", content: "#content" }
  - fill: { theme: "#k12", content: body }
  - drop: { content: ".x" }
  - strip: { content: i }
`,
);
const { plan } = compileTheme(join(path, 'rules.yaml'), { uniqueIds: true });
const facts = { path: '/', query: '', host: 'a', scheme: 'http', parameters: {}, header: () => null };

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
function random(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
}

const NAMES =
	'div p ul li dl dt a b i form button select option table tr td tbody caption svg math title style script textarea template h1 h2 section body html head frameset plaintext noscript ruby rt nobr'.split(
		' ',
	);
const ODD = [
	'<!--',
	'-->',
	'<![CDATA[',
	']]>',
	'<',
	'</',
	'</ >',
	'<?x',
	'"',
	"'",
	'&lt;',
	'&',
	'<!doctype html>',
	'\0',
];

function malformed(next: () => number): string {
	const pick = (list: readonly string[]): string => list[Math.floor(next() * list.length)] as string;
	let html = next() < 0.8 ? '<html><head><title>t</title><meta name=m></head><body>' : '';
	const pieces = 3 + Math.floor(next() * 25);
	const [content, b] = [Math.floor(next() * pieces), Math.floor(next() * pieces)];
	for (let piece = 0; piece < pieces; piece++) {
		if (piece === content) html += '<div id="content">';
		if (piece === b) html += '<div id="b" class="y">';
		const kind = next();
		if (kind < 0.45) html += `<${pick(NAMES)}${next() < 0.2 ? ' class="x"' : ''}${next() < 0.05 ? ' a="' : ''}>`;
		else if (kind < 0.75) html += `</${pick(NAMES)}>`;
		else if (kind < 0.9) html += `text ${piece}`;
		else html += pick(ODD);
	}
	return html;
}

type Node = DefaultTreeAdapterMap['node'];
type Element = DefaultTreeAdapterMap['element'];

/** The theme's elements in order, each with the theme's elements around it. Content has no such ids. */
function skeletonOf(html: string): string {
	const found: string[] = [];
	const visit = (node: Node, around: string): void => {
		const id = (node as Element).attrs?.find(({ name }) => name === 'id')?.value ?? '';
		const here = /^k\d+$/.test(id) ? `${around}/${id}` : around;
		if (here !== around) found.push(here);
		for (const child of (node as Element).childNodes ?? []) visit(child, here);
	};
	visit(parse(html), '');
	return found.join(' ');
}

const whole = skeletonOf(plan.themes[0]?.bare ?? '');

function themedWhole(content: string): string {
	const run = new PageRun(plan, facts);
	const early = run.write(content);
	return early + run.end().text;
}

test(`${PAGES} malformed pages leave the theme whole`, () => {
	assert.equal(whole.split(' ').length, 14);
	for (let seed = 1; seed <= PAGES; seed++) {
		const content = malformed(random(seed));
		assert.equal(skeletonOf(themedWhole(content)), whole, `seed ${seed}: ${JSON.stringify(content)}`);
	}
});

test('a page that comes in pieces becomes the same, byte for byte', () => {
	for (let seed = 1; seed <= PAGES / 5; seed++) {
		const next = random(seed);
		const content = malformed(next);
		const run = new PageRun(plan, facts);
		let out = '';
		for (let at = 0; at < content.length; ) {
			const to = at + 1 + Math.floor(next() * 40);
			out += run.write(content.slice(at, to));
			at = to;
		}
		assert.equal(out + run.end().text, themedWhole(content), `seed ${seed}: ${JSON.stringify(content)}`);
	}
});

const INCLUDE = '<esi:include src="/x"/>';

/** `text` with an include between two of its tokens, or at any place but in an id and in the marks of a comment. */
function withInclude(text: string, next: () => number, anywhere: boolean): string {
	const places = [...text.matchAll(anywhere ? /(?<!id="k?\d*|[-!])(?!")/g : /(?<=>)|(?=<)|$/g)].map(
		({ index }) => index,
	);
	const at = places[Math.floor(next() * places.length)] as number;
	return text.slice(0, at) + INCLUDE + text.slice(at);
}

function resolved(page: string, fragment: string): string | Promise<string> {
	const fetch: PageFetch = async () => ({ ok: true, text: fragment, type: 'text/html', status: 200 });
	return resolveIncludes(page, fetch, { esi: true, ssi: true });
}

test('malformed fragments leave it whole, wherever content or theme include them', async () => {
	for (let seed = 1; seed <= PAGES / 4; seed++) {
		const next = random(seed);
		const content = malformed(next);
		// Includes are read as text: one of the content's must not be what ends a quote or a comment.
		const sound = content.replace(/ a="|<\/?(?=text)|<(?!\/?[a-z])[!?]?/g, '');
		const inContent = seed % 2 === 0;
		const page = inContent
			? themedWhole(withInclude(sound, next, false))
			: withInclude(themedWhole(content), next, true);
		const html = await resolved(page, malformed(next));
		assert.equal(skeletonOf(html), whole, `seed ${seed}: ${JSON.stringify(page)}`);
	}
});
