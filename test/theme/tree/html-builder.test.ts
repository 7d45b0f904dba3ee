import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MarkupLimit, parseHtml } from '../../../src/theme/tree/index.ts';
import { fragmentText, treeText } from './tree-text.ts';

const htmlText = (source: string): string => treeText(parseHtml(source));

/** What browsers make of it, or something near. */
const FRAGMENTS: readonly (readonly [source: string, tree: string])[] = [
	['a<br>b', '"a" br "b"'],
	['<p>a<div>b</div>c', 'p("a") div("b") "c"'],
	['<p>a<p>b', 'p("a") p("b")'],
	['<p><button><div>a</div></button></p>', 'p(button(div("a")))'],
	['<ul><li>a<li>b<ul><li>c</ul><li>d</ul>', 'ul(li("a") li("b" ul(li("c"))) li("d"))'],
	['<ul><li><div>a<li>b</ul>', 'ul(li(div("a")) li("b"))'],
	['<dl><dt>a<dd>b<p>c<dt>d</dl>', 'dl(dt("a") dd("b" p("c")) dt("d"))'],
	[
		'<select><option>a<optgroup><option>b<option>c<optgroup></select>',
		'select(option("a") optgroup(option("b") option("c")) optgroup)',
	],
	['<table><tr><td>a<td>b<tr><th>c</table>d', 'table(tr(td("a") td("b")) tr(th("c"))) "d"'],
	[
		'<table><caption>a<colgroup><col><thead><tr><td>b<tbody><tr><td>c</table>',
		'table(caption("a") colgroup(col) thead(tr(td("b"))) tbody(tr(td("c"))))',
	],
	['<table><tr><td><table><tr><td>a</table>b<td>c</table>', 'table(tr(td(table(tr(td("a"))) "b") td("c")))'],
	['<ruby>a<rt>b<rp>c</ruby>', 'ruby("a" rt("b") rp("c"))'],
	['<h1>a<h2>b</h2>', 'h1("a") h2("b")'],
	['<a>b<a>c</a>', 'a("b") a("c")'],
	['<div><span>a</div>b', 'div(span("a")) "b"'],
	['<span><div>a</span>b</div>', 'span(div("a" "b"))'],
	['<td><div>a</td>b', 'td(div("a")) "b"'],
	['a</b>c', '"a" "c"'],
	['<script>a<b>&amp;</script>c', 'script("a<b>&amp;") "c"'],
	['<script><!--<script></script>--></script>a', 'script("<!--<script></script>-->") "a"'],
	['<script><!--></script>a', 'script("<!-->") "a"'],
	['<script>a</scripty></SCRIPT >b', 'script("a</scripty>") "b"'],
	['<style></style>a', 'style "a"'],
	['<textarea><b>&lt;</textarea>', 'textarea("<b><")'],
	['<plaintext>a</plaintext>', 'plaintext("a</plaintext>")'],
	['<iframe><p></iframe>', 'iframe("<p>")'],
	['<!-- a --><!--><!---><!--b--!>c', '!" a " !"" !"" !"b" "c"'],
	['<!a><?b?></ c></>d', '!"a" !"?b?" !" c" "d"'],
	['<svg><path/><g/><title><p>a</p></title><style><g></style></svg>', 'svg(path g title(p("a")) style(g))'],
	['<svg><![CDATA[<a>&amp;]]></svg><![CDATA[b]]>', 'svg("<a>&amp;") !"[CDATA[b]]"'],
	['<svg><g><p>a</p></svg>', 'svg(g) p("a")'],
	['<svg><foreignObject><p/>a</foreignObject></svg>', 'svg(foreignobject(p("a")))'],
	['<div/>a', 'div("a")'],
	['<DIV CLASS=A>a</dIv >b', 'div[CLASS=A]("a") "b"'.replace('CLASS', 'class')],
	['1 < 2 <3 a<', '"1 < 2 <3 a<"'],
	['a<b', '"a"'],
	['a<!--b', '"a" !"b"'],
	['<a b="', ''],
	['a\r\nb\rc', '"a\\nb\\nc"'],
	['<x-y>a</x-y>', 'x-y("a")'],
	['<head>a</head><body>b', '"a" "b"'],
];

