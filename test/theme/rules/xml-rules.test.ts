import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertSameAsYaml, loadXml, mistakesOf, xml } from './same-rules.ts';

const only = (inner: string) => {
	const [rule] = loadXml(inner).rules;
	assert.ok(rule);
	return rule;
};

test('a CSS twin is CSS, its plain form XPath, and both know where they stand', () => {
	const rule = only('<replace css:theme="#a" content="//b"/>');
	assert.equal(rule.theme?.select.language, 'css');
	assert.equal(rule.content?.select.language, 'xpath');
	const { file, offset, length } = rule.theme?.select.place ?? assert.fail();
	assert.equal(file.text.slice(offset, offset + length), '#a');
});

const SPELLED: readonly (readonly [string, string, boolean])[] = [
	['<replace css:theme-children="a" css:content="b"/>', 'replace', true],
	['<copy css:theme="a" css:content="b"/>', 'replace', true],
	['<prepend css:theme="a" css:content="b"/>', 'before', true],
	['<append css:theme="a" css:content="b"/>', 'after', true],
	['<before css:theme="a" css:content="b"/>', 'before', false],
	['<drop css:theme-children="a"/>', 'drop', true],
];

test('old spellings are about the children of the theme node', () => {
	for (const [text, kind, children] of SPELLED) {
		const rule = only(text);
		assert.deepEqual([rule.kind, rule.theme?.children], [kind, children], text);
	}
});

test('conditions add up from the outside in, in the order in which they are tested', () => {
	const rule = only(
		'<rules if-path="/x /y"><rules if="$a"><drop css:theme="a" if-not="$b" css:if-content="c"/></rules></rules>',
	);
	assert.deepEqual(
		rule.condition.map(({ kind, negated }) => `${kind} ${negated}`),
		['path false', 'expression false', 'content false', 'expression true'],
	);
});

test('an empty if-content is about the content of the rule itself', () => {
	const nodes = only('<replace css:theme="a" css:content="b" css:if-content=""/>').condition[0];
	assert.ok(nodes?.kind === 'content' && nodes.expression.text === 'b' && nodes.children === undefined);
	const children = only('<replace css:theme="a" css:content-children="b" if-not-content=""/>').condition[0];
	assert.ok(children?.kind === 'content' && children.negated && children.children === true);
});

test('a rule of Deliverance without content does nothing, unless nocontent says otherwise', () => {
	const load = (more: string) => {
		const text = `<rules xmlns="http://openplans.org/deliverance"><copy theme="/a" content="/b" ${more}/></rules>`;
		return loadXml(text).rules[0]?.condition.length;
	};
	assert.deepEqual(['', 'nocontent="theme"', 'nocontent="ignore"'].map(load), [1, 1, 0]);
});

const WRONG: readonly (readonly [string, RegExp])[] = [
	['<repalce css:theme="a" css:content="b"/>', /unknown-element 2:1 .*Did you mean 'replace'/],
	['<replace css:them="a" css:content="b"/>', /unknown-attribute 2:\d+ .*Did you mean 'css:theme'/],
	['<strip css:theme-children="a"/>', /theme-children/],
	['<drop css:theme="a" css:content="b"/>', /conflict/],
	['<replace theme="a" css:theme="b" css:content="c"/>', /two-selectors/],
	['<replace css:theme="" css:content="c"/>', /empty-selector/],
	['<merge css:theme="a" css:content="b"/>', /missing-attribute .*attributes/],
	['<replace css:theme="a" css:content="b"><p/></replace>', /conflict/],
	['<replace css:theme="a" href="x" method="ajax"/>', /bad-method/],
	['<theme href="nowhere.html"/>', /missing-file 2:14/],
	['<theme href="http://example.org/"/>', /network 2:14/],
	['<theme href="../../etc/passwd"/>', /outside-root|missing-file/],
	['<replace css:theme="a"><drop css:theme="b"/></replace>', /rule-in-rule/],
	['words', /stray-text 2:1/],
	['<before css:theme="a">&nbsp;</before>', /undefined-entity 2:23/],
	['<foo:x/>', /undeclared-prefix/],
	['<replace css:theme="a">', /xml-syntax/],
];

test('mistakes are told with their place and a way out', () => {
	for (const [text, told] of WRONG) assert.match(mistakesOf(() => loadXml(text)).join('\n'), told, text);
	assert.match(mistakesOf(() => loadXml('<rules/>')).join(), /wrong-root 1:1 .*xmlns=/);
});

