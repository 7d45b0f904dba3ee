/** What is wrong with rules is told by code, at its place, with what to do about it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineColumn } from '../../../src/theme/diagnostics/index.ts';
import { type Given, mistakes } from './themed.ts';

const cases: readonly (readonly [code: string, rules: string, what: string, given?: Partial<Given>])[] = [
	['unknown-element', '<repalce css:theme="#a"/>', "'repalce'"],
	['unknown-attribute', '<replace css:them="#a" css:theme="#b"/>', "'css:them'"],
	['bad-selector', '<replace css:theme="#a >"/>', ''],
	['bad-selector', '<replace css:theme="#a" css:content="p:nope"/>', ':nope'],
	['bad-selector', '<drop theme="count(//p)"/>', 'number'],
	['bad-selector', '<drop css:content="p["/>', ''],
	['bad-xpath', '<replace theme="//a["/>', ''],
	['bad-xpath', '<drop content="nope(//p)"/>', 'nope'],
	['bad-xpath', '<replace css:theme="#a" if="a b"/>', ''],
	['bad-xpath', '<replace css:theme="#a"><u title="{"/></replace>', ''],
	['bad-xpath', '<replace css:theme="#a"><xsl:value-of select="//p["/></replace>', ''],
	['missing-file', '<theme href="nope.html"/>', 'nope.html'],
	['missing-file', '<replace css:theme="#a" href="nope.html"/>', 'nope.html'],
	['conflict', '<replace css:theme="#a"/><replace theme="//div[1]"/>', 'Two rules'],
	['conflict', '<copy css:theme="#a"/><drop css:theme-children="#a"/>', 'Two rules'],
	['conflict', '<drop css:theme="#a" css:content="p"/>', 'both theme and content'],
	['conflict', '<replace css:theme="#a" css:content="p"><b/></replace>', 'something inside'],
	['conflict', '<theme href="theme.html"/><theme href="theme.html"/>', 'two themes'],
	['conflict', '<replace css:theme="#a" css:content="p" method="raw" mode="m"/>', 'exclude'],
	['theme-children', '<strip css:theme-children="#a"/>', 'strip'],
	['missing-attribute', '<replace/>', 'theme or content'],
	['missing-attribute', '<merge css:theme="#a" css:content="p"/>', 'attributes'],
	['missing-attribute', '<copy attributes="class" css:theme="#a"/>', 'theme and content'],
	['missing-attribute', '<replace css:theme="#a"><xsl:value-of/></replace>', 'select'],
	['missing-attribute', '<replace css:theme="#a"><include/></replace>', 'include'],
	['missing-attribute', '<xsl:variable select="1"/>', 'name'],
	['bad-method', '<replace css:theme="#a" href="theme.html" method="nope"/>', 'nope'],
	['empty-condition', '<replace css:theme="#a" if=""/>', 'if'],
	['empty-condition', '<replace css:theme="#a" if-path=" "/>', 'if-path'],
	['unknown-instruction', '<replace css:theme="#a"><xsl:nope/></replace>', 'xsl:nope'],
	['unknown-instruction', '<xsl:nope/>', 'xsl:nope'],
	['missing-file', '<xsl:import href="x.xsl"/>', 'x.xsl'],
	['unknown-template', '<replace css:theme="#a"><xsl:call-template name="nope"/></replace>', "'nope'"],
	['unknown-element', '<replace css:theme="#a"><xsl:choose><b/></xsl:choose></replace>', 'xsl:when'],
	['no-match', '<drop css:theme="#nope"/>', "'#nope'"],
	['no-effect', '<notheme/>', 'notheme'],
	['unreachable', '<replace css:theme="#b"/><drop theme="//i"/>', 'replace'],
	['unconditional-xsl', '<rules if="true()"><xsl:variable name="v"/></rules>', 'xsl:variable'],
];

for (const [code, rules, what, given] of cases) {
	test(`${code} is told for ${rules}`, () => {
		const found = mistakes({ rules, ...given });
		const told = found.filter((one) => one.code === code && one.message.includes(what));
		assert.equal(told.length, 1, JSON.stringify(found.map((one) => [one.code, one.message])));
		const [one] = told;
		assert.ok(one?.place, 'it has a place');
		assert.equal(lineColumn(one.place).line, 2);
	});
}

test('a typing mistake is told with what was probably meant', () => {
	const [element] = mistakes({ rules: '<repalce css:theme="#a"/>' });
	assert.match(element?.hint ?? '', /replace/);
	const [attribute] = mistakes({ rules: '<replace css:them="#a" css:theme="#b"/>' });
	assert.match(attribute?.hint ?? '', /css:theme/);
});

test('a bad selector is told once, however many edits are made of it', () => {
	const found = mistakes({ rules: '<before css:content="p["/>'.replace('/>', '>x</before>') });
	assert.equal(found.filter(({ severity }) => severity === 'error').length, 1);
});

test('what Diazo passes over in silence is a warning with its name', () => {
	const found = mistakes({ rules: '<repalce css:theme="#a"/>', options: { compat: 'diazo', mode: 'xhtml' } });
	assert.deepEqual(
		found.map(({ severity, code }) => [severity, code]),
		[['warning', 'unknown-element']],
	);
});
