import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseHtml } from '../../../src/theme/tree/index.ts';
import { fragmentText, treeText } from './tree-text.ts';

/** As libxml2 2.9.14 answered. */
const DOCUMENTS: readonly (readonly [source: string, tree: string])[] = [
	['hello', 'html*(body*(p*("hello")))'],
	[' <b>x', 'html*(body*(b("x")))'],
	['<body>hello <b>x</b>', 'html*(body("hello " b("x")))'],
	['<!-- c --><p>a</p>x</p>', '!" c " html*(body*(p("a") "x"))'],
	['<?xml version="1.0"?><html>', '?xml "version=\\"1.0\\"?" html'],
	['<html><head><title>x</title></head><div>y', 'html(head(title("x")) body*(div("y")))'],
	[
		'<html> <head> <title>a</title> </head> <body> x </body> </html> ',
		'html(" " head(" " title("a") " ") " " body(" x ") " ")',
	],
	['<title>x</title>y<title>z</title>', 'html*(head*(title("x")) body*(p*("y") title("z")))'],
	['<html><head><nav>x</nav><title>t</title></head>', 'html(head(nav("x") title("t")))'],
	['<html><body>x</body>y</html>', 'html(body("x") p*("y"))'],
	['<html><body>x</body></html>y', 'html(body("x") html*(p*("y")))'],
	['<!doctype html><html><body>x</body></html><p>y</p>', 'html(body("x")) html*(p("y"))'],
	['<div>a<head><title>x</title></head>b', 'html*(body*(div("a" title("x") "b")))'],
	['<p>a<body class=x>b', 'html*(body*(p("a") "b"))'],
	['<li>a<li>b<ul><li>c</ul>d', 'html*(body*(li("a") li("b" ul(li("c")) "d")))'],
	['<table><tr><td>a<td>b<tr><td>c</table>d', 'html*(body*(table(tr(td("a") td("b")) tr(td("c"))) "d"))'],
	['<div/>a<p/>b', 'html*(body*(div "a" p "b"))'],
	['<div><span>a</div></span>b', 'html*(body*(div(span("a")) "b"))'],
	['<div><b>a</div>b', 'html*(body*(div(b("a")) "b"))'],
	['<b><div>a</b>c</div>', 'html*(body*(b(div("a" "c"))))'],
	['<textarea><b>x</textarea>', 'html*(body*(textarea(b("x"))))'],
	['<script><b>&amp;</script>', 'html*(head*(script("<b>&amp;")))'],
	['<frameset><frame></frameset>', 'html*(frameset(frame))'],
	['<p>a<!--b', 'html*(body*(p("a")))'],
	['<p>a<b ', 'html*(body*(p("a" b)))'],
	['<p>a<!x>b', 'html*(body*(p("a<!x>b")))'],
	['<a<b>x', 'html*(body*(a("x")))'],
];

describe('the libxml2 dialect', () => {
	for (const [source, tree] of DOCUMENTS) {
		it(`reads ${JSON.stringify(source)}`, () => {
			assert.equal(treeText(parseHtml(source, { dialect: 'libxml2' })), tree);
		});
	}

	it('implies nothing in a fragment', () => {
		assert.equal(
			fragmentText('a<title>b</title><body><p>c<div>d', { dialect: 'libxml2' }),
			'"a" title("b") p("c") div("d")',
		);
	});
});
