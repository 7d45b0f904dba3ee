/** document(''): the file that an expression stands in, as data (XSLT 1.0 section 12.1). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ThemeError } from '../../../src/theme/diagnostics/index.ts';
import { compilePlan } from '../../../src/theme/plan/index.ts';
import { loadYaml } from '../rules/same-rules.ts';
import { bodyOf, DIAZO, HTML, MENDED } from './themed.ts';

const theme = '<html><body><b>old</b></body></html>';
const XSL = 'xmlns:xsl="http://www.w3.org/1999/XSL/Transform"';
const content = '<html><body><p>de</p><p>fr</p></body></html>';

function assertGives(rules: string, expected: string, files: Readonly<Record<string, string>> = {}): void {
	for (const options of [HTML, MENDED, DIAZO]) {
		assert.equal(bodyOf({ theme, content, rules, files, options }), expected);
	}
}

const value = (select: string): string => `<replace css:theme="b"><xsl:value-of select="${select}"/></replace>`;

test('a table in the rules is looked up', () => {
	const table = '<xsl:variable name="names"><x name="de">Deutsch</x><x name="fr">fran&#231;ais</x></xsl:variable>';
	const each =
		'<replace css:theme="b"><div><xsl:for-each select="//p"><i><xsl:value-of select="document(\'\')//x[@name = current()]"/></i></xsl:for-each></div></replace>';
	assertGives(`${table}${each}`, '<div><i>Deutsch</i><i>français</i></div>');
});

test('elements have the names that are written, text and comments are there, and one root', () => {
	const data = '<!-- note --><xsl:variable name="v"><![CDATA[a<b]]>&amp;c</xsl:variable>';
	assertGives(`${data}${value("document('')/rules/xsl:variable")}`, 'a&lt;b&amp;c');
	assertGives(`${data}${value("concat(count(document('')/node()), document('')/rules/comment()[1])")}`, '1 note');
});

test('its nodes are copied, and answer nothing about the content', () => {
	const data = '<xsl:template name="unused"><em id="x">y</em></xsl:template>';
	const copy = '<replace css:theme="b"><xsl:copy-of select="document(\'\')//em[@id]"/></replace>';
	assertGives(`${data}${copy}`, '<em id="x">y</em>');
	assertGives(value("count(document('')//p)"), '0');
});

test('it is the file where the expression stands, not the one that brings it in', () => {
	const files = {
		'a.xsl': `<xsl:stylesheet version="1.0" ${XSL}><xsl:variable name="root" select="name(document('')/*)"/></xsl:stylesheet>`,
		'more.xml': `<rules xmlns="http://namespaces.plone.org/diazo" xmlns:css="http://namespaces.plone.org/diazo/css" ${XSL}><replace css:theme="b"><xsl:value-of select="concat($root, count(document('')//replace))"/></replace></rules>`,
	};
	assertGives('<xsl:import href="a.xsl"/><xi:include href="more.xml"/>', 'xsl:stylesheet1', files);
});

test('with nodes of another document it is that document', () => {
	assertGives(value("document('', /)//p[2]"), 'fr');
	assertGives(value('count(document(//nope))'), '0');
});

test('in conditions and selections as well', () => {
	assertGives('<replace css:theme="b" content="//p[1]" if-content="document(\'\')//replace"/>', '<p>de</p>');
	assertGives('<replace css:theme="b" content="//p[name() = name(document(\'\')//none)]"/>', '');
});

test('rules that are no XML have no such document, and are told so', () => {
	const body = '\n  - replace: { theme: b, xml: "<xsl:value-of select=\\"document(\'\')\\"/>" }\n';
	const set = loadYaml(`theme: { html: <b>x</b> }\nrules:${body}`);
	const reader = {
		read: () => {
			throw new Error('nothing is read');
		},
	};
	assert.throws(
		() => compilePlan(set, reader),
		(error) => error instanceof ThemeError && /bad-xpath/.test(error.diagnostics.map(({ code }) => code).join()),
	);
});
