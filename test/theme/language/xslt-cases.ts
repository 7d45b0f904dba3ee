/** XSLT in the body of a rule: what is declared under the root, the body, and what libxslt makes of it. */

export const PAGE =
	'<html><head><title>T</title></head><body id="b"><h1>A</h1><p class="x">1</p><h2>AA</h2><p>2</p><h2>AB</h2><p>3</p>' +
	'<h1>B</h1><h2>BA</h2><p>4</p><ul><li>b<ol><li>x</li><li>y</li></ol></li><li>10</li><li>9</li><li>B</li><li>a</li></ul>' +
	'<dl><dt id="k1">one</dt><dd>k1</dd><dt id="k2">two</dt><dd>k2</dd><dd>k1</dd></dl><!--c--><i> </i></body></html>';

export type Case = readonly [name: string, top: string, body: string, expected: string];

const each = (select: string, body: string): string => `<xsl:for-each select="${select}">${body}</xsl:for-each>`;
const value = (select: string): string => `<xsl:value-of select="${select}"/>`;
const listed = (attributes: string): string => each('//li|//h1|//h2|//p', `<xsl:number ${attributes}/>,`);

export const NUMBERS: readonly Case[] = [
	['its place among elements of its name', '', each('//p', '<xsl:number/>,'), '1,2,3,4,'],
	['counted by a pattern', '', each('//h2', '<xsl:number count="h1|h2"/>,'), '2,3,5,'],
	['the nearest that is counted', '', each('//ol/li', '<xsl:number count="ul/li"/>,'), '1,1,'],
	['on all levels', '', each('//li', '<xsl:number level="multiple" format="1.1"/>,'), '1,1.1,1.2,2,3,4,5,'],
	[
		'on all levels, each its format',
		'',
		each('//ol/li', '<xsl:number level="multiple" format="(A-i)"/>,'),
		'(A-i),(A-ii),',
	],
	[
		'more levels than formats',
		'',
		each('//ol/li', '<xsl:number level="multiple" count="*" format="1.a"/>,'),
		'1.b.j.a.a.a,1.b.j.a.a.b,',
	],
	['levels beneath', '', each('//ol/li', '<xsl:number level="multiple" count="*" from="ul"/>,'), '1.1.1,1.1.2,'],
	['anywhere before', '', each('//p', '<xsl:number level="any"/>,'), '1,2,3,4,'],
	['anywhere since', '', each('//p', '<xsl:number level="any" from="h1"/>,'), '1,2,3,1,'],
	['anywhere, several kinds', '', each('//h2', '<xsl:number level="any" count="h1|h2" from="h1"/>,'), '2,3,2,'],
	['nothing that is counted', '', `[${each('//p[1]', '<xsl:number count="nope" format="(1)"/>')}]`, '[]'],
	['texts and attributes', '', each('//p[1]/text()|//body/@id', '<xsl:number/>,'), '1,1,'],
	['a value', '', '<xsl:number value="7"/>,<xsl:number value="2.5"/>,<xsl:number value="count(//p)"/>', '7,3,4'],
	[
		'digits',
		'',
		'<xsl:number value="7" format="01"/>,<xsl:number value="7" format="001"/>,<xsl:number value="1234" format="01"/>',
		'07,007,1234',
	],
	[
		'letters',
		'',
		[1, 26, 27, 52, 53, 702, 703].map((n) => `<xsl:number value="${n}" format="a"/>,`).join(''),
		'a,z,aa,az,ba,zz,aaa,',
	],
	['capitals', '', '<xsl:number value="28" format="A"/>', 'AB'],
	[
		'Roman numbers',
		'',
		[1, 4, 9, 14, 40, 90, 400, 1999, 2024].map((n) => `<xsl:number value="${n}" format="i"/>,`).join(''),
		'i,iv,ix,xiv,xl,xc,cd,mcmxcix,mmxxiv,',
	],
	['Roman capitals', '', '<xsl:number value="49" format="I."/>', 'XLIX.'],
	['groups', '', '<xsl:number value="1234567" grouping-separator="," grouping-size="3"/>', '1,234,567'],
	['groups of zeroes', '', '<xsl:number value="7" format="0001" grouping-separator="\'" grouping-size="2"/>', "00'07"],
	['a separator alone', '', '<xsl:number value="1234567" grouping-separator=","/>', '1234567'],
	['a format that is computed', '', '<xsl:number value="3" format="{substring(\'xI\', 2)}"/>', 'III'],
	['no token', '', '<xsl:number value="3" format="*"/>', '*3'],
	['all sorts', '', listed(''), '1,1,1,2,2,3,2,3,4,1,1,2,2,3,4,5,'],
];

