/** Expressions as rules of real themes have them, on a page as it is read. */
import { deepEqual } from 'node:assert/strict';
import { describe, test } from 'node:test';
import { KeyIndex, parseHtml, Watch } from '../../../src/theme/tree/index.ts';
import { compilePattern, compileXPath, type XPathValue } from '../../../src/theme/xpath/index.ts';
import { contextOf, shown } from './small-tree.ts';

const PAGE = `<!DOCTYPE html>
<html lang="en"><head><title>A – B</title><link rel="stylesheet" href="a.css"><style>p &gt; a {}</style><!--head--></head>
<body class="section-a  template-b" dir="ltr"><h1>Head &amp; shoulders</h1>
<div id="description"><b>What</b> it is</div>
<div id="pagecontent"><h1 id="first-heading">First</h1><p>One<p>Two
<div class="portlet" id="aaa">P1</div><div class="portlet x">P2</div></div>
<table id="details"><tr><td>k1<td><i>v1</i></tr><tr><td>k2<td>v2</table>
<h2>Sub</h2><img src="@@x"><img src="y"></body></html>`;

const ROWS: readonly (readonly [string, unknown])[] = [
	['/html/body/h1', ['Head & shoulders']],
	["/html/body/div[@id='description']", ['What it is']],
	["/html/body/div[@id='description']/node()", ['What', ' it is']],
	['/html/head/title/text()', ['A – B']],
	['/html/head/title', ['A – B']],
	['/html/head/link', ['<link>']],
	['/html/head/style', ['p &gt; a {}']],
	['/html/head/script', []],
	['/html/head/comment()', ['head']],
	['/html/@lang', ['en']],
	["//h1[@id='first-heading']/text()", ['First']],
	["//*[@class='portlet']", ['P1']],
	["not(//*[@class='portlet'])", false],
	["//*[@id='portlet-wrapper']", []],
	["/html/body/div[@id='pagecontent']/*[1]", ['First']],
	["/html/body/div/div[@id='aaa']", ['P1']],
	["//*[@id='aaa']", ['P1']],
	["//table[@id='details']//td[1]/text()", ['k1', 'k2']],
	["//table[@id='details']//td[2]/node()", ['v1', 'v2']],
	["str:replace(/html/head/title/text(), '–', ':')", 'A : B'],
	['$use_theme1', true],
	['not($use_theme1)', false],
	["$foo = 'bar'", true],
	["$foo = 'baz'", false],
	["starts-with($path, '/somewhere')", true],
	['true()', true],
	["//div[@class and contains(concat(' ', normalize-space(@class), ' '), ' x ')]", ['P2']],
	["boolean(//body[contains(concat(' ', normalize-space(@class), ' '), ' template-b ')])", true],
	["descendant-or-self::*[@id = 'aaa']", ['P1']],
	["descendant-or-self::h2/following-sibling::*[name() = 'img'][1]/@src", ['@@x']],
	["id('aaa')/following-sibling::div", ['P2']],
];

const variables: Record<string, XPathValue> = { use_theme1: true, foo: 'bar', path: '/somewhere/x' };

describe('on a page, with and without what was watched while it was read', () => {
	for (const [source, wanted] of ROWS) {
		test(source, () => {
			const xpath = compileXPath(source);
			const watch = new Watch();
			xpath.watch(watch);
			const index = new KeyIndex(watch);
			const tree = parseHtml(PAGE, { index });
			deepEqual(shown(xpath.evaluate(contextOf(tree, { variables, index: () => index }))), wanted);
			deepEqual(shown(xpath.evaluate(contextOf(parseHtml(PAGE), { variables }))), wanted);
		});
	}
});

test('patterns of inline templates', () => {
	const select = (source: string) => shown(compilePattern(source).select(contextOf(parseHtml(PAGE))));
	deepEqual(select('h2/text()'), ['Sub']);
	deepEqual(select("img/@src[not(contains(., '@@'))]"), ['y']);
	deepEqual(select("id('aaa')|h2"), ['P1', 'Sub']);
	deepEqual(select('tr/td[1]'), ['k1', 'k2']);
});
