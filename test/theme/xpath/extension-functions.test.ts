import { deepEqual, equal, match, notEqual, throws } from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compileXPath, XPathError } from '../../../src/theme/xpath/index.ts';
import { contextOf, shown, smallTree } from './small-tree.ts';

const tree = smallTree('<html><title>a – b</title><p>3</p><p>x</p><p>3</p><b>7</b><b>2</b></html>');

const ROWS: readonly (readonly [string, unknown])[] = [
	["str:replace(//title, '–', ':')", 'a : b'],
	["str:replace('aXbXc', 'X', '$&')", 'a$&b$&c'],
	["str:replace('abc', //none, 'x')", 'abc'],
	["str:replace('3x2', //p, //b)", '722'],
	["str:replace('ab', '', '-')", '-a-b'],
	["str:tokenize(' a b,c ')", ['a', 'b,c']],
	["str:tokenize('a-b,c', ',-')", ['a', 'b', 'c']],
	["str:tokenize('ab', '')", ['a', 'b']],
	["str:split('a, b, c', ', ')", ['a', 'b', 'c']],
	["name(str:split('a b'))", 'token'],
	["str:tokenize('x y')[2]", ['y']],
	['str:concat(//p)', '3x3'],
	["str:padding(5, '+-')", '+-+-+'],
	["str:align('ab', '.....', 'center')", '.ab..'],
	["str:align('ab', '.....', 'right')", '...ab'],
	["str:align('abcdef', '...')", 'abc'],
	["str:encode-uri('a b/ü', false())", 'a%20b/%C3%BC'],
	["str:encode-uri('a b/ü', true())", 'a%20b%2F%C3%BC'],
	["str:decode-uri('%C3%BC%20')", 'ü '],
	["str:decode-uri('%')", ''],
	['set:difference(//p, //p[1])', ['x', '3']],
	["set:intersection(//p, //p[. = 'x'] | //b)", ['x']],
	['set:distinct(//p)', ['3', 'x']],
	['set:has-same-node(//p, //b)', false],
	['set:leading(//p, //p[2])', ['3']],
	['set:trailing(//p, //p[2])', ['3']],
	['set:leading(//p, //b)', []],
	['set:leading(//p, //none)', ['3', 'x', '3']],
	['math:max(//b)', 7],
	['math:min(//p)', Number.NaN],
	['math:highest(//b)', ['7']],
	['math:lowest(//b)', ['2']],
	['math:abs(-3)', 3],
	['math:power(2, 10)', 1024],
	["math:constant('PI', 3)", 3.14],
	["regexp:test('Hello', '^h', 'i')", true],
	["re:test('Hello', '^h')", false],
	["regexp:match('a1b22', '[0-9]+', 'g')", ['1', '22']],
	["regexp:match('k=v', '(\\w)=(\\w)')", ['k=v', 'k', 'v']],
	["regexp:replace('aaa', 'a', 'g', 'b')", 'bbb'],
	["regexp:replace('aaa', 'a', '', 'b')", 'baa'],
	["exsl:object-type('a')", 'string'],
	['exsl:object-type(//p)', 'node-set'],
	["exsl:node-set('a')", ['a']],
	['exsl:node-set(//b)', ['7', '2']],
	["date:year('2024-02-29T10:11:12Z')", 2024],
	["date:month-name('2024-02-29')", 'February'],
	["date:day-name('2024-02-29')", 'Thursday'],
	["date:day-in-year('2024-02-29')", 60],
	["date:week-in-year('2021-01-03')", 53],
	["date:minute-in-hour('2024-02-29T10:11:12Z')", 11],
	["date:time('2024-02-29T10:11:12Z')", '10:11:12Z'],
	["date:date('2024-02-29T10:11:12Z')", '2024-02-29Z'],
	["date:leap-year('2024')", true],
	["date:year('soon')", Number.NaN],
	["format-number(1234567.891, '#,##0.00')", '1,234,567.89'],
	["format-number(0.5, '0%')", '50%'],
	["format-number(-5, '0.0')", '-5.0'],
	["format-number(-5, '0;(0)')", '(5)'],
	["format-number(5, '000')", '005'],
	["format-number(0, '#')", '0'],
	["format-number(1.5, '0.0##')", '1.5'],
	["system-property('xsl:version')", '1.0'],
	["element-available('xsl:for-each')", true],
	["element-available('xsl:fly')", false],
	["function-available('str:replace')", true],
	["function-available('str:fly')", false],
	["unparsed-entity-uri('x')", ''],
	['name(current())', 'p'],
	['count(//p[. = current()])', 2],
];

