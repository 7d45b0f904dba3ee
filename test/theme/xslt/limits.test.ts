/** Templates that would never end, or fill the memory, end with an error that says so. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bodyOf, HTML } from '../language/themed.ts';

const theme = '<html><body><b>old</b></body></html>';
const content = `<html><body><p>${'<i>x</i>'.repeat(300)}</p></body></html>`;

const run = (body: string, templates = ''): string =>
	bodyOf({ theme, content, rules: `<replace css:theme="b"><div>${body}</div></replace>${templates}`, options: HTML });

const call = (name: string, select: string): string =>
	`<xsl:call-template name="${name}"><xsl:with-param name="n" select="${select}"/></xsl:call-template>`;

const ENDLESS: readonly (readonly [name: string, body: string, templates: string, error: RegExp])[] = [
	[
		'a template that calls itself twice',
		call('t', '60'),
		`<xsl:template name="t"><xsl:param name="n"/><xsl:if test="$n &gt; 0">${call('t', '$n - 1')}${call('t', '$n - 1')}</xsl:if></xsl:template>`,
		/more than \d+ steps/,
	],
	[
		'templates that are applied twice',
		'<xsl:apply-templates select="//p" mode="m"><xsl:with-param name="n" select="60"/></xsl:apply-templates>',
		`<xsl:template match="p" mode="m"><xsl:param name="n"/><xsl:if test="$n &gt; 0">${'<xsl:apply-templates select="." mode="m"><xsl:with-param name="n" select="$n - 1"/></xsl:apply-templates>'.repeat(2)}</xsl:if></xsl:template>`,
		/more than \d+ steps/,
	],
	[
		'loops in loops',
		`${'<xsl:for-each select="//i">'.repeat(5)}<xsl:if test="false()"/>${'</xsl:for-each>'.repeat(5)}`,
		'',
		/more than \d+ steps/,
	],
	[
		'a text that is doubled',
		call('t', "'xxxxxxxxxx'"),
		`<xsl:template name="t"><xsl:param name="n"/>${call('t', 'concat($n, $n)')}</xsl:template>`,
		/more than \d+ characters/,
	],
	[
		'a fragment that is doubled',
		'<xsl:call-template name="t"><xsl:with-param name="n"><u>x</u></xsl:with-param></xsl:call-template>',
		'<xsl:template name="t"><xsl:param name="n"/><xsl:call-template name="t"><xsl:with-param name="n"><xsl:copy-of select="$n"/><xsl:copy-of select="$n"/></xsl:with-param></xsl:call-template></xsl:template>',
		/more than \d+ (?:steps|characters)/,
	],
	[
		'a long text that is written again and again',
		'<xsl:variable name="t" select="str:padding(100000)"/><xsl:for-each select="//i"><xsl:for-each select="//i"><xsl:value-of select="$t"/></xsl:for-each></xsl:for-each>',
		'',
		/more than \d+ characters/,
	],
	[
		'a template without an end',
		call('t', '1'),
		`<xsl:template name="t"><xsl:param name="n"/>${call('t', '$n + 1')}</xsl:template>`,
		/without end/,
	],
];

for (const [name, body, templates, error] of ENDLESS) {
	test(`stopped: ${name}`, () => {
		const all = body.includes('str:')
			? body.replaceAll('<xsl:variable', '<xsl:variable xmlns:str="http://exslt.org/strings"')
			: body;
		assert.throws(
			() => run(all, templates),
			(thrown: Error) => error.test(thrown.message) && 'limit' in thrown,
		);
	});
}

test('what one page has spent is not what the next one has', () => {
	const body =
		'<xsl:for-each select="//i"><xsl:for-each select="//i"><xsl:if test="false()"/></xsl:for-each></xsl:for-each>';
	for (let page = 0; page < 60; page++) assert.equal(run(body), '<div></div>');
});

test('a page of many nodes is copied by templates within the limits', () => {
	const long = `<html><body><p>${'<i>x</i>'.repeat(20_000)}</p></body></html>`;
	const rules =
		'<replace css:theme="b" content="//p"/><xsl:template match="@*|node()"><xsl:copy><xsl:apply-templates select="@*|node()"/></xsl:copy></xsl:template>';
	assert.equal(bodyOf({ theme, content: long, rules, options: HTML }).length, '<p></p>'.length + 20_000 * 8);
});

test('a long list is numbered and sorted in one pass', () => {
	const items = Array.from({ length: 10_000 }, (_, i) => `<li>${(i * 7919) % 10_000}</li>`).join('');
	const body =
		'<xsl:for-each select="//li"><xsl:sort data-type="number"/><xsl:if test="number(.) = 0 or number(.) = 9999"><xsl:number/>,</xsl:if></xsl:for-each>';
	const rules = `<replace css:theme="b"><div>${body}</div></replace>`;
	const page = `<html><body><ul>${items}</ul></body></html>`;
	const last = Array.from({ length: 10_000 }, (_, i) => (i * 7919) % 10_000).indexOf(9999) + 1;
	assert.equal(bodyOf({ theme, content: page, rules, options: HTML }), `<div>1,${last},</div>`);
});

/** Each costs its page the square of what is in it, or more, in one expression. */
const DEAR: readonly (readonly [name: string, select: string])[] = [
	['predicates in predicates', 'count(//i[.//preceding::i[.//following::i[. = 2]]])'],
	['predicates in predicates along all axes', 'count(//i[preceding-sibling::i[following-sibling::i[. = 2]]])'],
	['a filter in a filter', 'count((//i)[(preceding::i)[(following::i)[. = 2]]])'],
	['the text of the page for each of its nodes', 'count(//i[contains(/, "y")])'],
];

