/** xsl:namespace-alias: rules that write XSLT, rules, or anything else that would be carried out (XSLT 1.0 section 7.1.1). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bodyOf, DIAZO, HTML, MENDED, mistakes } from './themed.ts';

const theme = '<html><body><b>old</b></body></html>';
const XSL = 'http://www.w3.org/1999/XSL/Transform';
const RULES = 'http://namespaces.plone.org/diazo';

const alias = (from: string, to: string, declared: string): string =>
	`<xsl:namespace-alias stylesheet-prefix="${from}" result-prefix="${to}" ${declared}/>`;
const put = (body: string): string => `<replace css:theme="b"><div>${body}</div></replace>`;

const CASES: readonly (readonly [name: string, rules: string, expected: string])[] = [
	[
		'elements and attributes of XSLT',
		`${alias('a', 'xsl', 'xmlns:a="urn:a"')}${put('<a:template xmlns:a="urn:a" match="p" a:mode="{1 + 1}"><a:copy/><i/></a:template>')}`,
		`<xsl:template xmlns:xsl="${XSL}" match="p" xsl:mode="2"><xsl:copy></xsl:copy><i></i></xsl:template>`,
	],
	[
		'an attribute alone',
		`${alias('a', 'xsl', 'xmlns:a="urn:a"')}${put('<i xmlns:a="urn:a" a:version="1.0"/>')}`,
		`<i xmlns:xsl="${XSL}" xsl:version="1.0"></i>`,
	],
	[
		'elements of rules',
		`${alias('r', 'd', `xmlns:r="urn:r" xmlns:d="${RULES}"`)}${put('<r:drop xmlns:r="urn:r" content="p"/>')}`,
		`<d:drop xmlns:d="${RULES}" content="p"></d:drop>`,
	],
	[
		'another language as HTML',
		`${alias('h', '#default', 'xmlns:h="urn:h"')}${put('<h:i xmlns:h="urn:h" class="x">t</h:i>')}`,
		'<i class="x">t</i>',
	],
	[
		'HTML as another language',
		`${alias('#default', 's', 'xmlns:s="urn:s"')}<replace css:theme="b"><i class="x">t</i></replace>`,
		'<s:i xmlns:s="urn:s" class="x">t</s:i>',
	],
	[
		'whatever the prefix where it is used',
		`${alias('a', 'b', 'xmlns:a="urn:a" xmlns:b="urn:b"')}${put('<z:i xmlns:z="urn:a"/>')}`,
		'<b:i xmlns:b="urn:b"></b:i>',
	],
	[
		'the last of two',
		`${alias('a', 'b', 'xmlns:a="urn:a" xmlns:b="urn:b"')}${alias('a', 'c', 'xmlns:a="urn:a" xmlns:c="urn:c"')}${put('<a:i xmlns:a="urn:a"/>')}`,
		'<c:i xmlns:c="urn:c"></c:i>',
	],
];

for (const [name, rules, expected] of CASES) {
	test(`written in the other namespace: ${name}`, () => {
		for (const options of [HTML, MENDED, DIAZO]) {
			// XHTML has short ends of elements in other namespaces.
			const body = bodyOf({ theme, rules, options }).replace(/<([\w:]+)([^<>]*?)\s*\/>/g, '<$1$2></$1>');
			assert.equal(body.replace(/^<div>|<\/div>$/g, ''), expected);
		}
	});
}

test('what imports wins over what is imported', () => {
	const files = {
		'a.xsl': `<xsl:stylesheet version="1.0" xmlns:xsl="${XSL}">${alias('a', 'c', 'xmlns:a="urn:a" xmlns:c="urn:c"')}</xsl:stylesheet>`,
	};
	const rules = `${alias('a', 'b', 'xmlns:a="urn:a" xmlns:b="urn:b"')}<xsl:import href="a.xsl"/>${put('<a:i xmlns:a="urn:a"/>')}`;
	assert.match(bodyOf({ theme, rules, files, options: HTML }), /<b:i xmlns:b="urn:b">/);
});

const WRONG: readonly (readonly [code: string, rules: string])[] = [
	['missing-attribute', '<xsl:namespace-alias result-prefix="xsl"/>'],
	['missing-attribute', '<xsl:namespace-alias stylesheet-prefix="css"/>'],
	['undeclared-prefix', '<xsl:namespace-alias stylesheet-prefix="nope" result-prefix="xsl"/>'],
];

for (const [code, rules] of WRONG) {
	test(`${code} is told for ${rules}`, () => {
		assert.deepEqual(
			mistakes({ rules }).map((one) => one.code),
			[code],
		);
	});
}