const sorted = (select: string, sorts: string): string => each(select, `${sorts}${value('text()')},`);

export const SORTS: readonly Case[] = [
	['by text', '', sorted('//h2', '<xsl:sort select="."/>'), 'AA,AB,BA,'],
	['downwards', '', sorted('//h2', '<xsl:sort order="descending"/>'), 'BA,AB,AA,'],
	[
		'by number, what is none first',
		'',
		sorted('//ul/li', '<xsl:sort select="text()" data-type="number"/>'),
		'b,B,a,9,10,',
	],
	['by number downwards', '', sorted('//p', '<xsl:sort data-type="number" order="descending"/>'), '4,3,2,1,'],
	[
		'by two keys',
		'',
		sorted('//h2|//p', '<xsl:sort select="name()"/><xsl:sort select="." order="descending"/>'),
		'BA,AB,AA,4,3,2,1,',
	],
	[
		'by keys that are computed',
		'',
		sorted('//p', "<xsl:sort data-type=\"{'number'}\" order=\"{concat('desc', 'ending')}\"/>"),
		'4,3,2,1,',
	],
	['equal ones stay as they were', '', sorted('//p', '<xsl:sort select="1"/>'), '1,2,3,4,'],
	[
		'applied templates',
		'<xsl:template match="p" mode="s"><xsl:value-of select="concat(position(), .)"/></xsl:template>',
		'<xsl:apply-templates select="//p" mode="s"><xsl:sort order="descending"/></xsl:apply-templates>',
		'14233241',
	],
];

