/** Rules as people's editors leave them: CDATA, comments and instructions in every place, and the namespaces of the past. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadXml, mistakesOf, xml } from './same-rules.ts';

const bodyOf = (inner: string) => loadXml(inner).rules[0]?.body ?? assert.fail();

test("comments and instructions around the root and between rules are nobody's business", () => {
	const inner = '<!--a--><?p x?><drop css:theme="a"/><!-- <drop css:theme="b"/> --><?q?>';
	const text = `<?xml version="1.0" encoding="utf-8"?><!--before--><?before x?>\n${xml(inner)}\n<!--behind--><?behind?>`;
	assert.equal(loadXml(text).rules.length, 1);
});

test('CDATA is text, with its white space and without references', () => {
	const [text, more] = bodyOf('<replace css:theme="a"><![CDATA[ <b>&amp;</b> ]]></replace>');
	assert.ok(text?.type === 'text' && more === undefined);
	assert.equal(text.text, ' <b>&amp;</b> ');
	const [joined, none] = bodyOf('<replace css:theme="a">a<![CDATA[<]]>b<!--n--><![CDATA[]]></replace>');
	assert.ok(joined?.type === 'text');
	assert.equal(joined.text, 'a<b');
	assert.equal(none?.type, 'comment');
	assert.deepEqual(
		bodyOf('<replace css:theme="a"><script><![CDATA[if (a < b && c) {}]]></script></replace>').length,
		1,
	);
});

test('blank CDATA is content where blank text is indentation', () => {
	const of = (inner: string) => {
		const { xsl } = loadXml(`<xsl:template match="p">${inner}<b/></xsl:template>`);
		return xsl[0]?.children.map((one) => one.type);
	};
	assert.deepEqual(of('  '), ['element']);
	assert.deepEqual(of('<![CDATA[  ]]>'), ['text', 'element']);
});

test('xml:space keeps white space, and lets it go again', () => {
	const of = (inner: string) => {
		const [element] = loadXml(`<xsl:template match="p">${inner}</xsl:template>`).xsl[0]?.children ?? [];
		return element?.type === 'element' ? element.children.map((one) => one.type) : [];
	};
	assert.deepEqual(of('<pre> <b/> </pre>'), ['element']);
	assert.deepEqual(of('<pre xml:space="preserve"> <b/> </pre>'), ['text', 'element', 'text']);
	assert.deepEqual(of('<xsl:text> </xsl:text>'), ['text']);
});

test('a theme may be text alone, and comments alone are none', () => {
	const [theme] = loadXml('<theme>\n  just words\n</theme>').themes;
	assert.ok(theme?.body?.[0]?.type === 'text');
	assert.equal(theme.body[0].text.trim(), 'just words');
	assert.match(mistakesOf(() => loadXml('<theme><!-- soon --></theme>')).join(), /missing-attribute/);
});

const PAST: readonly (readonly [rules: string, twin: string])[] = [
	['http://namespaces.plone.org/diazo', 'http://namespaces.plone.org/diazo/css'],
	['http://namespaces.plone.org/diazo', 'http://namespaces.plone.org/diazo+css'],
	['http://namespaces.plone.org/xdv', 'http://namespaces.plone.org/xdv+css'],
	['http://openplans.org/deliverance', 'http://namespaces.plone.org/xdv+css'],
];

for (const [rules, twin] of PAST) {
	test(`rules in ${rules} with selectors in ${twin}, with a prefix or without`, () => {
		for (const prefix of ['', 'd']) {
			const [open, declared] = prefix === '' ? ['', 'xmlns'] : [`${prefix}:`, `xmlns:${prefix}`];
			const text =
				`<${open}rules ${declared}="${rules}" xmlns:c="${twin}">`.replace(/^<rules /, '<rules  ') +
				`<${open}theme href="rules.xml"/><${open}replace c:theme="#a" c:content="#b"/><${open}drop theme="//p"/></${open}rules>`;
			const set = loadXml(`<?xml version="1.0"?>${text}`);
			assert.deepEqual(
				set.rules.map(({ kind, theme }) => [kind, theme?.select.language]),
				[
					['replace', 'css'],
					['drop', 'xpath'],
				],
			);
			assert.equal(set.themes.length, 1);
		}
	});
}

test('a doctype alone is no mistake, and nothing it names is read', () => {
	const doctype = '<!DOCTYPE rules PUBLIC "-//X//Y" "file:///etc/passwd">';
	assert.equal(loadXml(`${doctype}${xml('<drop css:theme="a"/>')}`).rules.length, 1);
	const parameter = '<!DOCTYPE rules [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>';
	const told = mistakesOf(() => loadXml(`${parameter}${xml('<drop css:theme="a"/>')}`)).join();
	assert.match(told, /entity/);
});
