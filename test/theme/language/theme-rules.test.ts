/** Rules about nodes of the theme: where each writes, in which order, and which of several is carried out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bodyOf, DIAZO, HTML, MENDED } from './themed.ts';

const A = '<div id="a" class="x">A</div>';
const B = '<div id="b"><i>1</i><i>2</i></div>';
const P = '<p class="m">P</p><p>Q</p>';

/** What the body becomes, in each mode. */
const cases: readonly (readonly [name: string, rules: string, body: string])[] = [
	['replace takes the place of a node', '<replace css:theme="#a" css:content="p"/>', P + B],
	['replace with children of the content', '<replace css:theme="#a" css:content-children="p"/>', `PQ${B}`],
	[
		'replace on theme-children keeps the tag',
		'<replace css:theme-children="#a" css:content="p.m"/>',
		`<div id="a" class="x"><p class="m">P</p></div>${B}`,
	],
	[
		'children take the place of children',
		'<replace css:theme-children="#a" css:content-children="ul"/>',
		`<div id="a" class="x"><li>x</li><li>y</li></div>${B}`,
	],
	['replace without anything removes the node', '<replace css:theme="#a"/>', B],
	['replace with content that is not there removes the node', '<replace css:theme="#a" content="//nope"/>', B],
	['replace by what stands in the rule', '<replace css:theme="#a"><b>new</b> text</replace>', `<b>new</b> text${B}`],
	['before puts in front', '<before css:theme="#b" css:content="p.m"/>', `${A}<p class="m">P</p>${B}`],
	['after puts behind', '<after css:theme="#a" css:content="p.m"/>', `${A}<p class="m">P</p>${B}`],
	[
		'before on theme-children is first inside',
		'<before css:theme-children="#a"><b/></before>',
		`<div id="a" class="x"><b></b>A</div>${B}`,
	],
	[
		'after on theme-children is last inside',
		'<after css:theme-children="#a"><b/></after>',
		`<div id="a" class="x">A<b></b></div>${B}`,
	],
	[
		'prepend, copy and append are those for children',
		'<append css:theme="#a">3</append><copy css:theme="#a">2</copy><prepend css:theme="#a">1</prepend>',
		`<div id="a" class="x">123</div>${B}`,
	],
	[
		'rules of one kind write in their order',
		'<after css:theme="#a">1</after><after css:theme="#a">2</after>',
		`${A}12${B}`,
	],
	[
		'spellings of one kind share that order',
		'<prepend css:theme="#a">1</prepend><before css:theme-children="#a">2</before>',
		`<div id="a" class="x">12A</div>${B}`,
	],
	['drop removes a node', '<drop css:theme="#a"/>', B],
	['drop on theme-children empties it', '<drop css:theme-children="#b"/>', `${A}<div id="b"></div>`],
	[
		'before and after stay where a node is dropped',
		'<drop css:theme="#a"/><before css:theme="#a">1</before><after css:theme="#a">2</after>',
		`12${B}`,
	],
	[
		'before and after stay where a node is replaced',
		'<after css:theme="#a">2</after><replace css:theme="#a">new</replace><before css:theme="#a">1</before>',
		`1new2${B}`,
	],
	['drop wins over replace', '<replace css:theme="#a">new</replace><drop css:theme="#a"/>', B],
	[
		'replace wins over what is inside',
		'<replace css:theme="#a">new</replace><append css:theme="#a">!</append>',
		`new${B}`,
	],
	['strip leaves the children', '<strip css:theme="#b"/>', `${A}<i>1</i><i>2</i>`],
	[
		'strip keeps what is put inside and around',
		'<strip css:theme="#b"/><before css:theme="#b">0</before><prepend css:theme="#b">a</prepend><append css:theme="#b">z</append>',
		`${A}0a<i>1</i><i>2</i>z`,
	],
	['a conditional strip that does not hold keeps the tag', '<strip css:theme="#b" if="false()"/>', A + B],
	[
		'of conditional replacements the first that holds',
		'<replace css:theme="#a" if="false()">1</replace><replace css:theme="#a" if="true()">2</replace><replace css:theme="#a" if="true()">3</replace>',
		`2${B}`,
	],
	[
		'the one without a condition is for when none holds, wherever it stands',
		'<replace css:theme="#a">else</replace><replace css:theme="#a" if="false()">1</replace>',
		`else${B}`,
	],
	[
		'a conditional replacement goes before one without condition',
		'<replace css:theme="#a">else</replace><replace css:theme="#a" if="true()">1</replace>',
		`1${B}`,
	],
	[
		'without one that holds the node stays',
		'<replace css:theme="#a" if="false()">1</replace><append css:theme="#a">!</append>',
		`<div id="a" class="x">A!</div>${B}`,
	],
	[
		'conditional drops add up',
		'<drop css:theme="#a" if="false()"/><drop css:theme="#a" if="true()"/><drop css:theme="#b" if="false()"/>',
		B,
	],
	[
		'children that are dropped and children that are replaced: the first that holds',
		'<drop css:theme-children="#a" if="true()"/><replace css:theme-children="#a" if="true()">new</replace>',
		`<div id="a" class="x"></div>${B}`,
	],
	[
		'the children of several nodes',
		'<replace css:theme-children="#b i" css:content-children="p.m"/>',
		`${A}<div id="b"><i>P</i><i>P</i></div>`,
	],
	[
		'rules inside a node that is filled when its condition holds',
		'<replace css:theme-children="#b" if="false()">new</replace><drop theme="//i[1]"/>',
		`${A}<div id="b"><i>2</i></div>`,
	],
	[
		'nodes are selected in document order, whatever the union',
		'<replace css:theme="#a" content="//p[2] | //p[1]"/>',
		P + B,
	],
	['a string takes a place, too', '<replace css:theme="#a" content="string(//li[2])"/>', `y${B}`],
	[
		'content attributes set attributes',
		'<prepend css:theme="#b" content="//div/@class"/>',
		`${A}<div id="b" class="k"><i>1</i><i>2</i></div>`,
	],
	[
		'xsl:attribute sets one, first inside',
		'<prepend css:theme="#b"><xsl:attribute name="title"><xsl:value-of select="//p"/></xsl:attribute></prepend>',
		`${A}<div id="b" title="P"><i>1</i><i>2</i></div>`,
	],
	['comments in a rule are written', '<replace css:theme="#a"><!-- c --><b/></replace>', `<!-- c --><b></b>${B}`],
	[
		'scripts stay as they are',
		'<replace css:theme="#a"><script>a &lt; b</script></replace>',
		`<script>a < b</script>${B}`,
	],
];

