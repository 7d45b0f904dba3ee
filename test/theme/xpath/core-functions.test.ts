import { deepEqual } from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compileXPath } from '../../../src/theme/xpath/index.ts';
import { contextOf, shown, smallTree } from './small-tree.ts';

const tree = smallTree(
	'<html lang="de-CH"><head><title>T – x</title></head><body id="b" class="one  two"><p id="p1">1</p><p id="p2" xml:lang="en">2' +
		'</p><p>three</p><svg:g xlink:href="#u"/><!--c--><?pi data?><ul><li>5</li><li>-3</li></ul></body></html>',
);

/** Expression, value; node-sets as their string-values. */
const TABLES: Readonly<Record<string, readonly (readonly [string, unknown])[]>> = {
	'numbers are written without exponents': [
		['string(1 div 3)', '0.3333333333333333'],
		['string(-0)', '0'],
		['string(1000000 * 1000000 * 1000000 * 1000000)', '1000000000000000000000000'],
		['string(1 div 10000000)', '0.0000001'],
		['string(-25 div 100000000)', '-0.00000025'],
		['string(1 div 0)', 'Infinity'],
		['string(-1 div 0)', '-Infinity'],
		["string(number('x'))", 'NaN'],
		['string(3.0)', '3'],
		['string(.5)', '0.5'],
	],
	'strings are numbers only when they look like one': [
		["number(' 12.50 ')", 12.5],
		["number('1e3')", Number.NaN],
		["number('+1')", Number.NaN],
		["number('-.5')", -0.5],
		["number('')", Number.NaN],
		['number(true())', 1],
		['number(//p[2])', 2],
	],
	'arithmetic is that of JavaScript': [
		['1 + 2 * 3 - 4 div 2', 5],
		['5 mod -2', 1],
		['-5 mod 2', -1],
		['1.5 mod 0.5', 0],
		['--3', 3],
		['- - -3', -3],
		['2-1', 1],
		['//p[1] + //p[2]', 3],
		['6 div 2 div 3', 1],
		['round(2.5)', 3],
		['round(-2.5)', -2],
		['floor(-1.1)', -2],
		['ceiling(1.1)', 2],
		['sum(//li)', 2],
		['sum(//none)', 0],
	],
	'strings are taken apart as the standard shows': [
		["substring('12345', 2, 3)", '234'],
		["substring('12345', 2)", '2345'],
		["substring('12345', 1.5, 2.6)", '234'],
		["substring('12345', 0, 3)", '12'],
		["substring('12345', 0 div 0, 3)", ''],
		["substring('12345', 1, 0 div 0)", ''],
		["substring('12345', -42, 1 div 0)", '12345'],
		["substring('12345', -1 div 0, 1 div 0)", ''],
		["substring('a😀b', 2, 1)", '😀'],
		["string-length('a😀b')", 3],
		["substring-before('1999/04/01', '/')", '1999'],
		["substring-after('1999/04/01', '19')", '99/04/01'],
		["substring-before('a', 'x')", ''],
		["substring-after('a', '')", 'a'],
		["translate('bar', 'abc', 'AB')", 'BAr'],
		["translate('--aaa--', 'abc-', 'ABC')", 'AAA'],
		["normalize-space('  a \t\n b\u00A0 ')", 'a b\u00A0'],
		["concat('a', 1, true())", 'a1true'],
		["starts-with('abc', 'ab')", true],
		["contains('abc', '')", true],
		["''", ''],
		[`"it's"`, "it's"],
	],
	'node-sets compare when one of their nodes does': [
		["//p = 'three'", true],
		["//p != 'three'", true],
		["//none = ''", false],
		["//none != ''", false],
		['//p > 1', true],
		['//p > 2', false],
		['2 <= //p', true],
		['3 < //p', false],
		['//p = //li', false],
		['//li < //p', true],
		['//p != //p', true],
		['//title != //title', false],
		['//none = false()', true],
		['//p = true()', true],
		["'1' = 1", true],
		["'a' = true()", true],
		["'a' < 'b'", false],
		['1 = 1 = 1', true],
		['3 > 2 > 1', false],
		['not(//p = 7)', true],
	],
	'words are names where no operator can stand': [
		['count(//and)', 0],
		['count(//*[name() = "ul"]/*)', 2],
		['2 * 3', 6],
		['count(*) * count(*)', 1],
		['false() or true() and false()', false],
		['count(//div | //mod)', 0],
	],
	'paths and predicates': [
		['/html/body/p[2]', ['2']],
		['/html/body/p[last()]', ['three']],
		['//p[position() < 3]', ['1', '2']],
		['(//p)[2]', ['2']],
		['//p[@id][2]', ['2']],
		["//p[@id='p2']/preceding-sibling::p", ['1']],
		['//ul/preceding-sibling::*[1]', ['<svg:g>']],
		['//svg:g/@xlink:href', ['#u']],
		['//svg:*', ['<svg:g>']],
		['//@xlink:*', ['#u']],
		['//P', []],
		['//comment()', ['c']],
		["//processing-instruction('pi')", ['data']],
		["//processing-instruction('other')", []],
		['//li/..', ['5-3']],
		['//title/ancestor::*/@lang', ['de-CH']],
		['//p/namespace::*', []],
		["id('p2 p1')", ['1', '2']],
		["id('b')/p[1]", ['1']],
		['/', ['T – x12three5-3']],
		['//li[. < 0]', ['-3']],
		["//body[contains(concat(' ', normalize-space(@class), ' '), ' two ')]/@id", ['b']],
		["//body[contains(concat(' ', @class, ' '), ' tw ')]/@id", []],
		['//p[//li]', ['1', '2', 'three']],
		['//p | //title | //p', ['T – x', '1', '2', 'three']],
		['count(//p[@id]) > 0', true],
		['count(//q) = 0', true],
	],
	'names and languages': [
		['name(//@xlink:href)', 'xlink:href'],
		['local-name(//svg:g)', 'g'],
		['namespace-uri(/html)', ''],
		['name(//none)', ''],
		['name(//processing-instruction())', 'pi'],
		["count(//p[lang('de')])", 2],
		["count(//p[lang('EN')])", 1],
		["count(//p[lang('d')])", 0],
	],
};

for (const [name, rows] of Object.entries(TABLES)) {
	describe(name, () => {
		for (const [source, wanted] of rows) {
			test(source, () => deepEqual(shown(compileXPath(source).evaluate(contextOf(tree))), wanted));
		}
	});
}

test('each kind of answer is the conversion of the value', () => {
	for (const source of [
		'//p',
		'//none',
		'//p/@id',
		"'7'",
		"''",
		'0',
		'0 div 0',
		'true()',
		'false()',
		'$v',
		'/html/@lang',
	]) {
		const xpath = compileXPath(source);
		const context = contextOf(tree, { variables: { v: '3' } });
		const asked = { variables: { v: '3' } };
		deepEqual(xpath.string(context), compileXPath(`string(${source})`).evaluate(contextOf(tree, asked)), source);
		deepEqual(xpath.number(context), compileXPath(`number(${source})`).evaluate(contextOf(tree, asked)), source);
		deepEqual(xpath.boolean(context), compileXPath(`boolean(${source})`).evaluate(contextOf(tree, asked)), source);
	}
});
