/** Content from other documents, includes for others to resolve, and rules in several files or older languages. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IncludeMethod } from '../../../src/theme/rules/index.ts';
import { bodyOf, DIAZO, HTML, MENDED, themed } from './themed.ts';

const theme = '<html><body><b>old</b></body></html>';
const content = '<html><body><p>1</p></body></html>';
const files = { 'other.html': '<html><body><p class="o">2<i>3</i></p></body></html>' };
const ATTRIBUTES = 'href="other.html" css:content="p"';

const same = (rules: string, expected: string): void => {
	for (const options of [DIAZO, MENDED, HTML]) {
		assert.equal(bodyOf({ theme, content, files, rules, options }), expected);
	}
};

test('another document comes in without edits, unless it is asked for', () => {
	const drop = '<drop css:content="i"/>';
	same(`<replace css:theme="b" ${ATTRIBUTES}/>${drop}`, '<p class="o">2<i>3</i></p>');
	same(`<replace css:theme="b" ${ATTRIBUTES} method="document"/>${drop}`, '<p class="o">2<i>3</i></p>');
	same(`<replace css:theme="b" ${ATTRIBUTES} method="transform"/>${drop}`, '<p class="o">2</p>');
	same(`<replace css:theme="b"><u><include ${ATTRIBUTES}/></u></replace>${drop}`, '<u><p class="o">2<i>3</i></p></u>');
	const template = '<xsl:template match="i" mode="m"><u/></xsl:template>';
	same(`<replace css:theme="b" ${ATTRIBUTES} mode="m"/>${template}`, '2<u></u>');
	same('<replace css:theme="b" href="other.html" css:content-children="p"/>', '2<i>3</i>');
	same('<after css:theme="b" href="other.html" content="//i"/>', '<b>old</b><i>3</i>');
});

test('document() reads what a rule brings in', () => {
	const rules = `<replace css:theme="b" ${ATTRIBUTES}/><after css:theme="b"><xsl:value-of select="document('other.html')//i"/></after>`;
	same(rules, '<p class="o">2<i>3</i></p>3');
});

const includes: readonly (readonly [method: IncludeMethod, attributes: string, expected: string])[] = [
	['ssi', 'href="/x" css:content="p"', '<!--#include  virtual="/x?;filter_xpath=//p"-->'],
	['ssi', 'href="/x?a=1" css:content="#i"', `<!--#include  virtual="/x?a=1;filter_xpath=//*[@id%20=%20'i']"-->`],
	['ssi', 'href="/x"', '<!--#include  virtual="/x"-->'],
	['ssiwait', 'href="/x" content-children="//p"', '<!--#include  virtual="/x?;filter_xpath=//p/node()" wait="yes"-->'],
	['esi', 'href="/x" css:content="p"', '<esi:include src="/x?;filter_xpath=//p"></esi:include>'],
];

for (const [method, attributes, expected] of includes) {
	test(`${method} for ${attributes} is an include for others`, () => {
		const options = { ...DIAZO, includeMode: method };
		for (const [rules, given] of [
			[`<replace css:theme="b" ${attributes} method="${method}"/>`, DIAZO],
			[`<replace css:theme="b" ${attributes}/>`, options],
			[`<replace css:theme="b"><include ${attributes} method="${method}"/></replace>`, DIAZO],
		] as const) {
			assert.equal(bodyOf({ theme, content, rules, options: given }), expected);
		}
	});
}

test('rules are read from other files, with the conditions around them', () => {
	const inner =
		'<rules xmlns="http://namespaces.plone.org/diazo" if="true()"><replace theme="//b" content="//p"/></rules>';
	const rules = (condition: string) => `<rules ${condition}><xi:include href="inner.xml"/></rules>`;
	const given = { theme, content, files: { 'inner.xml': inner } };
	for (const options of [DIAZO, HTML]) {
		assert.equal(bodyOf({ ...given, rules: rules('if-content="//p"'), options }), '<p>1</p>');
		assert.equal(bodyOf({ ...given, rules: rules('if-content="//i"'), options }), '<b>old</b>');
	}
});

const older: readonly (readonly [name: string, namespaces: string, rule: string, expected: string])[] = [
	[
		'XDV',
		'http://namespaces.plone.org/xdv http://namespaces.plone.org/xdv+css',
		'<copy css:theme="b" css:content="p"/>',
		'<b><p>1</p></b>',
	],
	[
		'Diazo with its first CSS',
		'http://namespaces.plone.org/diazo http://namespaces.plone.org/diazo+css',
		'<replace css:theme="b" css:content="p"/>',
		'<p>1</p>',
	],
	[
		'Deliverance',
		'http://openplans.org/deliverance http://namespaces.plone.org/xdv+css',
		'<copy theme="//b" content="//p"/>',
		'<b><p>1</p></b>',
	],
	[
		'Deliverance without content',
		'http://openplans.org/deliverance http://namespaces.plone.org/xdv+css',
		'<copy theme="//b" content="//i"/>',
		'<b>old</b>',
	],
	[
		'Deliverance without content, nevertheless',
		'http://openplans.org/deliverance http://namespaces.plone.org/xdv+css',
		'<copy theme="//b" content="//i" nocontent="ignore"/>',
		'<b></b>',
	],
];

for (const [name, namespaces, rule, expected] of older) {
	test(`rules of ${name}`, () => {
		const [own, css] = namespaces.split(' ');
		const rules = `<rules xmlns="${own}" xmlns:css="${css}">${rule}</rules>`;
		for (const options of [DIAZO, HTML]) assert.equal(bodyOf({ theme, content, rules, options }), expected);
	});
}

test('css:prefix says where a selector begins', () => {
	same('<replace theme="//b" css:content="p" css:prefix="/html/body/"/>', '<p>1</p>');
	same('<replace theme="//b" css:content="p" css:prefix="/html/"/>', '');
});

test('line ends, entities and characters come through', () => {
	const page = '<html><body><p title="&quot;&amp;">a\r\nb &lt; &eacute; \u{1f600}</p></body></html>';
	const text = themed({
		theme,
		content: `<meta charset="utf-8">${page}`,
		rules: '<replace css:theme="b" css:content="p"/>',
		options: DIAZO,
	});
	assert.match(text, /<p title="&quot;&amp;">a\nb &lt; é \u{1f600}<\/p>/u);
});
