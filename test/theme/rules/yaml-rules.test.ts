import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertSameAsYaml, essence, loadCode, loadXml, loadYaml, mistakesOf, xml } from './same-rules.ts';

const SKETCH = `theme: theme.html
skip: [{ header: hx-request }, { path: /login/** }, { missing: "#visual-portal-wrapper" }]
rules:
  - replace: { theme: title, content: title }
  - fill:    { theme: "#main", content: "#content" }
  - append:  { theme: head, content: "head > meta, head > link" }
  - attrs:   { theme: body, content: body, merge: [class], copy: [id] }
  - drop:    { content: ".byline", when: { path: /news } }
  - include: { theme: "#cart", href: /fragments/cart, timeout: 300ms, onError: keep }
  - edit:    { content: "a[href^='http:']", fn: ./links.ts#secure }
links: { map: { "http://cms.internal:8080": "/" }, in: [href, src] }
`;

test('rules in YAML: theme, skip, rules, links', () => {
	const set = loadYaml(SKETCH, { edits: () => () => {} }, { 'theme.html': '<p>' });
	assert.equal(set.themes[0]?.file?.text, '<p>');
	assert.deepEqual(
		set.nothemes.map(({ condition }) => condition[0]?.kind),
		['header', 'path', 'content'],
	);
	assert.deepEqual(
		set.rules.map(({ kind }) => kind),
		['replace', 'replace', 'after', 'attributes', 'attributes', 'drop', 'replace', 'replace'],
	);
	assert.equal(set.rules[6]?.reference?.timeout, 300);
	assert.deepEqual(set.links?.in, ['href', 'src']);
});

test('YAML and XML come to the same', () => {
	const yaml = loadYaml(`rules:
  - fill: { theme: "#a", content: "#b", when: [{ path: /x/** }, { path: "**/y" }] }
  - group:
      when: { content: "//c", if: $d }
      rules: [{ drop: { content: "xpath:e | f" } }]
  - before: { theme: "#g", html: "<p title='{x}'>y</p>" }
`);
	const same =
		loadXml(`<rules if-path="/x"><replace css:theme-children="#a" css:content-children="#b" if-path="y/"/></rules>
<rules if-content="//c" if="$d"><drop content="e | f"/></rules>
<before css:theme="#g"><p title="{{x}}">y</p></before>`);
	assert.deepEqual(essence(yaml), essence(same));
	assertSameAsYaml(yaml, null, 'yaml');
});

test('code and YAML come to the same', () => {
	const rules = [
		{ replace: { theme: 'title', content: 'title' } },
		{ attrs: { theme: 'body', content: 'body', merge: ['class'] } },
		{ drop: { contentChildren: '.a', when: { notHeader: { 'x-a': 'b' } } } },
	] as const;
	assert.deepEqual(essence(loadCode({ rules })), essence(loadYaml(JSON.stringify({ rules }))));
});

test('a rule in code that has two actions, or none, is not a rule', () => {
	// @ts-expect-error: two actions
	assert.notEqual(mistakesOf(() => loadCode({ rules: [{ drop: { theme: 'a' }, strip: { theme: 'b' } }] })).length, 0);
	// @ts-expect-error: no action
	assert.notEqual(mistakesOf(() => loadCode({ rules: [{}] })).length, 0);
});

test('places in code name the rule by its index', () => {
	const load = () => loadCode({ rules: [{ drop: { theme: 'a' } }, { drop: { theme: '' } }] });
	assert.throws(load, /\(rules in code\) rules\[1\]:\d+:\d+: error: theme is empty/);
});

test('an edit is given the function itself, or one by its name', () => {
	const fn = () => {};
	assert.equal(loadCode({ rules: [{ edit: { content: 'a', fn } }] }).rules[0]?.edit, fn);
	const told = mistakesOf(() => loadYaml('rules: [{ edit: { content: a, fn: b } }]'));
	assert.match(told.join(), /unknown-function 1:\d+/);
});

test('use brings in a file in either language, under conditions, and not in circles', () => {
	const others = { 'a.xml': xml('<drop css:theme="a"/>'), 'b.yaml': 'rules: [{ use: rules.yaml }]' };
	const set = loadYaml('rules: [{ use: { file: a.xml, when: { path: /x } } }]', {}, others);
	assert.equal(set.rules[0]?.condition.length, 1);
	assert.match(mistakesOf(() => loadYaml('rules: [{ use: b.yaml }]', {}, others)).join(), /include-cycle/);
});

const WRONG: readonly (readonly [string, RegExp])[] = [
	['rules:\n  - repalce: { theme: a, content: b }', /unknown-key 2:5 .*Did you mean 'replace'/],
	['rules:\n  - replace: { them: a, content: b }', /unknown-key 2:16 .*Did you mean 'theme'/],
	['rules:\n  - replace: { theme-children: a, content: b }', /Did you mean 'themeChildren'/],
	['rulse: []', /unknown-key 1:1 .*Did you mean 'rules'/],
	['rules: [{ drop: { theme: a }, when: { path: /x } }]', /bad-rule .*Put when inside/],
	['rules: [{ drop: { theme: a, content: b } }]', /conflict/],
	['rules: [{ include: { theme: a } }]', /missing-key .*href/],
	['rules: [{ include: { theme: a, href: b, timeout: soon } }]', /bad-value .*300ms/],
	['rules: [{ drop: { theme: a, when: { path: "/x/*" } } }]', /bad-path/],
	['rules: [{ drop: { theme: #a } }]', /yaml-syntax|empty-value/],
	[
		'rules:\n  - before:\n      theme: a\n      xml: |\n        <p>\n          <xls:if test="a"/>\n        </p>',
		/undeclared-prefix 6:12/,
	],
	['links: { map: { a: b }, in: [hreff] }', /bad-value .*Did you mean 'href'/],
	['rules: {', /yaml-syntax/],
	['', /empty-rules/],
];

test('mistakes in YAML are told with their place and a way out', () => {
	for (const [text, told] of WRONG) assert.match(mistakesOf(() => loadYaml(text)).join('\n'), told, text);
});

test('aliases of aliases do not grow without end', () => {
	const levels = Array.from({ length: 12 }, (_, n) => `  - &l${n + 1} [${`*l${n},`.repeat(10)}]`).join('\n');
	assert.match(mistakesOf(() => loadYaml(`rules:\n  - &l0 [x]\n${levels}`)).join('\n'), /yaml-limit/);
});
