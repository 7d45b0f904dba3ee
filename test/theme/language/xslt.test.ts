/** XSLT in rules: in bodies, as templates for content, and right under the root. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bodyOf, DIAZO, HTML, MENDED, themed } from './themed.ts';

const theme = '<html><body><b>old</b></body></html>';
const CONTENT =
	'<html><body><p id="i" class="m">1<i>2</i></p><ul><li>b</li><li>a</li><li>c</li></ul><a href="/x">l</a></body></html>';

/** What a body makes of the content. */
const bodies: readonly (readonly [name: string, body: string, expected: string])[] = [
	['value-of', '<xsl:value-of select="//p"/>', '12'],
	['value-of with a CSS selector', '<xsl:value-of css:select="p i"/>', '2'],
	['value-of of a number', '<xsl:value-of select="count(//li) * 2"/>', '6'],
	['copy-of', '<xsl:copy-of select="//p/i"/>', '<i>2</i>'],
	['copy-of attributes', '<u><xsl:copy-of select="//p/@*"/></u>', '<u id="i" class="m"></u>'],
	[
		'attribute value templates',
		'<u title="{//p/@id}-{count(//li)}{{}}" class="{\'}\'}"/>',
		'<u title="i-3{}" class="}"></u>',
	],
	[
		'attribute',
		'<u class="x"><xsl:attribute name="class">y</xsl:attribute><xsl:attribute name="data-{//p/@id}">z</xsl:attribute></u>',
		'<u class="y" data-i="z"></u>',
	],
	[
		'element',
		'<xsl:element name="h{count(//li)}"><xsl:attribute name="id">x</xsl:attribute>t</xsl:element>',
		'<h3 id="x">t</h3>',
	],
	['comment', '<xsl:comment> <xsl:value-of select="//p/i"/>.</xsl:comment>', '<!--2.-->'],
	[
		'for-each with position',
		'<xsl:for-each select="//li"><u n="{position()}/{last()}"><xsl:value-of select="."/></u></xsl:for-each>',
		'<u n="1/3">b</u><u n="2/3">a</u><u n="3/3">c</u>',
	],
	[
		'for-each with sort',
		'<xsl:for-each css:select="li"><xsl:sort select="."/><xsl:value-of select="concat(position(), .)"/></xsl:for-each>',
		'1a2b3c',
	],
	[
		'descending by number',
		'<xsl:for-each select="//li"><xsl:sort select="position()" data-type="number" order="descending"/><xsl:value-of select="."/></xsl:for-each>',
		'cab',
	],
	[
		'current() in a predicate',
		'<xsl:for-each select="//li[2]"><xsl:value-of select="count(//li[. &gt; current() or . = current()])"/></xsl:for-each>',
		'1',
	],
	['if', '<xsl:if test="//p">yes</xsl:if><xsl:if css:test=".nope">no</xsl:if>', 'yes'],
	[
		'choose takes the first',
		'<xsl:choose><xsl:when test="//nope">0</xsl:when><xsl:when test="//p">1</xsl:when><xsl:when test="//li">2</xsl:when><xsl:otherwise>3</xsl:otherwise></xsl:choose>',
		'1',
	],
	[
		'choose otherwise',
		'<xsl:choose><xsl:when test="//nope">0</xsl:when><xsl:otherwise>3</xsl:otherwise></xsl:choose>',
		'3',
	],
	[
		'variables end with their element',
		'<xsl:variable name="v" select="1"/><u><xsl:variable name="v" select="2"/><xsl:value-of select="$v"/></u><xsl:value-of select="$v"/>',
		'<u>2</u>1',
	],
	[
		'a variable with a body',
		'<xsl:variable name="v"><i>x</i>y</xsl:variable><xsl:value-of select="$v"/><xsl:copy-of select="$v"/>',
		'xy<i>x</i>y',
	],
	[
		'the nodes of a fragment',
		'<xsl:variable name="v"><i>x</i><u>y</u></xsl:variable><xsl:copy-of select="exsl:node-set($v)/*[2]"/>',
		'<u>y</u>',
	],
	['text', '<xsl:text>  a </xsl:text><u/>', '  a <u></u>'],
	[
		'output that is not escaped',
		'<xsl:value-of select="\'&lt;u&gt;x&lt;/u&gt;\'" disable-output-escaping="yes"/>',
		'<u>x</u>',
	],
	['include in for-each', '<xsl:for-each select="//p"><include content="i"/></xsl:for-each>', '<i>2</i>'],
	[
		'include with conditions',
		'<include css:content="i" if="false()"/><include content="//li[1]" css:if-content="p"/>',
		'<li>b</li>',
	],
	['number', '<xsl:apply-templates select="//li" mode="n"/>', '1b2a3c'],
	['a mode without a template writes texts', '<xsl:apply-templates select="//p" mode="other"/>', '12'],
	['attributes in a mode are texts', '<xsl:apply-templates select="//p/@class" mode="other"/>', 'm'],
	[
		'named templates with parameters',
		'<xsl:call-template name="n"><xsl:with-param name="p" select="\'x\'"/></xsl:call-template><xsl:call-template name="n"/>',
		'[x][none]',
	],
	[
		'parameters of applied templates',
		'<xsl:apply-templates select="//p" mode="p"><xsl:with-param name="p" select="7"/></xsl:apply-templates>',
		'7',
	],
	[
		'recursion',
		'<xsl:call-template name="down"><xsl:with-param name="i" select="400"/></xsl:call-template>',
		'400,200,0,',
	],
];

