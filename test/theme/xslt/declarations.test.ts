/** Keys and formats of numbers, as functions find them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Diagnostics } from '../../../src/theme/diagnostics/index.ts';
import { parseHtml } from '../../../src/theme/tree/index.ts';
import { compileXPath, toString } from '../../../src/theme/xpath/index.ts';
import { compileDeclarations, type MarkupSetting, strippedSpace } from '../../../src/theme/xslt/index.ts';
import { loadXml } from '../rules/same-rules.ts';
import { contextOf } from '../xpath/small-tree.ts';

const PAGE = '<ul><li class="a">1</li><li class="b">2</li><li class="a">3</li></ul><p id="a">x</p>';

function setting(): MarkupSetting {
	return {
		diagnostics: new Diagnostics(),
		named: new Map(),
		aliases: new Map(),
		include: () => () => {},
		message: () => {},
	};
}

/** The value of an expression over the page, with what is declared. */
function valueOf(declared: string, source: string, page = PAGE): string {
	const { xsl } = loadXml(declared);
	const own = setting();
	const made = compileDeclarations(xsl, own);
	own.diagnostics.check();
	const tree = parseHtml(page, { dialect: 'html' });
	return toString(compileXPath(source).evaluate(contextOf(tree, { declared: made })));
}

function codesOf(declared: string): string[] {
	const own = setting();
	compileDeclarations(loadXml(declared).xsl, own);
	strippedSpace(loadXml(declared).xsl, own);
	return own.diagnostics.all.map(({ code }) => code);
}

const KEY = '<xsl:key name="k" match="li" use="@class"/>';

test('a key finds nodes by what they use, in document order and in the document at hand', () => {
	assert.equal(valueOf(KEY, "count(key('k', 'a'))"), '2');
	assert.equal(valueOf(KEY, "key('k', 'a')[2]"), '3');
	assert.equal(valueOf(KEY, "key('k', //p/@id)/.."), '123');
	assert.equal(valueOf(KEY, "count(key('k', 'nope'))"), '0');
	assert.equal(valueOf(KEY, "count(//li[count(key('k', @class)) = 2])"), '2');
});

test('keys of one name find what any of them does, each node once', () => {
	const two = `${KEY}<xsl:key name="k" match="p|li[1]" use="'a'"/>`;
	assert.equal(valueOf(two, "count(key('k', 'a'))"), '3');
	assert.equal(valueOf(two, "name(key('k', 'a')[last()])"), 'p');
});

test('a key is looked up and not searched: a long list grouped by it takes one walk', () => {
	const items = Array.from({ length: 20_000 }, (_, i) => `<li class="c${i % 10_000}">x</li>`).join('');
	const groups = "count(//li[generate-id() = generate-id(key('k', @class)[1])])";
	assert.equal(valueOf(KEY, groups, `<ul>${items}</ul>`), '10000');
});

test('names that are not declared are told where they are asked for', () => {
	assert.throws(() => valueOf('', "key('k', 'a')"), /no xsl:key named 'k'/);
	assert.throws(() => valueOf('', "format-number(1, '0', 'f')"), /no xsl:decimal-format named 'f'/);
});

test('formats have their own characters in pictures and in what they write', () => {
	const european = '<xsl:decimal-format name="e" decimal-separator="," grouping-separator="."/>';
	assert.equal(valueOf(european, "format-number(-1234567.891, '#.##0,00', 'e')"), '-1.234.567,89');
	assert.equal(valueOf(european, "format-number(1234.5, '#,##0.0')"), '1,234.5');
	const arabic = '<xsl:decimal-format zero-digit="\u0660" digit="%" percent="#"/>';
	assert.equal(valueOf(arabic, "format-number(0.25, '%\u0660#')"), '\u0662\u0665#');
});

test('what is wrong with a declaration is told', () => {
	assert.deepEqual(codesOf('<xsl:decimal-format digit="##"/>'), ['bad-value']);
	assert.deepEqual(codesOf('<xsl:decimal-format zero="0"/>'), ['unknown-attribute']);
	assert.deepEqual(codesOf('<xsl:key name="k" match="p" use="$x"/>'), ['bad-xpath']);
	assert.deepEqual(codesOf('<xsl:key name="k" match="p" use="key(\'k\', 1)"/>'), ['bad-xpath']);
	assert.deepEqual(codesOf('<xsl:key name="k" match="p[" use="."/>'), ['bad-xpath']);
	assert.deepEqual(codesOf('<xsl:key match="p" use="."/>'), ['missing-attribute']);
	assert.deepEqual(codesOf('<xsl:key name="k" use="."/>'), ['missing-attribute']);
	assert.deepEqual(codesOf('<xsl:strip-space/>'), ['missing-attribute']);
});

/** The white space that is left out, by the name of its element. */
function strippedIn(declared: string): string[] {
	const tree = parseHtml('<div> <pre> </pre><p> <i>x</i></p></div>', { dialect: 'html' });
	const strips = strippedSpace(loadXml(declared).xsl, setting());
	const nodes = Array.from({ length: tree.count }, (_, n) => n).filter((n) => strips?.(tree, n));
	return nodes.map((n) => tree.names[tree.parents[n] ?? 0] ?? '');
}

test('a name goes before a star, and of two that are alike the last is obeyed', () => {
	const all = '<xsl:strip-space elements="*"/>';
	assert.deepEqual(strippedIn(all), ['div', 'pre', 'p']);
	assert.deepEqual(strippedIn(`<xsl:preserve-space elements="pre p"/>${all}`), ['div']);
	assert.deepEqual(strippedIn('<xsl:strip-space elements="p"/><xsl:preserve-space elements="*"/>'), ['p']);
	assert.deepEqual(strippedIn(`${all}<xsl:preserve-space elements="*"/>`), []);
	assert.deepEqual(strippedIn(''), []);
});