const DOCUMENTS: readonly (readonly [source: string, tree: string])[] = [
	['', ''],
	['a', 'html*(body*("a"))'],
	[' \n<p>a', 'html*(body*(p("a")))'],
	['<!doctype html> <!-- c --><title>a</title>b', '!" c " html*(head*(title("a")) body*("b"))'],
	['<html><head><title>a</title></head><body>b</body></html>\n', 'html(head(title("a")) body("b"))'],
	['<html> <head> <meta> </head> <body> a </body> </html> ', 'html(" " head(" " meta " ") " " body(" a ") " ")'],
	['<html><body>a</html>', 'html(body("a"))'],
	['<head><noscript><link></noscript><p>a', 'html*(head(noscript(link)) body*(p("a")))'],
	['<head></head><link><p>a', 'html*(head link body*(p("a")))'],
	['<body>a</body> <!-- c --></html><!-- d -->', 'html*(body("a") " " !" c ") !" d "'],
	['<body>a</body> <!-- c --><p>b', 'html*(body("a" " " !" c " p("b")))'],
	['<html><body>a</body></html><!-- c -->b', 'html(body("a" !" c " "b"))'],
	['<html a=1><html a=2 c=3><p>b<body d=4>e', 'html[a=1][c=3](body*[d=4](p("b" "e")))'],
	['<html a=1><p>b<html c=3><body d=4><body e=5>', 'html[a=1](body*[d=4](p("b")))'],
	['<body a=1>b<body a=2 c=3>', 'html*(body[a=1]("b"))'],
	['<frameset><frame></frameset>', 'html*(frameset(frame))'],
	['<p>a<head>b</head>', 'html*(body*(p("a" "b")))'],
];

describe('the html dialect', () => {
	for (const [source, tree] of FRAGMENTS) {
		it(`reads the fragment ${JSON.stringify(source)}`, () => assert.equal(fragmentText(source), tree));
	}
	for (const [source, tree] of DOCUMENTS) {
		it(`reads the document ${JSON.stringify(source)}`, () => assert.equal(htmlText(source), tree));
	}

	it('keeps the doctype as a place, not as a node', () => {
		const tree = parseHtml(' <!DOCTYPE html>\n<p>');
		assert.equal(tree.source.slice(tree.doctypeStart, tree.doctypeEnd), '<!DOCTYPE html>');
	});

	it('knows where tags stand', () => {
		const tree = parseHtml('<p>a<b>c</b></p>', { fragment: true });
		const p = 1;
		assert.deepEqual([tree.starts[p], tree.openEnds[p], tree.closeStarts[p], tree.ends[p]], [0, 3, 12, 16]);
	});

	it('puts a left out end tag where it would stand', () => {
		const tree = parseHtml('<p>a<p>b', { fragment: true });
		assert.deepEqual([tree.closeStarts[1], tree.ends[1]], [4, 4]);
	});
});

describe('limits', () => {
	it('end what is nested too deeply', () => {
		assert.throws(
			() => parseHtml('<div>'.repeat(513), { fragment: true }),
			(error) => error instanceof MarkupLimit && error.limit === 'depth',
		);
		assert.equal(parseHtml('<div>'.repeat(512), { fragment: true }).count, 513);
	});

	it('end what has too many nodes', () => {
		const read = (count: number) => parseHtml('<br>'.repeat(count), { fragment: true, maxNodes: 9 });
		assert.equal(read(9).count, 10);
		assert.throws(
			() => read(10),
			(error) => error instanceof MarkupLimit && error.limit === 'nodes',
		);
	});
});