describe('functions beyond XPath', () => {
	for (const [source, wanted] of ROWS) {
		test(source, () => deepEqual(shown(compileXPath(source).evaluate(contextOf(tree, { node: 4 }))), wanted));
	}
});

test('generate-id() is the same for the same node, and a name', () => {
	const id = (source: string): string => compileXPath(source).string(contextOf(tree));
	equal(id('generate-id(//p[1])'), id('generate-id(//b[1]/preceding::p[3])'));
	notEqual(id('generate-id(//p[1])'), id('generate-id(//p[2])'));
	match(id('generate-id(//p[1])'), /^[a-z]\w*$/);
	equal(id('generate-id(//none)'), '');
	notEqual(id('generate-id(/)'), compileXPath('generate-id(/)').string(contextOf(smallTree('<p/>'))));
});

test('document() goes on in another tree', () => {
	const other = smallTree('<html><p>other</p></html>');
	const context = contextOf(tree, { document: (href) => (href === 'x.html' ? other : null) });
	deepEqual(shown(compileXPath("document('x.html')//p").evaluate(context)), ['other']);
	deepEqual(shown(compileXPath("document('x.html')/html[//p = 'other']/p").evaluate(context)), ['other']);
	deepEqual(shown(compileXPath("document('y.html')//p").evaluate(context)), []);
	deepEqual(shown(compileXPath("document('y.html') | //b").evaluate(context)), ['7', '2']);
	throws(() => compileXPath("document('x.html')//p | //p").evaluate(context), /one document, and these are of two/);
});

test('dyn:evaluate() compiles only where that is allowed', () => {
	throws(() => compileXPath("dyn:evaluate('1')").evaluate(contextOf(tree)), XPathError);
	equal(compileXPath("dyn:evaluate(concat('count(', '//p)'))").number(contextOf(tree, { dynamic: true })), 3);
	const endless = contextOf(tree, { dynamic: true, variables: { again: 'dyn:evaluate($again)' } });
	throws(() => compileXPath('dyn:evaluate($again)').evaluate(endless), /without an end/);
	throws(() => compileXPath("dyn:evaluate('a b')").evaluate(endless), /given 'a b': 'b' cannot stand here/);
});

test('functions of EXSLT are found by their namespace, whatever the prefix', () => {
	const namespaces = new Map([
		['s', 'http://exslt.org/strings'],
		['str', 'http://example.org/'],
	]);
	equal(compileXPath("s:replace('a', 'a', 'b')", { namespaces }).string(contextOf(tree)), 'b');
	throws(() => compileXPath("str:replace('a', 'a', 'b')", { namespaces }), /no function 'str:replace'/);
});

test('functions can be added, and their answers are not kept', () => {
	let calls = 0;
	const functions = new Map([['my:next', () => ++calls]]);
	const xpath = compileXPath('//p[my:next() > 0]', { functions });
	const context = contextOf(tree, { memo: new Map() });
	xpath.nodes(context);
	xpath.nodes(context);
	equal(calls, 6);
});

test('what a regular expression is tried on is bounded', () => {
	const context = contextOf(tree, { variables: { long: 'a'.repeat(200_000) } });
	throws(() => compileXPath("regexp:test($long, 'b')").evaluate(context), /too long/);
	throws(() => compileXPath("regexp:test('a', '(')").evaluate(context), /no regular expression/);
	throws(() => compileXPath('str:padding(1000000000)').evaluate(context), /at most/);
});
