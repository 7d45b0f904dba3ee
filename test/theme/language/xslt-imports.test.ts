/** xsl:apply-imports: a template hands its node on to those that its sheet imports (XSLT 1.0 section 5.6). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bodyOf, DIAZO, HTML, MENDED, mistakes } from './themed.ts';

const theme = '<html><body><b>old</b></body></html>';
const content = '<html><body><p class="x">1<i>2</i></p><ul><li>a</li><li>b</li></ul></body></html>';

const sheet = (inner: string): string =>
	`<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">${inner}</xsl:stylesheet>`;
const template = (match: string, body: string, more = ''): string =>
	`<xsl:template match="${match}"${more}>${body}</xsl:template>`;
const NEXT = '<xsl:apply-imports/>';

type Files = Readonly<Record<string, string>>;

function assertGives(rules: string, files: Files, expected: string, select = '//p'): void {
	const all = `${rules}<replace css:theme="b" content="${select}"/>`;
	for (const options of [HTML, MENDED, DIAZO]) {
		assert.equal(bodyOf({ theme, content, rules: all, files, options }), expected);
	}
}

const IMPORT = '<xsl:import href="a.xsl"/>';

test('a template of the rules hands on to those that are imported, one below the other', () => {
	const files = {
		'a.xsl': sheet(`<xsl:import href="b.xsl"/>${template('p', `<u>${NEXT}</u>`)}`),
		'b.xsl': sheet(template('p', `<s>${NEXT}</s>`, ' priority="9"')),
	};
	const expected = '<div><u><s><p class="x">1<i>2</i></p></s></u></div>';
	assertGives(`${IMPORT}${template('p', `<div>${NEXT}</div>`)}`, files, expected);
});

test('only what the own sheet imports is asked, not its neighbours', () => {
	const files = {
		'a.xsl': sheet(template('p', 'a')),
		'b.xsl': sheet(`<xsl:import href="c.xsl"/>${template('p', `b${NEXT}`)}`),
		'c.xsl': sheet(template('p', `c${NEXT}`)),
	};
	assertGives(`${IMPORT}<xsl:import href="b.xsl"/>`, files, 'bc<p class="x">1<i>2</i></p>');
});

test('what a sheet includes imports for it, with a lower precedence than it has', () => {
	const files = {
		'a.xsl': sheet(`<xsl:include href="i.xsl"/>${template('p', `a${NEXT}`)}`),
		'i.xsl': sheet('<xsl:import href="c.xsl"/>'),
		'c.xsl': sheet(template('p', 'c', ' priority="9"')),
	};
	assertGives(IMPORT, files, 'ac');
});

test('of those that are imported the one of the highest precedence is taken, then of the highest priority', () => {
	const files = {
		'a.xsl': sheet(template('p', 'low', ' priority="9000000"')),
		'b.xsl': sheet(`${template('p', 'two', ' priority="2"')}${template('p', 'one', ' priority="1"')}`),
	};
	assertGives(`${IMPORT}<xsl:import href="b.xsl"/>${template('p', `[${NEXT}]`)}`, files, '[two]');
});

test('the mode stays, and where no template is imported a mode writes texts', () => {
	const files = { 'a.xsl': sheet(`${template('i', 'I', ' mode="m"')}${template('i', 'wrong')}`) };
	const rules = `${IMPORT}${template('i', `(${NEXT})`, ' mode="m"')}${template('p', `[${NEXT}]`, ' mode="m"')}`;
	const apply = template('p', '<xsl:apply-templates select="." mode="m"/>');
	assertGives(`${rules}${apply}`, files, '[1(I)]');
});

test('without a template that is imported, the node is written as if it had none', () => {
	assertGives(template('p', `<div>${NEXT}</div>`), {}, '<div><p class="x">1<i>2</i></p></div>');
	assertGives(template('i/text()', `<u>${NEXT}</u>`), {}, '<p class="x">1<i><u>2</u></i></p>');
	const inner = `${template('p', `<div>${NEXT}</div>`)}${template('i', '<s/>')}`;
	assertGives(inner, {}, '<div><p class="x">1<s></s></p></div>');
	const edit = '<drop css:content="i"/>';
	assertGives(`${edit}${template('p', `<div>${NEXT}</div>`)}`, {}, '<div><p class="x">1</p></div>');
});

test('attributes are handed on as well', () => {
	const files = { 'a.xsl': sheet(template('@class', '<xsl:attribute name="id">n</xsl:attribute>')) };
	const rules = template('p/@class', `<xsl:attribute name="title">t</xsl:attribute>${NEXT}`);
	assertGives(`${IMPORT}${rules}`, files, '<p title="t" id="n">1<i>2</i></p>');
	assertGives(rules, {}, '<p title="t" class="x">1<i>2</i></p>');
});

test('a template that is called hands on for the one that calls', () => {
	const files = {
		'a.xsl': sheet(`${template('p', 'imported')}<xsl:template name="n"><u>${NEXT}</u></xsl:template>`),
	};
	assertGives(`${IMPORT}${template('p', '<xsl:call-template name="n"/>')}`, files, '<u>imported</u>');
});

test('variables of the rules are not seen in what is imported, those under the root are', () => {
	const files = { 'a.xsl': sheet(template('p', '<xsl:value-of select="$g"/>')) };
	const rules = `${IMPORT}<xsl:variable name="g" select="1"/>`;
	assertGives(`${rules}${template('p', `<xsl:variable name="g" select="2"/>${NEXT}`)}`, files, '1');
});

const WRONG: readonly (readonly [name: string, rules: string, code: string])[] = [
	['in a rule', `<replace css:theme="#a">${NEXT}</replace>`, 'unknown-instruction'],
	['in a loop', template('p', `<xsl:for-each select="i">${NEXT}</xsl:for-each>`), 'unknown-instruction'],
	['in a variable under the root', `<xsl:variable name="v">${NEXT}</xsl:variable>`, 'unknown-instruction'],
	[
		'with parameters, which are of XSLT 2.0',
		template('p', '<xsl:apply-imports><xsl:with-param name="x" select="1"/></xsl:apply-imports>'),
		'unknown-element',
	],
];

for (const [name, rules, code] of WRONG) {
	test(`it is a mistake ${name}`, () => {
		assert.deepEqual(new Set(mistakes({ rules }).map((one) => one.code)), new Set([code]));
	});
}

test('a template that is called by a rule has no node to hand on, and the page says so', () => {
	const rules = `<replace css:theme="b"><xsl:call-template name="n"/></replace><xsl:template name="n">${NEXT}</xsl:template>`;
	assert.throws(() => bodyOf({ theme, content, rules, options: HTML }), /apply-imports/);
});