test('what Diazo passes over is a warning under compat, and what it refuses stays an error', () => {
	assert.equal(loadXml('<repalce/><drop css:theme="a" css:them="b"/>', { compat: 'diazo' }).rules.length, 1);
	assert.notEqual(mistakesOf(() => loadXml('<strip theme-children="a"/>', { compat: 'diazo' })).length, 0);
});

test('includes are read beside the file they stand in, keep conditions around them, and may not go in circles', () => {
	const other = xml('<drop css:theme="a"/>');
	const include = '<rules if-path="/x"><xi:include href="other.xml"/></rules>';
	assert.equal(loadXml(include, {}, { 'other.xml': other }).rules[0]?.condition.length, 1);
	const fallback = '<xi:include href="none.xml"><xi:fallback><drop css:theme="a"/></xi:fallback></xi:include>';
	assert.equal(loadXml(fallback).rules.length, 1);
	const circle = { 'other.xml': xml('<xi:include href="rules.xml"/>') };
	assert.match(mistakesOf(() => loadXml('<xi:include href="other.xml"/>', {}, circle)).join(), /include-cycle/);
});

test('entities are text of the document itself, and cannot grow without end', () => {
	const declared = `<!DOCTYPE rules [<!ENTITY a "x&#160;y"><!ENTITY b "&a;&a;">]>${xml('<before css:theme="a">&b;</before>')}`;
	const body = loadXml(declared).rules[0]?.body?.[0];
	assert.ok(body?.type === 'text' && body.text === 'x\u00a0yx\u00a0y');
	const laughs = Array.from({ length: 12 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join('');
	const bomb = `<!DOCTYPE rules [<!ENTITY l0 "lol">${laughs}]>${xml('<before css:theme="a">&l12;</before>')}`;
	assert.match(mistakesOf(() => loadXml(bomb)).join(), /entity-limit/);
	const outside = `<!DOCTYPE rules [<!ENTITY x SYSTEM "file:///etc/passwd">]>${xml('<before css:theme="a">&x;</before>')}`;
	assert.match(mistakesOf(() => loadXml(outside)).join(), /external-entity/);
	const itself = `<!DOCTYPE rules [<!ENTITY x "&x;">]>${xml('<before css:theme="a">&x;</before>')}`;
	assert.match(mistakesOf(() => loadXml(itself)).join(), /entity-cycle/);
});

test('HTML is HTML in whichever namespace; whitespace between instructions is indentation', () => {
	const [element] =
		only('<replace css:theme="a">\n <ul>\n <xsl:if test="b">\n <li>c</li>\n</xsl:if></ul>\n</replace>').body ?? [];
	assert.ok(element?.type === 'element' && element.namespace === 'html' && element.children[0]?.type === 'text');
	const choice = element.children[1];
	assert.ok(choice?.type === 'element' && choice.namespace === 'xsl' && choice.children.length === 1);
});

const ROUND: readonly string[] = [
	'<theme css:if-content="b">\n<html><body title="{{a}}">x</body></html></theme><notheme if-path="/a /b" if-not="$c"/>',
	'<rules if="$a"><rules if="$b"><drop css:theme="a" css:if-content="c"/></rules></rules>',
	'<merge attributes="class id" separator=", " css:theme="a" css:content="b"/><drop attributes="*" content="//a"/>',
	'<replace css:theme="a" css:content="b" css:prefix="//" method="raw"/>',
	'<before css:theme="a"><p title="{//a}">b<![CDATA[ ]]><xsl:text> </xsl:text><b/></p></before>',
	'<after css:content="a"><xsl:if test="b"><xsl:text>  </xsl:text> c </xsl:if></after>',
	'<replace css:theme="a"><svg xmlns="http://www.w3.org/2000/svg"><g/><p xmlns="">x</p></svg></replace>',
	'<replace css:theme-children="a" content-children="b|c" href="/d" method="esi"/>',
	'<copy css:theme="a" css:content-children="b" if-not-content=""/>',
	'<drop xmlns:y="urn:y" theme="y:a"/><before css:theme="a"><y:b xmlns:y="urn:y" y:c="d"/></before>',
	'<append css:theme="a"><script>if (a &lt; b) c();</script><style>a { b: c }</style></append>',
];

test('rules in XML say the same in YAML', () => {
	for (const text of ROUND) assertSameAsYaml(loadXml(text), null, text);
});
