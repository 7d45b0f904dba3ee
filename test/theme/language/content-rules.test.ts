/** Rules about the content alone: what they change on its way, and which of several is carried out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlanOptions } from '../../../src/theme/plan/index.ts';
import { bodyOf, DIAZO, HTML, MENDED } from './themed.ts';

const theme = '<html><body>T</body></html>';
const FILL = '<replace theme-children="/html/body" content-children="/html/body"/>';

const come = (content: string, rules: string, options: PlanOptions = MENDED): string =>
	bodyOf({ theme, rules: FILL + rules, content: `<html><body>${content}</body></html>`, options });

const cases: readonly (readonly [name: string, content: string, rules: string, body: string])[] = [
	['drop', '<p>1</p><b>2</b>', '<drop css:content="p"/>', '<b>2</b>'],
	['drop of content-children', '<p>1<i>2</i></p>', '<drop css:content-children="p"/>', '<p></p>'],
	['drop of texts', '<p>1<i>2</i></p>', '<drop content="//p/text()"/>', '<p><i>2</i></p>'],
	['drop of comments', '<p>1<!-- c --></p>', '<drop content="//comment()"/>', '<p>1</p>'],
	['drop of an attribute', '<p id="i" class="c">1</p>', '<drop content="//p/@class"/>', '<p id="i">1</p>'],
	[
		'drop of attributes by name',
		'<p id="i" class="c" lang="x">1</p>',
		'<drop css:content="p" attributes="class lang"/>',
		'<p id="i">1</p>',
	],
	['drop of all attributes', '<p id="i" class="c">1</p>', '<drop css:content="p" attributes="*"/>', '<p>1</p>'],
	['strip', '<p>1<i>2</i></p>', '<strip css:content="p"/>', '1<i>2</i>'],
	['strip inside of strip', '<p>1<i>2</i></p>', '<strip css:content="p, i"/>', '12'],
	['replace', '<p>1</p>', '<replace css:content="p"><b>new</b></replace>', '<b>new</b>'],
	[
		'replace of content-children',
		'<p id="i">1</p>',
		'<replace css:content-children="p"><b>new</b></replace>',
		'<p id="i"><b>new</b></p>',
	],
	['replace of a comment', '<p>1</p><!-- c -->', '<replace content="//comment()"><b/></replace>', '<p>1</p><b></b>'],
	['before and after', '<p>1</p>', '<before css:content="p">(</before><after css:content="p">)</after>', '(<p>1</p>)'],
	[
		'before and after of content-children',
		'<p>1</p>',
		'<before css:content-children="p">(</before><after css:content-children="p">)</after>',
		'<p>(1)</p>',
	],
	[
		'around and inside at once',
		'<p>1</p>',
		'<before css:content="p">[</before><before css:content-children="p">(</before>',
		'[<p>(1</p>',
	],
	[
		'before in the order of the rules',
		'<p>1</p>',
		'<before css:content="p">a</before><before css:content="p">b</before>',
		'ab<p>1</p>',
	],
	[
		'replace with something around',
		'<p>1</p>',
		'<after css:content="p">)</after><replace css:content="p">x</replace>',
		'x)',
	],
	[
		'what other selectors put around',
		'<p id="i">1</p>',
		'<before css:content="p">(</before><after css:content="#i">)</after>',
		'(<p id="i">1</p>)',
	],
	[
		'a body with the node itself in it',
		'<p>1</p>',
		'<replace css:content="p"><div><xsl:copy-of select="."/></div></replace>',
		'<div><p>1</p></div>',
	],
	[
		'include from the node at hand',
		'<a href="u"><b>t</b></a>',
		'<replace css:content="a"><i title="{@href}"><include content="node()"/></i></replace>',
		'<i title="u"><b>t</b></i>',
	],
	[
		'a condition about the node at hand',
		'<p id="i">1</p><p>2</p>',
		'<drop content="//p" if-content="@id"/>',
		'<p>2</p>',
	],
	[
		'a condition of a body about the node at hand',
		'<p id="i">1</p><p>2</p>',
		'<before content="//p" if="@id">!</before>',
		'!<p id="i">1</p><p>2</p>',
	],
	[
		'conditional replacements in order',
		'<p>1</p>',
		'<replace css:content="p" if="false()">a</replace><replace css:content="p" if="true()">b</replace><replace css:content="p" if="true()">c</replace>',
		'b',
	],
	[
		'without one that holds the node stays',
		'<p>1</p>',
		'<replace css:content="p" if="false()">a</replace>',
		'<p>1</p>',
	],
	[
		'two replacements without condition',
		'<p>1</p>',
		'<replace css:content="p">a</replace><replace css:content="p">b</replace>',
		'ab',
	],
	['replace wins over drop', '<p>1</p>', '<replace css:content="p">a</replace><drop css:content="p"/>', 'a'],
	['replace wins over strip', '<p>1</p>', '<replace css:content="p">a</replace><strip css:content="p"/>', 'a'],
	['strip wins over drop', '<p>1</p>', '<strip css:content="p"/><drop css:content="p"/>', '1'],
	[
		'children win over the node',
		'<p>1</p>',
		'<replace css:content-children="p">c</replace><replace css:content="p">a</replace>',
		'<p>c</p>',
	],
	[
		'a template wins over all',
		'<p>1</p>',
		'<replace css:content="p">a</replace><xsl:template match="p[true()]">t</xsl:template>',
		't',
	],
	[
		'edits inside of edits',
		'<div><p>1</p></div>',
		'<before css:content-children="div">(</before><drop css:content="p"/>',
		'<div>(</div>',
	],
	[
		'xsl:attribute in front of the children',
		'<p id="i">1</p>',
		'<before css:content-children="p"><xsl:attribute name="class">n</xsl:attribute></before>',
		'<p id="i" class="n">1</p>',
	],
	['comments of a body are notes', '<p>1</p>', '<replace css:content="p"><!-- note --><b/></replace>', '<b></b>'],
];

for (const [name, content, rules, body] of cases) {
	test(`in the content: ${name}`, () => {
		for (const options of [DIAZO, MENDED, HTML]) assert.equal(come(content, rules, options), body);
	});
}

test('what is dropped from the content is not copied into attributes of the theme', () => {
	const rules =
		'<copy attributes="class id" css:theme="p" content="/html/body"/><drop content="/html/body" attributes="class"/>';
	const content = '<html><body class="c" id="i"></body></html>';
	for (const options of [DIAZO, MENDED, HTML]) {
		assert.equal(bodyOf({ theme: '<html><body><p>1</p></body></html>', rules, content, options }), '<p id="i">1</p>');
	}
});

test('raw brings in content without its edits', () => {
	const content = '<html><body><p>1<b>2</b></p></body></html>';
	for (const options of [DIAZO, MENDED, HTML]) {
		const raw = '<replace theme-children="/html/body" css:content="p" method="raw"/><drop css:content="b"/>';
		assert.equal(bodyOf({ theme, rules: raw, content, options }), '<p>1<b>2</b></p>');
		const include =
			'<replace theme-children="/html/body">[<include css:content="p" method="raw"/>][<include css:content="p"/>]</replace><drop css:content="b"/>';
		assert.equal(bodyOf({ theme, rules: include, content, options }), '[<p>1<b>2</b></p>][<p>1</p>]');
	}
});

test('templates of the mode raw are asked when content comes in raw', () => {
	const rules =
		'<replace theme-children="/html/body" css:content="p" mode="raw"/><xsl:template match="i" mode="raw">R</xsl:template>';
	const content = '<html><body><p>1<i>2</i></p></body></html>';
	for (const options of [DIAZO, HTML]) assert.equal(bodyOf({ theme, rules, content, options }), '<p>1R</p>');
});

test('a condition on a union is about all of it, in Diazo about the last of it', () => {
	const rules = '<drop css:content="p, ul" css:if-content=".nope"/>';
	assert.equal(come('<p>1</p><ul></ul>', rules), '<p>1</p><ul></ul>');
	assert.equal(come('<p>1</p><ul></ul>', rules, DIAZO), '<ul></ul>');
});

test('attributes of a union are dropped; in Diazo all but the last of it goes whole', () => {
	const rules = '<drop css:content="p, b" attributes="class"/>';
	assert.equal(come('<p class="c">1</p><b class="d">2</b>', rules), '<p>1</p><b>2</b>');
	assert.equal(come('<p class="c">1</p><b class="d">2</b>', rules, DIAZO), '<b>2</b>');
});

test('children of a union; in Diazo the children of the last of it', () => {
	const rules = '<replace theme-children="/html/body" css:content-children="ul, p"/>';
	const content = '<html><body><ul><li>1</li></ul><p>2</p></body></html>';
	assert.equal(bodyOf({ theme, rules, content }), '<li>1</li>2');
	assert.equal(bodyOf({ theme, rules, content, options: DIAZO }), '<ul><li>1</li></ul>2');
});

test('a replacement whose condition fails leaves the node to a drop; in Diazo the node stays', () => {
	const rules = '<drop css:content="p"/><replace css:content="p" if="false()">a</replace>';
	assert.equal(come('<p>1</p>', rules), '');
	assert.equal(come('<p>1</p>', rules, DIAZO), '<p>1</p>');
});

test('stripped children keep their texts; Diazo loses them', () => {
	assert.equal(come('<p>1<i>2</i></p>', '<strip css:content-children="p"/>'), '<p>12</p>');
	assert.equal(come('<p>1<i>2</i></p>', '<strip css:content-children="p"/>', DIAZO), '<p>2</p>');
});

test('a replaced text is gone; Diazo writes it in front and behind', () => {
	assert.equal(come('<p>1</p>', '<replace content="//p/text()">new</replace>'), '<p>new</p>');
	assert.equal(come('<p>1</p>', '<replace content="//p/text()">new</replace>', DIAZO), '<p>1new1</p>');
});

test('content is edited without a theme, too', () => {
	const rules = '<notheme if="true()"/><drop css:content="p"/>';
	for (const options of [DIAZO, HTML]) {
		assert.equal(bodyOf({ theme, rules, content: '<html><body><p>1</p><b>2</b></body></html>', options }), '<b>2</b>');
	}
});
