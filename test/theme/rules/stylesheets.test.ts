/** xsl:include and xsl:import: what they bring into a set of rules, in which order, and what they may not. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { ThemeFiles } from '../../../src/theme/files/index.ts';
import { convertToYaml, loadRules } from '../../../src/theme/rules/index.ts';
import { assertSameAsYaml, essence, loadXml, loadYaml, mistakesOf, xml } from './same-rules.ts';

const sheet = (inner: string, root = 'stylesheet'): string =>
	`<xsl:${root} version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:d="urn:data">${inner}</xsl:${root}>`;

const variable = (name: string): string => `<xsl:variable name="${name}"/>`;

/** The names of what is declared, in order, with a mark for those of a lower precedence. */
function declared(rules: string, files: Readonly<Record<string, string>>): string[] {
	return loadXml(rules, {}, files).xsl.map(({ attributes, precedence }) => {
		const name = attributes.find((one) => one.name === 'name')?.value ?? '';
		return precedence === undefined ? name : `${name}*`;
	});
}

test('what is included stands where it is included, what is imported in front', () => {
	const files = { 'a.xsl': sheet(variable('a')), 'b.xsl': sheet(variable('b'), 'transform') };
	const rules = `${variable('x')}<xsl:include href="a.xsl"/>${variable('y')}<xsl:import href="b.xsl"/>`;
	assert.deepEqual(declared(rules, files), ['b*', 'x', 'a', 'y']);
});

test('a sheet goes behind those it imports, and a later import behind an earlier one', () => {
	const files = {
		'a.xsl': sheet(`<xsl:import href="b.xsl"/><xsl:import href="c.xsl"/>${variable('a')}`),
		'b.xsl': sheet(variable('b')),
		'c.xsl': sheet(`${variable('c')}<xsl:include href="d.xsl"/>`),
		'd.xsl': sheet(variable('d')),
	};
	const { xsl } = loadXml(`<xsl:import href="a.xsl"/>${variable('x')}<xsl:import href="d.xsl"/>`, {}, files);
	const names = xsl.map(({ attributes }) => attributes[0]?.value);
	assert.deepEqual(names, ['b', 'c', 'd', 'a', 'd', 'x']);
	const all = xsl.map(({ precedence = 0 }) => precedence);
	assert.ok(all.every((one, i) => i === 0 || one >= (all[i - 1] ?? 0)));
	assert.equal(new Set(all).size, 5);
	assert.equal(all[1], all[2], 'what is included has the precedence of what includes it');
	assert.ok((all[4] ?? 0) < 0);
});

test('data of other languages is passed over', () => {
	assert.deepEqual(declared('<xsl:include href="a.xsl"/>', { 'a.xsl': sheet(`<d:x><y/></d:x>${variable('a')}`) }), [
		'a',
	]);
});

test('the files that are brought in are among those of the set', () => {
	const { files } = loadXml('<xsl:import href="a.xsl"/>', {}, { 'a.xsl': sheet('') });
	assert.ok(files.some(({ name }) => name.endsWith('a.xsl')));
});

test('rules in YAML bring in stylesheets as well', () => {
	const { xsl } = loadYaml(
		`xml: <xsl:import href="a.xsl"/>\nrules:\n  - drop: { content: p }\n`,
		{},
		{ 'a.xsl': sheet(variable('a')) },
	);
	assert.equal(xsl.length, 1);
});