const TEMPLATES =
	'<xsl:template match="li" mode="n"><xsl:number/><xsl:value-of select="."/></xsl:template>' +
	'<xsl:template name="n"><xsl:param name="p">none</xsl:param>[<xsl:value-of select="$p"/>]</xsl:template>' +
	'<xsl:template match="p" mode="p"><xsl:param name="p"/><xsl:value-of select="$p"/></xsl:template>' +
	'<xsl:template name="down"><xsl:param name="i"/><xsl:if test="$i mod 200 = 0"><xsl:value-of select="$i"/>,</xsl:if>' +
	'<xsl:if test="$i &gt; 0"><xsl:call-template name="down"><xsl:with-param name="i" select="$i - 1"/></xsl:call-template></xsl:if></xsl:template>';

for (const [name, body, expected] of bodies) {
	test(`in a body: ${name}`, () => {
		const rules = `<replace css:theme="b"><div>${body}</div></replace>${TEMPLATES}`;
		for (const options of [DIAZO, MENDED, HTML]) {
			assert.equal(bodyOf({ theme, content: CONTENT, rules, options }), `<div>${expected}</div>`);
		}
	});
}

const templates: readonly (readonly [name: string, rules: string, expected: string])[] = [
	['a template for an element', '<xsl:template match="i"><u/></xsl:template>', '<p id="i" class="m">1<u></u></p>'],
	['with a CSS selector', '<xsl:template css:match="p i"><u/></xsl:template>', '<p id="i" class="m">1<u></u></p>'],
	['for a text', '<xsl:template match="i/text()">new</xsl:template>', '<p id="i" class="m">1<i>new</i></p>'],
	[
		'for an attribute',
		'<xsl:template match="p/@class"><xsl:attribute name="class">n</xsl:attribute></xsl:template>',
		'<p id="i" class="n">1<i>2</i></p>',
	],
	[
		'that copies',
		'<xsl:template match="p"><xsl:copy><xsl:attribute name="class">n</xsl:attribute><xsl:apply-templates select="@id|node()"/></xsl:copy></xsl:template>',
		'<p class="n" id="i">1<i>2</i></p>',
	],
	[
		'that copies everything',
		'<xsl:template match="@*|node()"><xsl:copy><xsl:apply-templates select="@*|node()"/></xsl:copy></xsl:template><xsl:template match="@class"/>',
		'<p id="i">1<i>2</i></p>',
	],
	[
		'the last of equal ones',
		'<xsl:template match="i">1</xsl:template><xsl:template match="i">2</xsl:template>',
		'<p id="i" class="m">12</p>',
	],
	[
		'the one of higher priority',
		'<xsl:template match="i" priority="2">1</xsl:template><xsl:template match="i">2</xsl:template>',
		'<p id="i" class="m">11</p>',
	],
	[
		'the narrower pattern',
		'<xsl:template match="p/i">1</xsl:template><xsl:template match="i">2</xsl:template>',
		'<p id="i" class="m">11</p>',
	],
	[
		'applied inside of another',
		'<xsl:template match="p"><div><xsl:apply-templates/></div></xsl:template><xsl:template match="i"><u/></xsl:template>',
		'<div>1<u></u></div>',
	],
];

