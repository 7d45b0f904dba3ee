/** Rules about attributes of the theme: copied, merged, dropped. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlanOptions } from '../../../src/theme/plan/index.ts';
import { DIAZO, HTML, MENDED, themed } from './themed.ts';

const THEME = '<html><body><div id="a" class="x" title="t">A</div></body></html>';
const CONTENT =
	'<html><body><p class="p1" lang="en">1</p><p>2</p><p class="p3">3</p><b id="o" class="b" title="">4</b></body></html>';

/** The start tag of the theme's element, whatever the order of its attributes. */
function tag(rules: string, options: PlanOptions): string {
	const [found = ''] = /<div[^>]*>/.exec(themed({ theme: THEME, content: CONTENT, rules, options })) ?? [];
	const attributes = found.slice(4, -1).match(/[\w:]+="[^"]*"/g) ?? [];
	return attributes
		.filter((one) => !one.startsWith('xml:'))
		.toSorted()
		.join(' ');
}

const cases: readonly (readonly [name: string, rules: string, attributes: string])[] = [
	['copy of one', '<copy attributes="class" css:theme="#a" css:content="b"/>', 'class="b" id="a" title="t"'],
	['copy of several', '<copy attributes="class id" css:theme="#a" css:content="b"/>', 'class="b" id="o" title="t"'],
	[
		'copy of one that is not there',
		'<copy attributes="rel" css:theme="#a" css:content="b"/>',
		'class="x" id="a" title="t"',
	],
	['copy from nothing', '<copy attributes="*" css:theme="#a" css:content=".nope"/>', 'class="x" id="a" title="t"'],
	[
		'copy from several, the last wins',
		'<copy attributes="class" css:theme="#a" css:content="p"/>',
		'class="p3" id="a" title="t"',
	],
	[
		'copies of several rules',
		'<copy attributes="class" css:theme="#a" css:content="b"/><copy attributes="class" css:theme="#a" content="//p[1]"/>',
		'class="p1" id="a" title="t"',
	],
	[
		'a copy whose condition fails',
		'<copy attributes="class" css:theme="#a" css:content="b" if="false()"/>',
		'class="x" id="a" title="t"',
	],
	['drop of one', '<drop attributes="class" css:theme="#a"/>', 'id="a" title="t"'],
	['drop of all', '<drop attributes="*" css:theme="#a"/>', ''],
	[
		'drop of some under conditions',
		'<drop attributes="class" css:theme="#a" if="false()"/><drop attributes="title" css:theme="#a" if="true()"/>',
		'class="x" id="a"',
	],
	[
		'dropped and copied',
		'<copy attributes="class" css:theme="#a" css:content="b"/><drop attributes="*" css:theme="#a"/>',
		'class="b"',
	],
	['merge', '<merge attributes="class" css:theme="#a" css:content="b"/>', 'class="x b" id="a" title="t"'],
	[
		'merge with a separator',
		'<merge attributes="class" separator="-" css:theme="#a" css:content="b"/>',
		'class="x-b" id="a" title="t"',
	],
	[
		'merge of what the theme has not',
		'<merge attributes="lang" css:theme="#a" content="//p[1]"/>',
		'class="x" id="a" lang="en" title="t"',
	],
	[
		'a merge whose condition fails',
		'<merge attributes="class" css:theme="#a" css:content="b" if-content="//nope"/>',
		'class="x" id="a" title="t"',
	],
	[
		'strip has no attributes to change',
		'<before css:theme="#a"><div class="s"/></before><strip css:theme="#a"/><copy attributes="id" css:theme="#a" css:content="b"/>',
		'class="s"',
	],
];

for (const [name, rules, attributes] of cases) {
	test(`attributes: ${name}`, () => {
		for (const options of [DIAZO, MENDED, HTML]) assert.equal(tag(rules, options), attributes);
	});
}

/** Where Diazo does something else than it says. */
const different: readonly (readonly [name: string, rules: string, mended: string, diazo: string])[] = [
	[
		'copy of * clears',
		'<copy attributes="*" css:theme="#a" content="//p[1]"/>',
		'class="p1" lang="en"',
		'class="p1" id="a" lang="en" title="t"',
	],
	[
		'replace',
		'<replace attributes="class id" css:theme="#a" css:content="p"/>',
		'class="p3" title="t"',
		'class="x" id="a" title="t"',
	],
	[
		'merge of nothing',
		'<merge attributes="rel" css:theme="#a" css:content="b"/>',
		'class="x" id="a" title="t"',
		'class="x" id="a" rel="" title="t"',
	],
	[
		'merge of several nodes',
		'<merge attributes="class" css:theme="#a" css:content="p"/>',
		'class="x p1 p3" id="a" title="t"',
		'class="x p1  p3" id="a" title="t"',
	],
	[
		'merges of several rules',
		'<merge attributes="class" css:theme="#a" css:content="b"/><merge attributes="class" css:theme="#a" content="//p[1]"/>',
		'class="x b p1" id="a" title="t"',
		'class="x p1" id="a" title="t"',
	],
	[
		'merge behind a drop',
		'<drop attributes="class" css:theme="#a"/><merge attributes="class" css:theme="#a" css:content="b"/>',
		'class="b" id="a" title="t"',
		'class="x b" id="a" title="t"',
	],
];

for (const [name, rules, mended, diazo] of different) {
	test(`attributes, as documented and as Diazo does: ${name}`, () => {
		assert.equal(tag(rules, MENDED), mended);
		assert.equal(tag(rules, HTML), mended);
		assert.equal(tag(rules, DIAZO), diazo);
	});
}

test('attributes of a union are copied; Diazo copies all but the last of it whole', () => {
	const rules = '<copy attributes="class" css:theme="#a" content="//p[1] | //b"/>';
	assert.equal(tag(rules, MENDED), 'class="b" id="a" title="t"');
	const page = themed({ theme: THEME, content: CONTENT, rules, options: DIAZO });
	assert.match(page, /<div id="a" class="x" title="t"><p class="p1"[^>]*>1<\/p>A<\/div>/);
});

test('attributes come from another document', () => {
	const rules = '<copy attributes="class" css:theme="#a" css:content="p" href="other.html"/>';
	const files = { 'other.html': '<html><body><p class="o">O</p></body></html>' };
	for (const options of [DIAZO, MENDED, HTML]) {
		assert.match(themed({ theme: THEME, content: CONTENT, rules, files, options }), /<div id="a" class="o" title="t">/);
	}
});

test('the language of the content becomes that of the page', () => {
	const rules = '<prepend theme="/html" content="/html/@lang"/>';
	const content = '<html lang="de"><body>x</body></html>';
	const theme = '<html lang="en"><body>A</body></html>';
	assert.match(themed({ theme, content, rules, options: DIAZO }), /<html [^>]*\blang="de" xml:lang="de"/);
	assert.match(themed({ theme, content, rules, options: HTML }), /<html lang="de">/);
});
