/** How far what an edit writes looks: told by what its expressions mean, not by what they look like. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ThemeFiles } from '../../../src/theme/files/index.ts';
import { compilePlan } from '../../../src/theme/plan/index.ts';
import { loadRules } from '../../../src/theme/rules/index.ts';
import type { Settlement } from '../../../src/theme/tree/index.ts';
import { NAMESPACES } from '../language/themed.ts';

const root = mkdtempSync(join(tmpdir(), 'turnabout-reach-'));
after(() => rmSync(root, { recursive: true, force: true }));
writeFileSync(join(root, 'x.html'), '<b>x</b>');
writeFileSync(join(root, 'theme.html'), '<html><body></body></html>');

/** What the edits of `rules` wait for. */
function reachOf(rules: string): Settlement {
	writeFileSync(join(root, 'rules.xml'), `<rules ${NAMESPACES}><theme href="theme.html"/>${rules}</rules>`);
	const files = new ThemeFiles({ root });
	return compilePlan(loadRules('rules.xml', files, { compat: null }), files, { uniqueIds: true }).edits.settlement;
}

const value = (select: string): string => `<xsl:value-of select="${select}"/>`;
const local = (select: string): string => `<xsl:variable name="v" select="${select}"/>${value('$v/b')}`;

const bodies: readonly (readonly [body: string, reach: Settlement])[] = [
	['<b title="a/b $ ../c">x</b>', 'start'],
	[value('.'), 'start'],
	[value('b//@c'), 'start'],
	[value("concat('/', b, '$x..', '//', string(.))"), 'start'],
	[value("b[. = '//parent::x']/parent-of"), 'start'],
	[value('current()/b'), 'start'],
	[value('$path'), 'start'],
	[value('$given'), 'start'],
	[value('count(b) div 2'), 'start'],
	[value('following'), 'start'],
	['<b title="{@id}/{{$x}}"/>', 'start'],
	['<xsl:if css:test="b > i">x</xsl:if>', 'start'],
	[local('b[1]'), 'start'],
	['<xsl:for-each select="b"><xsl:sort select="@c"/><i/></xsl:for-each>', 'start'],
	[value('/html/head/title'), 'head'],
	[value('concat(b, //head/meta[1]/@content)'), 'end'],
	['<b title="{/html/head/title}"/>', 'head'],
	[value('$title'), 'head'],
	[value("//*[@id = 'x']"), { ids: ['x'] }],
	[value('/'), 'end'],
	[value('//b'), 'end'],
	[value('b[//i]'), 'end'],
	[value('..'), 'end'],
	[value('parent::b'), 'end'],
	[value('b/following-sibling::b'), 'end'],
	[value("id('b')"), { ids: ['b'] }],
	[value("document('x.html')//b"), 'start'],
	[value('document(//a/@href)//b'), 'end'],
	[value("key('k', 'b')"), 'end'],
	[value('$late'), 'end'],
	[value('$nowhere'), 'end'],
	[local('//b'), 'end'],
	['<b title="{../@id}"/>', 'end'],
	['<xsl:if css:test="b ~ i">x</xsl:if>', 'end'],
	['<xsl:if css:test="b" css:prefix="//">x</xsl:if>', 'end'],
	['<xsl:call-template name="t"/>', 'end'],
	['<include css:content="b"/>', 'end'],
	['<include content="b"/>', 'start'],
	['<include content="b" if-content="//i"/>', 'end'],
];

const SHEET = `<xsl:param name="given" select="1"/><xsl:variable name="title" select="/html/head/title"/>
	<xsl:variable name="late" select="//b"/><xsl:template name="t"/>`;

for (const [body, reach] of bodies) {
	test(`waits for ${JSON.stringify(reach)}: ${body}`, () => {
		assert.deepEqual(reachOf(`${SHEET}<before css:content="u">${body}</before>`), reach);
	});
}