for (const [name, rules, expected] of templates) {
	test(`templates for content: ${name}`, () => {
		const all = `<replace css:theme="b" content="//p"/>${rules}`;
		for (const options of [DIAZO, MENDED, HTML]) {
			assert.equal(bodyOf({ theme, content: CONTENT, rules: all, options }), expected);
		}
	});
}

test('templates that call themselves without end are stopped', () => {
	for (const rules of [
		'<replace css:theme="b"><xsl:call-template name="n"/></replace><xsl:template name="n"><xsl:call-template name="n"/></xsl:template>',
		'<replace css:theme="b" content="//p"/><xsl:template match="p"><xsl:apply-templates select="."/></xsl:template>',
	]) {
		assert.throws(() => bodyOf({ theme, content: CONTENT, rules, options: HTML }), /without end/);
	}
});

test('pages that nest deeply can be copied by a template', () => {
	const rule =
		'<replace css:theme="b" content="/html/body/i"/><xsl:template match="@*|node()"><xsl:copy><xsl:apply-templates select="@*|node()"/></xsl:copy></xsl:template>';
	const content = `<html><body>${'<i>'.repeat(400)}x${'</i>'.repeat(400)}</body></html>`;
	assert.match(bodyOf({ theme, content, rules: rule, options: HTML }), /<i>x<\/i>/);
});

test('a message can end the page', () => {
	const said: string[] = [];
	const options = { ...HTML, message: (text: string) => said.push(text) };
	const rules = (end: string) => `<replace css:theme="b"><xsl:message${end}>m</xsl:message>x</replace>`;
	assert.equal(bodyOf({ theme, content: CONTENT, rules: rules(''), options }), 'x');
	assert.throws(() => bodyOf({ theme, content: CONTENT, rules: rules(' terminate="yes"'), options }), /xsl:message/);
	assert.deepEqual(said, ['m', 'm']);
});

test('elements of other languages bring their namespace', () => {
	const rules =
		'<replace css:theme="b"><svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"><use xlink:href="#x"/></svg></replace>';
	const expected =
		'<svg xmlns="http://www.w3.org/2000/svg"><use xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="#x"></use></svg>';
	for (const options of [DIAZO, HTML]) assert.equal(bodyOf({ theme, content: CONTENT, rules, options }), expected);
});

test('xsl:output says which doctype is written', () => {
	const rules = '<xsl:output doctype-public="-//X//Y" doctype-system="z" omit-xml-declaration="no"/>';
	const page = themed({ theme, content: CONTENT, rules, options: DIAZO });
	assert.match(page, /^<\?xml version="1.0" encoding="UTF-8"\?>\n<!DOCTYPE html PUBLIC "-\/\/X\/\/Y" "z">/);
});

test('strip-space leaves out what is only space', () => {
	const content = '<html><body><p> <i> 1 </i> </p></body></html>';
	const rules = '<replace css:theme="b" content="//p"/><xsl:strip-space elements="p"/>';
	for (const options of [DIAZO, HTML]) assert.match(themed({ theme, content, rules, options }), /<p><i> 1 <\/i><\/p>/);
});
