/** What XSLT declares under the root: declarations, a body that asks for them, and what libxslt makes of it. */
import { type Case } from './xslt-cases.ts';

const value = (select: string): string => `<xsl:value-of select="${select}"/>`;
const key = (name: string, match: string, use: string): string =>
	`<xsl:key name="${name}" match="${match}" use="${use}"/>`;
const format = (attributes: string): string => `<xsl:decimal-format ${attributes}/>`;

export const DECLARED: readonly Case[] = [
	['a key', key('dd', 'dd', '.'), value("count(key('dd', 'k1'))"), '2'],
	[
		'a key for every node of a set',
		key('dt', 'dt', '@id'),
		'<xsl:for-each select="key(\'dt\', //dd)"><xsl:value-of select="."/>,</xsl:for-each>',
		'one,two,',
	],
	['a key of several values', key('li', 'ol', 'li'), value("name(key('li', 'y')/..)"), 'li'],
	[
		'two keys of one name',
		key('a', 'dt', '@id') + key('a', 'dd', '.'),
		'<xsl:for-each select="key(\'a\', \'k1\')"><xsl:value-of select="name()"/>,</xsl:for-each>',
		'dt,dd,dd,',
	],
	['nothing has the value', key('a', 'dt', '@id'), `[${value("key('a', 'nope')")}]`, '[]'],
	[
		'groups',
		key('dd', 'dd', '.'),
		'<xsl:for-each select="//dd[generate-id() = generate-id(key(\'dd\', .)[1])]"><xsl:value-of select="concat(., count(key(\'dd\', .)))"/>,</xsl:for-each>',
		'k12,k21,',
	],
	[
		'a key in a pattern',
		key('dd', 'dd', '.') +
			'<xsl:template match="key(\'dd\', \'k2\')" mode="m">two</xsl:template><xsl:template match="dd" mode="m" priority="-1">-</xsl:template>',
		'<xsl:apply-templates select="//dd" mode="m"/>',
		'-two-',
	],
	[
		'a number in another format',
		format('name="e" decimal-separator="," grouping-separator="."'),
		value("format-number(1234567.891, '#.##0,00', 'e')"),
		'1.234.567,89',
	],
	[
		'the usual format declared',
		format('decimal-separator="," grouping-separator="."'),
		value("format-number(1234.5, '#.##0,00')"),
		'1.234,50',
	],
	[
		'other words',
		format('name="w" NaN="none" infinity="much" minus-sign="~"'),
		value("format-number(number('x'), '0', 'w')") +
			value("format-number(1 div 0, '0', 'w')") +
			value("format-number(-3, '0', 'w')"),
		'nonemuch~3',
	],
	[
		'an attribute set',
		'<xsl:attribute-set name="s"><xsl:attribute name="a">1</xsl:attribute><xsl:attribute name="b"><xsl:value-of select="//p"/></xsl:attribute></xsl:attribute-set>',
		'<u xsl:use-attribute-sets="s" b="own"/><xsl:element name="u" use-attribute-sets="s"/>',
		'<u a="1" b="own"></u><u a="1" b="1"></u>',
	],
	[
		'attribute sets that use another',
		'<xsl:attribute-set name="t" use-attribute-sets="s"><xsl:attribute name="a">2</xsl:attribute></xsl:attribute-set><xsl:attribute-set name="s"><xsl:attribute name="a">1</xsl:attribute><xsl:attribute name="b">1</xsl:attribute></xsl:attribute-set>',
		'<xsl:for-each select="//h1[1]"><xsl:copy use-attribute-sets="t"/></xsl:for-each>',
		'<h1 a="2" b="1"></h1>',
	],
	[
		'an attribute set in two parts',
		'<xsl:attribute-set name="s"><xsl:attribute name="a">1</xsl:attribute></xsl:attribute-set><xsl:attribute-set name="s"><xsl:attribute name="a">2</xsl:attribute></xsl:attribute-set>',
		'<u xsl:use-attribute-sets="s"/>',
		'<u a="2"></u>',
	],
];
