/** Comments and processing instructions around the root of a theme: before the doctype, between it and html, behind html. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ThemeFiles } from '../../../src/theme/files/index.ts';
import type { Facts } from '../../../src/theme/page/index.ts';
import { compilePlan, PageRun, type PlanOptions } from '../../../src/theme/plan/index.ts';
import { loadRules } from '../../../src/theme/rules/index.ts';
import { NAMESPACES } from '../language/themed.ts';

const facts: Facts = { path: '/', query: '', host: 'h', scheme: 'http', parameters: {}, header: () => null };
const CONTENT = '<!doctype html><!-- content --><html><body><p id="one">1</p><p>2</p></body></html><!-- content -->';
const RULES = '<replace css:theme="b" css:content="#one"/>';
const DOCUMENT = '<html><head><title>T</title></head><body><b>x</b></body></html>';

/** The page, its content in these pieces. */
function page(theme: string, rules: string, options: PlanOptions, pieces: readonly string[]): string {
	const root = mkdtempSync(join(tmpdir(), 'turnabout-outside-'));
	try {
		writeFileSync(join(root, 'rules.xml'), `<rules ${NAMESPACES}>${rules}</rules>`);
		writeFileSync(join(root, 'theme.html'), theme);
		const files = new ThemeFiles({ root });
		const set = loadRules('rules.xml', files, { compat: options.compat ?? null });
		const run = new PageRun(compilePlan(set, files, { theme: 'theme.html', ...options }), facts);
		const early = pieces.map((piece) => run.write(piece)).join('');
		return early + run.end().text;
	} finally {
		rmSync(root, { recursive: true });
	}
}

/** The kinds of what is around html, in order. */
const around = (html: string): string[] =>
	html
		.replace(/<html[^]*<\/html>/i, '<html>')
		.match(/<!--[^]*?-->|<\?[^>]*>|<!doctype|<html>/gi)
		?.map((one) => one.toLowerCase()) ?? [];

const THEMES: readonly (readonly [name: string, theme: string, html: readonly string[], xhtml: readonly string[]])[] = [
	[
		'a comment before the doctype',
		`<!-- a --><!DOCTYPE html>${DOCUMENT}`,
		['<!doctype', '<!-- a -->', '<html>'],
		['<!doctype', '<!-- a -->', '<html>'],
	],
	[
		'a comment between the doctype and html',
		`<!DOCTYPE html>\n<!-- a -->\n${DOCUMENT}`,
		['<!doctype', '<!-- a -->', '<html>'],
		['<!doctype', '<!-- a -->', '<html>'],
	],
	[
		'a comment behind html',
		`<!DOCTYPE html>${DOCUMENT}<!-- z -->`,
		['<!doctype', '<html>', '<!-- z -->'],
		['<!doctype', '<html>', '<!-- z -->'],
	],
	[
		'comments everywhere',
		`<!-- a --><!DOCTYPE html><!-- b -->${DOCUMENT}\n<!-- y -->\n<!-- z -->\n`,
		['<!doctype', '<!-- a -->', '<!-- b -->', '<html>', '<!-- y -->', '<!-- z -->'],
		['<!doctype', '<!-- a -->', '<!-- b -->', '<html>', '<!-- y -->', '<!-- z -->'],
	],
	[
		'instructions, which are comments in HTML',
		`<?a b?><!DOCTYPE html>${DOCUMENT}<?y z?>`,
		['<!doctype', '<?a b?>', '<html>', '<?y z?>'],
		// In HTML an instruction ends with the first >, as libxml2 has it: the question mark is part of it.
		['<!doctype', '<?a b??>', '<html>', '<?y z??>'],
	],
];

for (const [name, theme, html, xhtml] of THEMES) {
	for (const [mode, options, expected] of [
		['HTML', { mode: 'html' }, html],
		['XHTML', { mode: 'xhtml' }, xhtml],
		['XHTML as Diazo', { mode: 'xhtml', compat: 'diazo' }, xhtml],
	] as const) {
		test(`${name}, in ${mode}, whole and streamed`, () => {
			const whole = page(theme, RULES, options, [CONTENT]);
			// Diazo leaves instructions out.
			const left = mode === 'XHTML as Diazo' ? expected.filter((one) => !one.startsWith('<?')) : expected;
			assert.deepEqual(around(whole), left);
			assert.match(whole, /<p id="one">1<\/p>/);
			assert.equal(page(theme, RULES, options, CONTENT.split('')), whole);
		});
	}
}
