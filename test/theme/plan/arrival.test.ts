/** However the content arrives, the page is the same: nothing is written before what it leans on has been read. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ThemeFiles } from '../../../src/theme/files/index.ts';
import type { Facts } from '../../../src/theme/page/index.ts';
import { compilePlan, PageRun, type Plan } from '../../../src/theme/plan/index.ts';
import { loadRules } from '../../../src/theme/rules/index.ts';
import { NAMESPACES } from '../language/themed.ts';

const THEME =
	'<html><head><title>T</title></head><body class="t"><div id="a">A</div><div id="b">B</div><p>end</p></body></html>';
const CONTENT =
	'<html lang="de"><head><title>C</title></head><body class="c"><p id="one" class="k">1 <a href="x">l</a></p><div id="two"><i>2</i></div><b id="last">3</b></body></html>';
const FILL =
	'<replace css:theme-children="#a" css:content="#one"/><replace css:theme-children="#b" css:content="#two"/>';

const rules: readonly (readonly [name: string, rules: string])[] = [
	[
		'attributes that are dropped under a late condition',
		`<copy attributes="class" theme="/html/body" content="/html/body"/><drop attributes="class" content="/html/body" css:if-content="#last"/>${FILL}`,
	],
	[
		'attributes with a template',
		`<copy attributes="class" theme="/html/body" content="/html/body"/><xsl:template match="body/@class[//b]"><xsl:attribute name="class">n</xsl:attribute></xsl:template>${FILL}`,
	],
	[
		'attributes that are put first inside',
		`<prepend theme="/html" content="/html/@lang"/><prepend theme="/html/body"><xsl:attribute name="id"><xsl:value-of select="//b"/></xsl:attribute></prepend>${FILL}`,
	],
	['content that is dropped under a late condition', `<drop css:content="a" css:if-content="#last"/>${FILL}`],
	['content with something late in front', `<before css:content="a"><include css:content="#last"/></before>${FILL}`],
	[
		'content replaced in different ways',
		`<replace css:content="i" css:if-content="#last">x</replace><replace css:content="i">y</replace>${FILL}`,
	],
	['conditions about the node at hand', `<drop content="//*[@id]" if-content="i"/>${FILL}`],
	['a template that looks around', `<xsl:template match="a"><xsl:value-of select="../../b"/></xsl:template>${FILL}`],
	[
		'a theme in the rules',
		'<theme if="true()"><html><body class="{//b}"><u><xsl:value-of select="//i"/></u><div id="a"/></body></html></theme><replace css:theme-children="#a" css:content="#one"/>',
	],
];

const facts: Facts = { path: '/', query: '', host: 'h', scheme: 'http', parameters: {}, header: () => null };

function page(plan: Plan, pieces: readonly string[]): string {
	const run = new PageRun(plan, facts);
	const early = pieces.map((piece) => run.write(piece)).join('');
	return early + run.end().text;
}

for (const [name, body] of rules) {
	test(`in one piece or byte by byte: ${name}`, () => {
		const root = mkdtempSync(join(tmpdir(), 'turnabout-arrival-'));
		try {
			writeFileSync(join(root, 'rules.xml'), `<rules ${NAMESPACES}>${body}</rules>`);
			writeFileSync(join(root, 'theme.html'), THEME);
			const files = new ThemeFiles({ root });
			const set = loadRules('rules.xml', files);
			for (const uniqueIds of [false, true]) {
				const plan = compilePlan(set, files, { theme: 'theme.html', uniqueIds });
				assert.equal(page(plan, CONTENT.split('')), page(plan, [CONTENT]));
			}
		} finally {
			rmSync(root, { recursive: true });
		}
	});
}
