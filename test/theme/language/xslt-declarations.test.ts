/** What XSLT declares under the root of the rules, and stylesheets that are brought in. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DECLARED } from './declaration-cases.ts';
import { bodyOf, DIAZO, type Given, HTML, MENDED, mistakes, themed } from './themed.ts';
import { PAGE } from './xslt-cases.ts';

const theme = '<html><body><b>old</b></body></html>';

for (const [name, top, body, expected] of DECLARED) {
	test(`declared: ${name}`, () => {
		const rules = `${top}<replace css:theme="b"><div>${body}</div></replace>`;
		for (const options of [DIAZO, MENDED, HTML]) {
			assert.equal(bodyOf({ theme, content: PAGE, rules, options }), `<div>${expected}</div>`);
		}
	});
}

const sheet = (inner: string): string =>
	`<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">${inner}</xsl:stylesheet>`;

const brought = (rules: string, files: Given['files'] = {}): string =>
	bodyOf({ theme, content: PAGE, rules: `${rules}<replace css:theme="b" content="//p[1]"/>`, files, options: HTML });

test('stylesheets bring in templates, and what imports them wins whatever the priority', () => {
	const files = {
		'a.xsl': sheet('<xsl:import href="b.xsl"/><xsl:template match="p">a</xsl:template>'),
		'b.xsl': sheet('<xsl:template match="p" priority="9">b</xsl:template>'),
	};
	assert.equal(brought('<xsl:import href="b.xsl"/>', files), 'b');
	assert.equal(brought('<xsl:import href="a.xsl"/>', files), 'a');
	assert.equal(brought('<xsl:import href="a.xsl"/><xsl:import href="b.xsl"/>', files), 'b');
	assert.equal(brought('<xsl:include href="b.xsl"/><xsl:template match="p">own</xsl:template>', files), 'b');
	assert.equal(brought('<xsl:import href="b.xsl"/><xsl:template match="p">own</xsl:template>', files), 'own');
});

test('variables and named templates of what imports win, too', () => {
	const files = { 'a.xsl': sheet('<xsl:variable name="v" select="1"/><xsl:template name="t">a</xsl:template>') };
	const own = '<xsl:variable name="v" select="2"/><xsl:template name="t">own</xsl:template>';
	const use = '<xsl:template match="p"><xsl:value-of select="$v"/><xsl:call-template name="t"/></xsl:template>';
	assert.equal(brought(`${own}<xsl:import href="a.xsl"/>${use}`, files), '2own');
	assert.equal(brought(`<xsl:import href="a.xsl"/>${use}`, files), '1a');
});

test('white space is preserved where a narrower name says so', () => {
	const content = '<html><body><p> <i>1</i> </p><pre> <i>1</i> </pre></body></html>';
	const rules =
		'<replace css:theme="b" content="//body/*"/><xsl:strip-space elements="*"/><xsl:preserve-space elements="pre"/>';
	for (const options of [DIAZO, HTML]) {
		assert.match(themed({ theme, content, rules, options }), /<p><i>1<\/i><\/p><pre> <i>1<\/i> <\/pre>/);
	}
});

const WRONG: readonly (readonly [code: string, rules: string])[] = [
	['bad-value', '<xsl:decimal-format digit="##"/>'],
	['unknown-attribute', '<xsl:decimal-format zero="0"/>'],
	['bad-xpath', '<xsl:key name="k" match="p" use="$x"/>'],
	['bad-xpath', '<xsl:key name="k" match="p[" use="."/>'],
	['missing-attribute', '<xsl:key name="k" use="."/>'],
	['missing-attribute', '<xsl:key name="k" match="p"/>'],
	['unknown-template', '<replace css:theme="#a"><b xsl:use-attribute-sets="nope"/></replace>'],
	['unknown-element', '<xsl:attribute-set name="s"><b/></xsl:attribute-set>'],
	['missing-attribute', '<xsl:strip-space/>'],
];

for (const [code, rules] of WRONG) {
	test(`${code} is told for ${rules}`, () => {
		assert.deepEqual(
			mistakes({ rules }).map((one) => one.code),
			[code],
		);
	});
}

test('an attribute set that uses itself is stopped', () => {
	const rules =
		'<xsl:attribute-set name="s" use-attribute-sets="s"/><replace css:theme="b"><u xsl:use-attribute-sets="s"/></replace>';
	assert.throws(() => bodyOf({ theme, content: PAGE, rules, options: HTML }), /without end/);
});