for (const [name, rules, body] of cases) {
	test(`in the theme: ${name}`, () => {
		for (const options of [DIAZO, MENDED, HTML]) assert.equal(bodyOf({ rules, options }), body);
	});
}

test('comments of the theme can be replaced and dropped', () => {
	const theme = '<html><body><!-- x --><b>1</b><!-- y --></body></html>';
	const rules = `<replace theme="//comment()[contains(., 'x')]"><i/></replace><drop theme="//comment()[contains(., 'y')]"/>`;
	for (const options of [DIAZO, MENDED, HTML]) assert.equal(bodyOf({ theme, rules, options }), '<i></i><b>1</b>');
});

test('texts of the theme can be replaced, but not in Diazo', () => {
	const rules = '<replace css:theme="#a"/><replace theme="//i[1]/text()">one</replace>';
	assert.equal(bodyOf({ rules }), '<div id="b"><i>one</i><i>2</i></div>');
	assert.equal(bodyOf({ rules, options: DIAZO }), B);
});

test('instructions of the theme are for the stylesheet in Diazo, and stay otherwise', () => {
	const theme = '<html><body><?php x ?><b>1</b></body></html>';
	assert.equal(bodyOf({ theme, rules: '', options: DIAZO }), '<b>1</b>');
	assert.equal(bodyOf({ theme, rules: '', options: HTML }), '<?php x ?><b>1</b>');
});

test('text in a body keeps the space that is meant', () => {
	const rules = '<replace css:theme="#a"><xsl:text> x </xsl:text><b>y</b> z</replace>';
	assert.equal(bodyOf({ rules }), ` x <b>y</b> z${B}`.trim());
});
