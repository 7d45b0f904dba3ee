/** Rules, a theme and a page as text: what comes out. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { difference } from '../../../src/theme/cases/index.ts';
import { type Diagnostic, Diagnostics, ThemeError } from '../../../src/theme/diagnostics/index.ts';
import { ThemeFiles } from '../../../src/theme/files/index.ts';
import { compilePlan, PageRun, type PlanOptions } from '../../../src/theme/plan/index.ts';
import { loadRules } from '../../../src/theme/rules/index.ts';

export const NAMESPACES = [
	'xmlns="http://namespaces.plone.org/diazo"',
	'xmlns:css="http://namespaces.plone.org/diazo/css"',
	'xmlns:xsl="http://www.w3.org/1999/XSL/Transform"',
	'xmlns:xi="http://www.w3.org/2001/XInclude"',
	'xmlns:exsl="http://exslt.org/common"',
].join(' ');

export const THEME =
	'<html><head><title>Theme</title></head><body class="t"><div id="a" class="x">A</div><div id="b"><i>1</i><i>2</i></div></body></html>';
export const CONTENT =
	'<html><head><title>Content</title></head><body class="c"><div id="one" class="k">One</div><p class="m">P</p><p>Q</p><ul><li>x</li><li>y</li></ul></body></html>';

export interface Given {
	/** What stands in `<rules>`; or all of it, when it begins with that. */
	readonly rules: string;
	/** '' for none. */
	readonly theme?: string;
	readonly content?: string;
	readonly path?: string;
	/** Other files, by name. */
	readonly files?: Readonly<Record<string, string>>;
	readonly options?: PlanOptions;
}

/** Diazo's own behaviour, and its output. */
export const DIAZO: PlanOptions = { mode: 'xhtml', compat: 'diazo' };
/** The rules as they are documented, as XHTML. */
export const MENDED: PlanOptions = { mode: 'xhtml' };
export const HTML: PlanOptions = { mode: 'html' };

export function themed(given: Given): string {
	return withFiles(given, (files) => {
		const { options = MENDED, content = CONTENT, path = '/' } = given;
		const compat = options.compat ?? null;
		const set = loadRules('rules.xml', files, { compat });
		const theme = given.theme === '' ? null : 'theme.html';
		const plan = compilePlan(set, files, { theme, ...options });
		const facts = { path, query: 'q=1', host: 'example.org', scheme: 'https', parameters: {}, header: () => null };
		const run = new PageRun(plan, facts);
		const early = run.write(content);
		const { text, themed } = run.end();
		return themed ? early + text : content;
	});
}

/** What is wrong with rules and theme, errors and warnings. */
export function mistakes(given: Given): readonly Diagnostic[] {
	return withFiles(given, (files) => {
		const diagnostics = new Diagnostics();
		try {
			const compat = given.options?.compat ?? null;
			const set = loadRules('rules.xml', files, { diagnostics, compat });
			const plan = compilePlan(set, files, { theme: given.theme === '' ? null : 'theme.html', ...given.options });
			return [...diagnostics.all, ...plan.warnings];
		} catch (error) {
			if (error instanceof ThemeError) return error.diagnostics;
			throw error;
		}
	});
}

function withFiles<T>({ rules, theme = THEME, files = {} }: Given, use: (files: ThemeFiles) => T): T {
	const root = mkdtempSync(join(tmpdir(), 'turnabout-language-'));
	try {
		const whole = /^<rules[^>]*xmlns=/.test(rules) ? rules : `<rules ${NAMESPACES}>\n${rules}\n</rules>`;
		for (const [name, text] of Object.entries({ ...files, 'rules.xml': whole, 'theme.html': theme })) {
			mkdirSync(dirname(join(root, name)), { recursive: true });
			writeFileSync(join(root, name), text);
		}
		return use(new ThemeFiles({ root }));
	} finally {
		rmSync(root, { recursive: true });
	}
}

/** What is in the body that comes out, without the space between tags. */
export function bodyOf(given: Given): string {
	const text = themed(given);
	const body = /<body[^>]*>([^]*)<\/body>/.exec(text)?.[1] ?? text;
	return body.replace(/>\s+</g, '><').trim();
}

/** The same page, as Diazo's suite compares. */
export function assertPage(given: Given, expected: string): void {
	assert.equal(difference(expected, themed(given)), null);
}
