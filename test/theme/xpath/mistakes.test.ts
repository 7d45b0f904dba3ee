import { equal, ok, throws } from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compilePattern, compileXPath, XPathError, XPathSyntaxError } from '../../../src/theme/xpath/index.ts';
import { contextOf, smallTree } from './small-tree.ts';

/** Source, the part that is wrong, message, hint. */
const ROWS: readonly (readonly [string, string, RegExp, RegExp | null])[] = [
	['', '', /no expression/, null],
	['contians(., "a")', 'contians', /no function 'contians'/, /'contains'/],
	['replace(., "a", "b")', 'replace', /no function/, /'(str|regexp):replace'/],
	['str:tokenise(.)', 'str:tokenise', /no function/, /'str:tokenize'/],
	['parrent::x', 'parrent', /no axis 'parrent'/, /'parent'/],
	["//*[@id='x", "'x", /never ends/, null],
	["//*[@id='x'", '', /']' was expected here, not the end/, null],
	['//p]', ']', /cannot stand here/, null],
	['p, q', ',', /cannot stand here/, /'\|'/],
	['#main', '#', /'#' cannot stand here/, /CSS/],
	['.main', 'main', /cannot stand here/, /CSS/],
	['//', '', /expected here, but the expression ends/, null],
	["count('a')", "'a'", /Argument 1 of count\(\) has to be a node-set; this is a string/, null],
	["'a' | //p", "'a'", /joins node-sets; this is a string/, null],
	['1[2]', '1', /Only node-sets have predicates/, null],
	['concat("a")', 'concat("a")', /takes 2 or more arguments, not 1/, null],
	['not()', 'not()', /takes one argument, not 0/, null],
	['key("a")', 'key("a")', /takes 2 arguments/, null],
	['a!b', '!', /cannot stand/, /not\(\)/],
	['//p/foo()', 'foo', /cannot stand in a path/, null],
	['.[1]', '[', /no predicates/, /self::node\(\)/],
	['..[1]', '[', /no predicates/, /parent::node\(\)/],
	["//table[@id='details]/tr", "'details]/tr", /never ends/, null],
	['a b', 'b', /'b' cannot stand here/, null],
	['$', '$', /cannot stand/, null],
];

describe('mistakes are shown with their place and what was meant', () => {
	for (const [source, part, message, hint] of ROWS) {
		test(source || '(nothing)', () => {
			throws(
				() => compileXPath(source),
				(error) => {
					ok(error instanceof XPathSyntaxError);
					equal(source.slice(error.offset, error.offset + error.length), part);
					ok(message.test(error.message), error.message);
					ok(hint === null ? true : hint.test(error.hint ?? ''), String(error.hint));
					return true;
				},
			);
		});
	}
});

test('nesting has an end, chains have none', () => {
	throws(() => compileXPath(`${'('.repeat(5000)}1${')'.repeat(5000)}`), /nested more than 200/);
	throws(() => compileXPath(`a${'[a'.repeat(5000)}${']'.repeat(5000)}`), /nested more than 200/);
	throws(() => compileXPath(Array(5000).fill('1').join('+')), /nested more than 200/);
	const tree = smallTree('<a/>');
	equal(compileXPath(Array(5000).fill('a').join(' or ')).boolean(contextOf(tree)), true);
	equal(compileXPath(Array(5000).fill('a').join('|')).nodes(contextOf(tree)).nodes.length, 1);
	equal(compileXPath(`${'-'.repeat(5000)}1`).number(contextOf(tree)), 1);
});

test('what is missing while evaluating is named, with the expression', () => {
	const context = contextOf(smallTree('<a/>'), { variables: { text: 'x' } });
	const failing = (source: string, message: RegExp) =>
		throws(
			() => compileXPath(source).nodes(context),
			(error) => error instanceof XPathError && error.source === source && message.test(error.message),
		);
	failing('//a[$nobody]', /no variable '\$nobody'/);
	failing('$text', /not a node-set|A node-set was asked for/);
	failing('$text/a', /A node-set was asked for/);
	failing('1', /A node-set was asked for/);
});

test('expressions that are no paths are no patterns', () => {
	for (const source of ['1', "'a' = //p", 'a | string(b)', '$x/a', "document('x')/a"]) {
		throws(() => compilePattern(source), XPathSyntaxError, source);
	}
});
