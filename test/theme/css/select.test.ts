import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileCss } from '../../../src/theme/css/index.ts';
import { KeyIndex, parseHtml, type Tree, Watch } from '../../../src/theme/tree/index.ts';

const PAGE = `<!DOCTYPE html>
<html lang="de-AT" class="js"><head><title>T</title><meta name="a"><link rel="x y"></head>
<body class="one two" id="Top">
<h1 class="title">Hello</h1>
<ul id="list"><li class="a">1</li><li class="b A">2</li><!-- - --><li class="a b" lang="en">3</li><li>4 <b></b></li></ul>
<p class="lead">x <a href="/y" data-k="one two-three">l</a></p><span></span><p>y</p><p> </p>
<div id="form"><fieldset disabled><legend><input id="i1"></legend><legend><input id="i2"></legend><button id="b1"></button></fieldset>
<input type="CHECKBOX" checked id="c1"><select disabled id="s"><optgroup disabled><option id="o1"><option selected id="o2"></optgroup></select></div>
<svg><use xlink:href="#g"></use></svg>
</body></html>`;

const tree = parseHtml(PAGE);

/** Name, id or text of what was selected. */
function shown(tree: Tree, node: number): string {
	const id = tree.attribute(node, 'id');
	if (id !== null) return `#${id}`;
	return `${tree.names[node] ?? ''}${tree.names[node] === 'li' ? tree.stringValue(node).trim() : ''}`;
}

const select = (source: string): string[] =>
	compileCss(source)
		.select(tree, null)
		.map((node) => shown(tree, node));

const CASES: readonly (readonly [string, string])[] = [
	['title', 'title'],
	['TITLE', 'title'],
	['#list', '#list'],
	['#LIST', ''],
	['.a', 'li1 li3'],
	['.A', 'li2'],
	['li.a.b', 'li3'],
	['body.two', '#Top'],
	['ul > *', 'li1 li2 li3 li4'],
	['html li.b', 'li2 li3'],
	['head > meta, head link', 'meta link'],
	['li:first-child, li, .a', 'li1 li2 li3 li4'],
	['.a + .b', 'li2'],
	['.b + .b', 'li3'],
	['.b ~ li', 'li3 li4'],
	['.a ~ .a', 'li3'],
	['h1 + ul > .a ~ li', 'li2 li3 li4'],
	['p ~ p', 'p p'],
	['p + p', 'p'],
	['[rel]', 'link'],
	['[rel~=y]', 'link'],
	['[rel~="x y"]', ''],
	['[rel="x y"]', 'link'],
	['[lang|=de]', 'html'],
	['[href^="/"]', 'a'],
	['[href$=y]', 'a'],
	['[data-k*="o-t"]', 'a'],
	['[data-k*=""], [data-k^=""], [data-k~=""]', ''],
	['[data-k="ONE TWO-THREE"]', ''],
	['[data-k="ONE TWO-THREE" i]', 'a'],
	['[DATA-K]', 'a'],
	['li[class!=a]', 'li2 li3 li4'],
	['[xlink|href]', 'use'],
	['[*|href]', 'a use'],
	['li:not(.a)', 'li2 li4'],
	['li:not(.a, .b)', 'li4'],
	['li:not(ul > .a)', 'li2 li4'],
	['li:is(.a, :last-child)', 'li1 li3 li4'],
	[':where(h1, title)', 'title h1'],
	['ul:has(b)', '#list'],
	['li:has(> b)', 'li4'],
	['li:has(+ .a)', 'li2'],
	['li:has(~ .b)', 'li1 li2'],
	['body:has(ul b) h1', 'h1'],
	['body:has(b ul) h1', ''],
	['li:first-child', 'li1'],
	['li:last-child', 'li4'],
	['b:only-child', 'b'],
	['li:nth-child(2)', 'li2'],
	['li:nth-child(odd)', 'li1 li3'],
	['li:nth-child(2n + 2)', 'li2 li4'],
	['li:nth-child(-n+2)', 'li1 li2'],
	['li:nth-child(n+3)', 'li3 li4'],
	['li:nth-child(2 of .a)', 'li3'],
	['li:nth-last-child(1 of .a, .b)', 'li3'],
	['li:nth-last-child(2)', 'li3'],
	['body > p:nth-of-type(2)', 'p'],
	['p:first-of-type', 'p'],
	['body > :last-of-type', 'h1 #list span p #form svg'],
	['p:nth-last-of-type(3) a', 'a'],
	['body > :only-of-type', 'h1 #list span #form svg'],
	['span:empty', 'span'],
	['body > p:empty', ''],
	[':root', 'html'],
	['li:contains("3")', 'li3'],
	['li:contains(4)', 'li4'],
	[':link', 'a'],
	[':checked', '#c1 #o2'],
	[':disabled', 'fieldset #i2 #b1 #s optgroup #o1 #o2'],
	['input:enabled', '#i1 #c1'],
	['li:lang(en)', 'li3'],
	['li:lang(de)', 'li1 li2 li4'],
	['h1:lang(at)', ''],
	['#list\\:x', ''],
	['.\\61', 'li1 li3'],
	['*|title', 'title'],
];

for (const [source, expected] of CASES) {
	test(`${source} selects ${expected === '' ? 'nothing' : expected}`, () => {
		assert.equal(select(source).join(' '), expected);
	});
}

test('every selector selects the same through an index', () => {
	const all = CASES.map(([source]) => compileCss(source));
	const watch = new Watch();
	for (const css of all) css.watch(watch);
	const index = new KeyIndex(watch);
	const indexed = parseHtml(PAGE, { index });
	for (const css of all) assert.deepEqual(css.select(indexed, index), css.select(tree, null), css.source);
});

test('below a root only what stands below it is selected, with ancestors around it counting', () => {
	const watch = new Watch();
	const css = compileCss('.js .b, ul, b');
	css.watch(watch);
	const index = new KeyIndex(watch);
	const indexed = parseHtml(PAGE, { index });
	const [list = 0] = compileCss('#list').select(indexed, null);
	for (const by of [index, null]) {
		assert.deepEqual(
			css.select(indexed, by, list).map((node) => shown(indexed, node)),
			['li2', 'li3', 'b'],
		);
	}
	assert.deepEqual(compileCss('.title').select(indexed, index, list), []);
});

test('what was not watched is looked for in the whole tree', () => {
	assert.equal(compileCss('#list').select(tree, new KeyIndex(new Watch())).length, 1);
});

test('text and comments never match', () => {
	const css = compileCss('*');
	for (let node = 0; node < tree.count; node++) assert.equal(css.matches(tree, node), tree.isElement(node));
});

test('the branches of a list are selectors of their own', () => {
	const css = compileCss('h1, li:is(.a, .b) , [title="a,b"]');
	assert.deepEqual(
		css.branches.map(({ source }) => source),
		['h1', 'li:is(.a, .b)', '[title="a,b"]'],
	);
	assert.equal(css.branches[1]?.select(tree, null).length, 3);
	const [only] = compileCss('h1').branches;
	assert.equal(only?.branches[0], only);
});

test('an index is asked for the id, else the class, else the name of the last compound, and for the id or class around it', () => {
	const watch = new Watch();
	compileCss('div#a.b, #x p.c.d, section > article, *, [id]').watch(watch);
	assert.deepEqual([[...watch.ids], [...watch.classes], [...watch.names]], [['a', 'x'], ['c'], ['article']]);
});
