/** Conditions: each kind, together, on what they may stand, and what they mean for the choice of a theme. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bodyOf, DIAZO, type Given, HTML, MENDED } from './themed.ts';

const theme = '<html><body><b>old</b></body></html>';
const content = '<html><body><p class="m">1</p></body></html>';

const holds = (condition: string, given: Partial<Given> = {}): boolean => {
	const rules = `<replace css:theme="b" ${condition}>new</replace>`;
	const bodies = [DIAZO, MENDED, HTML].map((options) => bodyOf({ theme, content, rules, options, ...given }));
	assert.equal(new Set(bodies).size, 1, bodies.join());
	return bodies[0] === 'new';
};

const conditions: readonly (readonly [condition: string, expected: boolean])[] = [
	['if-content="//p"', true],
	['if-content="//nope"', false],
	['css:if-content="p.m"', true],
	['css:if-content=".nope, p"', true],
	['if-not-content="//p"', false],
	['if-not-content="//nope"', true],
	['css:if-not-content=".nope"', true],
	[`if-content="//p = '1'"`, true],
	['if-content="count(//p) = 2"', false],
	['if-content="count(//p)"', true],
	['if-content="string(//nope)"', false],
	['if="true()"', true],
	['if="false() or true()"', true],
	['if-not="false() or true()"', false],
	['css:if="p"', true],
	['css:if-not="p"', false],
	[`if="$path = '/a/b'"`, true],
	[`if="$normalized_path = '/a/b/'"`, true],
	[`if="$host = 'example.org' and $scheme = 'https' and $query_string = 'q=1'"`, true],
	['if-content="//p" if-path="/a" if="true()"', true],
	['if-content="//p" if-path="/x" if="true()"', false],
	['if-content="//p" if-not-content="//p"', false],
	['if-path="/a" if-not-path="b/"', false],
	['if="true()" if-not="true()"', false],
	['if-path="/a"', true],
	['if-path="/a/b/"', true],
	['if-path="/a/"', false],
	['if-path="b/"', true],
	['if-path="a/"', false],
	['if-path="b"', true],
	['if-path="a/b"', true],
	['if-path="/b"', false],
	['if-path="/x b/"', true],
	['if-path="/"', false],
	['if-not-path="/x b/"', false],
	['if-not-path="/x /y"', true],
];

for (const [condition, expected] of conditions) {
	test(`${condition} ${expected ? 'holds' : 'does not hold'} at /a/b`, () => {
		assert.equal(holds(condition, { path: '/a/b' }), expected);
	});
}

test('the root has a path of its own', () => {
	assert.equal(holds('if-path="/"', { path: '/' }), true);
	assert.equal(holds('if-path="/"', { path: '' }), true);
});

test('an empty if-content asks for the content of the rule', () => {
	const replaced = (attributes: string): string =>
		bodyOf({ theme, content, rules: `<replace css:theme="b" ${attributes}/>` });
	assert.equal(replaced('css:content="p" if-content=""'), '<p class="m">1</p>');
	assert.equal(replaced('css:content="i" if-content=""'), '<b>old</b>');
	assert.equal(replaced('css:content="i" css:if-content=""'), '<b>old</b>');
	assert.equal(replaced('css:content="i" if-not-content=""'), '');
	assert.equal(replaced('css:content-children="p" if-content=""'), '1');
	assert.equal(
		replaced('href="other.html" if-path="/x" css:content="p"'.replace('href="other.html" ', '')),
		'<b>old</b>',
	);
});

test('conditions of all rules around must hold', () => {
	const inside = (outer: string, inner: string): string =>
		bodyOf({
			theme,
			content,
			rules: `<rules ${outer}><rules ${inner}><replace css:theme="b" if="true()">new</replace></rules></rules>`,
		});
	assert.equal(inside('if="true()"', 'css:if-content="p"'), 'new');
	assert.equal(inside('if="false()"', 'css:if-content="p"'), '<b>old</b>');
	assert.equal(inside('if="true()"', 'css:if-content="i"'), '<b>old</b>');
	assert.equal(inside('if="false() or true()"', 'if="true() or false()"'), 'new');
});

test('variables and parameters are asked in conditions and choose themes', () => {
	const rules =
		'<xsl:param name="p">x</xsl:param><xsl:variable name="v" select="string(//p)"/><xsl:variable name="f"><i>1</i></xsl:variable>' +
		`<theme href="one.html" if="$p = 'y'"/><theme href="theme.html"/><replace css:theme="b" if="$v = '1' and $f = '1'"><xsl:value-of select="$p"/></replace>`;
	const files = { 'one.html': '<html><body><u/></body></html>' };
	for (const mode of [DIAZO, HTML]) {
		assert.equal(bodyOf({ theme, content, rules, files, options: { ...mode, theme: null } }), 'x');
		const options = { ...mode, theme: null, parameters: { p: 'y' } };
		assert.match(bodyOf({ theme, content, rules, files, options }), /^<u/);
	}
});

const THEMES = {
	'one.html': '<html><body><i>one</i></body></html>',
	'two.html': '<html><body><i>two</i></body></html>',
};

const chosen = (rules: string, path = '/'): string => {
	const bodies = [DIAZO, MENDED, HTML].map((mode) =>
		bodyOf({ theme, content, rules, path, files: THEMES, options: { ...mode, theme: null } }),
	);
	assert.equal(new Set(bodies).size, 1, bodies.join());
	return bodies[0] ?? '';
};

test('conditional themes are tried in order, then the one without a condition', () => {
	const rules =
		'<theme href="theme.html"/><theme href="one.html" if-path="/1"/><theme href="two.html" if-path="/1 /2"/>';
	assert.equal(chosen(rules, '/1'), '<i>one</i>');
	assert.equal(chosen(rules, '/2'), '<i>two</i>');
	assert.equal(chosen(rules, '/3'), '<b>old</b>');
});

test('no theme, and the page stays as it is', () => {
	assert.equal(chosen('<theme href="one.html" if="false()"/>'), '<p class="m">1</p>');
	assert.equal(chosen('<notheme css:if-content="p"/><theme href="one.html"/>'), '<p class="m">1</p>');
	assert.equal(
		chosen('<theme href="one.html" if="true()"/><notheme if-path="/x"/><notheme if-path="/1"/>', '/1'),
		'<p class="m">1</p>',
	);
	assert.equal(chosen('<notheme/><theme href="one.html"/>'), '<i>one</i>');
	assert.equal(chosen('<rules if-path="/1"><notheme/></rules><theme href="one.html"/>', '/1'), '<p class="m">1</p>');
});

test('a rule is about all themes that have a place for it', () => {
	const rules =
		'<theme href="one.html" if-path="/1"/><theme href="theme.html"/><replace css:theme="i, b" css:content-children="p"/>';
	assert.equal(chosen(rules, '/1'), '1');
	assert.equal(chosen(rules, '/2'), '1');
});

test('each theme has its prefix', () => {
	const files = { 'one.html': '<html><body><img src="a.png"></body></html>' };
	for (const mode of [DIAZO, HTML]) {
		const options = { ...mode, theme: null, prefix: '/other' };
		assert.match(
			bodyOf({ content, files, options, rules: '<theme href="one.html" prefix="/static"/>' }),
			/src="\/static\/a.png"/,
		);
		assert.match(bodyOf({ content, files, options, rules: '<theme href="one.html"/>' }), /src="\/other\/a.png"/);
	}
});

test('a theme may stand in the rules, with instructions in it', () => {
	assert.equal(chosen('<theme><html><body><i>in</i></body></html></theme><replace css:theme="i">new</replace>'), 'new');
	const rules =
		'<theme><html><body><i class="{//p/@class}{{}}"><xsl:value-of select="//p"/></i><u/><include css:content="p"/></body></html></theme><append css:theme="i">!</append><drop css:theme="u"/>';
	assert.equal(chosen(rules), '<i class="m{}">1!</i><p class="m">1</p>');
});

test('two themes without a condition are both written by Diazo', () => {
	const rules = '<theme href="one.html"/><theme href="two.html"/>';
	const page = bodyOf({ content, rules, files: THEMES, options: { ...DIAZO, theme: null } });
	assert.match(page, /one[^]*two/);
});

test('a template for the document takes the place of everything', () => {
	const rules = '<xsl:template match="/"><html><body><xsl:value-of select="//p"/></body></html></xsl:template>';
	for (const options of [DIAZO, MENDED, HTML]) assert.equal(bodyOf({ theme, content, rules, options }), '1');
});
