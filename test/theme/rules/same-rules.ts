import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ThemeError } from '../../../src/theme/diagnostics/index.ts';
import { ThemeFiles } from '../../../src/theme/files/index.ts';
import {
	convertToYaml,
	type LoadOptions,
	loadRules,
	type RuleSet,
	type RulesInput,
} from '../../../src/theme/rules/index.ts';

/** Files of a theme in a folder that goes away afterwards. */
export function withFiles<T>(files: Readonly<Record<string, string>>, use: (root: string) => T): T {
	const root = mkdtempSync(join(tmpdir(), 'turnabout-rules-'));
	try {
		for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
		return use(root);
	} finally {
		rmSync(root, { recursive: true });
	}
}

const NAMESPACES = [
	'xmlns="http://namespaces.plone.org/diazo"',
	'xmlns:css="http://namespaces.plone.org/diazo/css"',
	'xmlns:xsl="http://www.w3.org/1999/XSL/Transform"',
	'xmlns:xi="http://www.w3.org/2001/XInclude"',
].join(' ');

export const xml = (inner: string): string => `<rules ${NAMESPACES}>\n${inner}\n</rules>`;

export function loadXml(
	inner: string,
	options: LoadOptions = {},
	others: Readonly<Record<string, string>> = {},
): RuleSet {
	const text =
		/^<rules( xmlns=|\/>)/.test(inner) || inner.startsWith('<!') || inner.startsWith('<?') ? inner : xml(inner);
	return withFiles({ 'rules.xml': text, ...others }, (root) =>
		loadRules('rules.xml', new ThemeFiles({ root }), options),
	);
}

export function loadYaml(
	text: string,
	options: LoadOptions = {},
	others: Readonly<Record<string, string>> = {},
): RuleSet {
	return withFiles({ 'rules.yaml': text, ...others }, (root) =>
		loadRules('rules.yaml', new ThemeFiles({ root }), options),
	);
}

export function loadCode(input: RulesInput, options: LoadOptions = {}): RuleSet {
	return withFiles({}, (root) => loadRules(input, new ThemeFiles({ root }), options));
}

/** `code line:column message hint` of every mistake. */
export function mistakesOf(load: () => unknown): string[] {
	try {
		load();
	} catch (error) {
		if (!(error instanceof ThemeError)) throw error;
		return error.diagnostics.map(({ code, message, hint, place }) => {
			const before = place?.file.text.slice(0, place.offset).split('\n') ?? [''];
			return `${code} ${before.length}:${(before.at(-1)?.length ?? 0) + 1} ${message}${hint === null ? '' : ` ${hint}`}`;
		});
	}
	return [];
}

/** What counts of a set: not places, nor how it was spelled, nor prefixes that everybody knows. */
export function essence({ themes, nothemes, rules, xsl, links }: RuleSet): unknown {
	const left = ['place', 'spelled', 'namespaces', 'file'];
	const keep = (key: string, value: unknown): unknown => (left.includes(key) || value === null ? undefined : value);
	return JSON.parse(JSON.stringify({ themes, nothemes, rules, xsl, links }, keep));
}

/** Converts, reads again from a copy of the folder, and compares. */
export function assertSameAsYaml(set: RuleSet, folder: string | null, name: string): void {
	const yaml = convertToYaml(set);
	withFiles({}, (root) => {
		if (folder !== null) cpSync(folder, root, { recursive: true });
		writeFileSync(join(root, 'converted.yaml'), yaml);
		const again = loadRules('converted.yaml', new ThemeFiles({ root }));
		assert.deepEqual(essence(again), essence(set), `${name}:\n${yaml}`);
	});
}