const WRONG: readonly (readonly [code: RegExp, rules: string, sheet: string])[] = [
	[/missing-attribute .*href/, '<xsl:import/>', ''],
	[/missing-file 2:/, '<xsl:import href="nope.xsl"/>', ''],
	[/outside-root|missing-file/, '<xsl:import href="../../../etc/passwd"/>', ''],
	[/network 2:/, '<xsl:include href="http://example.org/a.xsl"/>', ''],
	[/include-cycle .*a\.xsl/, '<xsl:include href="a.xsl"/>', sheet('<xsl:include href="a.xsl"/>')],
	[/include-cycle .*a\.xsl/, '<xsl:import href="a.xsl"/>', sheet('<xsl:import href="a.xsl"/>')],
	[/wrong-root .*<rules>/, '<xsl:import href="a.xsl"/>', '<rules/>'],
	[/xml-syntax/, '<xsl:import href="a.xsl"/>', sheet('<a>')],
	[/stray-text/, '<xsl:import href="a.xsl"/>', sheet('words')],
	[/stray-markup/, '<xsl:import href="a.xsl"/>', sheet('<p/>')],
	[
		/external-entity/,
		'<xsl:import href="a.xsl"/>',
		`<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${sheet('&e;')}`,
	],
];

for (const [code, rules, file] of WRONG) {
	test(`${code.source} is told for ${rules} of ${file}`, () => {
		assert.match(mistakesOf(() => loadXml(rules, {}, { 'a.xsl': file })).join('\n'), code);
	});
}

test('sheets that bring in two and two again are stopped', () => {
	const files = Object.fromEntries(
		Array.from({ length: 30 }, (_, i) => [
			`s${i}.xsl`,
			sheet(i === 29 ? '' : `<xsl:include href="s${i + 1}.xsl"/>`.repeat(2)),
		]),
	);
	assert.match(mistakesOf(() => loadXml('<xsl:include href="s0.xsl"/>', {}, files)).join('\n'), /too-many-includes/);
});

/** Rules in a folder that is there for the while of `use`. */
function inFolder(files: Readonly<Record<string, string>>, use: (root: string) => void): void {
	const root = mkdtempSync(join(tmpdir(), 'turnabout-sheets-'));
	try {
		for (const [name, text] of Object.entries(files)) {
			mkdirSync(dirname(join(root, name)), { recursive: true });
			writeFileSync(join(root, name), text);
		}
		use(root);
	} finally {
		rmSync(root, { recursive: true });
	}
}

const IMPORTING = {
	'a.xsl': sheet(`<xsl:import href="b.xsl"/>${variable('a')}<xsl:include href="c.xsl"/>`),
	'b.xsl': sheet(variable('b')),
	'c.xsl': sheet(`<xsl:import href="d.xsl"/>${variable('c')}`),
	'd.xsl': sheet(variable('d')),
};

test('rules that import keep every precedence in YAML', () => {
	const inner = `${variable('x')}<xsl:import href="a.xsl"/><xsl:include href="c.xsl"/><xsl:import href="b.xsl"/><drop css:content="p"/>`;
	inFolder({ ...IMPORTING, 'rules.xml': xml(inner) }, (root) => {
		const set = loadRules('rules.xml', new ThemeFiles({ root }));
		const precedences = set.xsl.map(({ attributes, precedence, importsFrom }) => {
			return [attributes[0]?.value, precedence === undefined ? 'own' : precedence - (importsFrom ?? 0)];
		});
		assert.deepEqual(precedences, [
			['b', 0],
			['d', 0],
			['a', 2],
			['c', 2],
			['d', 0],
			['b', 0],
			['x', 'own'],
			['c', 'own'],
		]);
		assertSameAsYaml(set, root, 'imports');
	});
});

test('an import of rules in another folder is named from where the YAML stands', () => {
	const more = xml('<xsl:import href="../sheets/a.xsl"/>');
	const files = {
		'main/rules.xml': xml('<xi:include href="../more/more.xml"/><drop css:content="p"/>'),
		'more/more.xml': more,
		...Object.fromEntries(Object.entries(IMPORTING).map(([name, text]) => [`sheets/${name}`, text])),
	};
	inFolder(files, (root) => {
		const set = loadRules('main/rules.xml', new ThemeFiles({ root }));
		writeFileSync(join(root, 'main/rules.yaml'), convertToYaml(set));
		const again = loadRules('main/rules.yaml', new ThemeFiles({ root }));
		assert.deepEqual(essence(again), essence(set));
		assert.ok(again.imports.length === 1 && set.xsl.length === 4);
	});
});