export const NODES: readonly Case[] = [
	['copy of an element leaves its attributes', '', each('//p[1]', '<xsl:copy>t</xsl:copy>'), '<p>t</p>'],
	['copy of an attribute', '', `<u>${each('//p/@class', '<xsl:copy/>')}</u>`, '<u class="x"></u>'],
	['copy of a text and a comment', '', each('//p[1]/text()|//comment()', '<xsl:copy>no</xsl:copy>'), '1<!--c-->'],
	['copy of the document', '', each('/', '<xsl:copy><b/></xsl:copy>'), '<b></b>'],
	['copy-of a number and a string', '', '<xsl:copy-of select="1 + 1"/><xsl:copy-of select="\'&lt;\'"/>', '2&lt;'],
	['copy-of in document order', '', '<xsl:copy-of select="//p[2]|//h1[1]"/>', '<h1>A</h1><p>2</p>'],
	['copy-of a fragment', '', '<xsl:variable name="v"><b>1</b>2</xsl:variable><xsl:copy-of select="$v"/>', '<b>1</b>2'],
	[
		'attributes: the last wins',
		'',
		'<u a="1"><xsl:attribute name="a">2</xsl:attribute><xsl:attribute name="a">3</xsl:attribute></u>',
		'<u a="3"></u>',
	],
	[
		'attributes behind children are left out',
		'',
		'<u><b/><xsl:attribute name="a">2</xsl:attribute></u>',
		'<u><b></b></u>',
	],
	[
		'attributes hold text only',
		'',
		'<u><xsl:attribute name="a">1<xsl:comment>no</xsl:comment>2</xsl:attribute></u>',
		'<u a="12"></u>',
	],
	['white space in front of attributes', '', '<u>\n  <xsl:attribute name="a">1</xsl:attribute>\n</u>', '<u a="1"></u>'],
	[
		'attributes in conditions and loops',
		'',
		`<u>${each('//p', '<xsl:if test="position() &lt; 3"><xsl:attribute name="a{position()}">x</xsl:attribute></xsl:if>')}</u>`,
		'<u a1="x" a2="x"></u>',
	],
	[
		'an element with a namespace',
		'',
		'<xsl:element name="svg" namespace="http://www.w3.org/2000/svg"/>',
		'<svg xmlns="http://www.w3.org/2000/svg"></svg>',
	],
	['comments', '', '<xsl:comment>a<b>x</b><xsl:value-of select="//p"/></xsl:comment>', '<!--ax1-->'],
	[
		'parameters: only those that are asked for',
		'<xsl:variable name="g" select="\'global\'"/><xsl:template name="t"><xsl:param name="p"/>[<xsl:value-of select="concat($p, $g)"/>]</xsl:template>',
		'<xsl:call-template name="t"><xsl:with-param name="g" select="\'given\'"/><xsl:with-param name="p" select="1"/></xsl:call-template>',
		'[1global]',
	],
	[
		'parameters do not go on to the next',
		'<xsl:template name="t"><xsl:param name="p" select="\'none\'"/><xsl:value-of select="$p"/></xsl:template><xsl:template name="s"><xsl:param name="p"/><xsl:call-template name="t"/></xsl:template>',
		'<xsl:call-template name="s"><xsl:with-param name="p" select="1"/></xsl:call-template>',
		'none',
	],
	[
		'variables of the caller are not seen',
		'<xsl:variable name="v" select="\'global\'"/><xsl:template name="t"><xsl:value-of select="$v"/></xsl:template>',
		'<xsl:variable name="v" select="1"/><xsl:call-template name="t"/>',
		'global',
	],
	[
		'a default that asks an earlier parameter',
		'<xsl:template name="t"><xsl:param name="a" select="2"/><xsl:param name="b" select="$a * 2"/><xsl:value-of select="$b"/></xsl:template>',
		'<xsl:call-template name="t"><xsl:with-param name="a" select="5"/></xsl:call-template>',
		'10',
	],
	[
		'a parameter that is a fragment',
		'<xsl:template name="t"><xsl:param name="p"/><xsl:copy-of select="$p"/></xsl:template>',
		'<xsl:call-template name="t"><xsl:with-param name="p"><b>1</b></xsl:with-param></xsl:call-template>',
		'<b>1</b>',
	],
	[
		'call-template keeps the node',
		'<xsl:template name="t"><xsl:value-of select="."/></xsl:template>',
		each('//p', '<xsl:call-template name="t"/>'),
		'1234',
	],
	[
		'modes',
		'<xsl:template match="p" mode="a">a</xsl:template><xsl:template match="p" mode="b">b</xsl:template>',
		'<xsl:apply-templates select="//p[1]" mode="a"/><xsl:apply-templates select="//p[1]" mode="b"/>',
		'ab',
	],
	[
		'priorities by form',
		'<xsl:template match="node()" mode="m">n</xsl:template><xsl:template match="*" mode="m">s</xsl:template><xsl:template match="p" mode="m">p</xsl:template><xsl:template match="p[@class]" mode="m">c</xsl:template>',
		'<xsl:apply-templates select="//p[1]|//p[2]|//h1[1]|//comment()" mode="m"/>',
		'scpn',
	],
	[
		'a fallback for what is not there',
		'',
		'<xsl:nope><xsl:fallback>f<xsl:value-of select="//p"/></xsl:fallback><b/></xsl:nope><xsl:if test="true()"><xsl:fallback>no</xsl:fallback></xsl:if>',
		'f1',
	],
	['current() inside of predicates', '', each('//dd', `${value('//dt[@id = current()]')},`), 'one,two,one,'],
	['the first of each', '', each('//dd[not(. = preceding::dd)]', `${value('.')},`), 'k1,k2,'],
	[
		'what is available',
		'',
		value(
			"concat(element-available('xsl:number'), element-available('xsl:nope'), function-available('key'), system-property('xsl:version'))",
		),
		'truefalsetrue1.0',
	],
	[
		'node-set of a fragment',
		'',
		'<xsl:variable name="v"><b>1</b><b>2</b></xsl:variable><xsl:value-of select="sum(exsl:node-set($v)/b)"/>',
		'3',
	],
];