for (const [name, select] of DEAR) {
	test(`stopped: ${name}`, () => {
		const long = `<html><body><p>${'<i>x</i>'.repeat(15_000)}</p></body></html>`;
		const rules = `<replace css:theme="b"><xsl:value-of select='${select}'/></replace>`;
		assert.throws(
			() => bodyOf({ theme, content: long, rules, options: HTML }),
			(thrown: Error) => /more than \d+ steps/.test(thrown.message) && 'limit' in thrown,
		);
	});
}

test('stopped: an expression that looks over the page in each turn of a loop', () => {
	const long = `<html><body><p>${'<i>x</i>'.repeat(20_000)}</p></body></html>`;
	const rules =
		'<replace css:theme="b"><xsl:for-each select="//i"><xsl:if test="//i[. = current()/@no]"/></xsl:for-each></replace>';
	assert.throws(() => bodyOf({ theme, content: long, rules, options: HTML }), /more than \d+ steps/);
});

test('stopped: what a condition or a selection asks', () => {
	const long = `<html><body><p>${'<i>x</i>'.repeat(2000)}</p></body></html>`;
	const dear = '//i[.//preceding::i[.//following::i[. = 2]]]';
	for (const rules of [
		`<replace css:theme="b" content="//p" if-content="${dear}"/>`,
		`<replace css:theme="b" content="//p"/><xsl:template match="${dear}"/>`,
	]) {
		assert.throws(() => bodyOf({ theme, content: long, rules, options: HTML }), /more than \d+ steps/);
	}
});

test('a long list may still be counted with a predicate', () => {
	const long = `<html><body><p>${'<i>x</i>'.repeat(4000)}</p></body></html>`;
	const rules =
		'<replace css:theme="b"><xsl:value-of select="count(//i[count(preceding-sibling::i) mod 2 = 1])"/></replace>';
	assert.equal(bodyOf({ theme, content: long, rules, options: HTML }), '2000');
});

test('ancestors of all nodes of a deep page are found without keeping each of them once for each', () => {
	const deep = `<html><body>${'<i>'.repeat(400)}${'<u>x</u>'.repeat(20_000)}${'</i>'.repeat(400)}</body></html>`;
	const rules = '<replace css:theme="b"><xsl:value-of select="count(//u/ancestor::i)"/></replace>';
	assert.equal(bodyOf({ theme, content: deep, rules, options: HTML }), '400');
});
