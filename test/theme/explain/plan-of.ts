/** Rules and a theme as text, compiled. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Diagnostics } from '../../../src/theme/diagnostics/index.ts';
import { ThemeFiles } from '../../../src/theme/files/index.ts';
import type { Facts } from '../../../src/theme/page/index.ts';
import { compilePlan, type Plan, type PlanOptions } from '../../../src/theme/plan/index.ts';
import { loadRules } from '../../../src/theme/rules/index.ts';

export const THEME =
	'<html><head><title>Theme</title></head><body><div id="main"><p>old</p></div><div id="side">side</div></body></html>';

export const NAMESPACES =
	'xmlns="http://namespaces.plone.org/diazo" xmlns:css="http://namespaces.plone.org/diazo/css" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"';

/** `body`: what stands in `<rules>`, from line 2 on. */
export function planOf(body: string, options: PlanOptions = {}): Plan {
	const folder = mkdtempSync(join(tmpdir(), 'turnabout-theme-'));
	try {
		writeFileSync(join(folder, 'theme.html'), THEME);
		writeFileSync(join(folder, 'rules.xml'), `<rules ${NAMESPACES}>\n${body}\n</rules>\n`);
		const files = new ThemeFiles({ root: folder });
		return compilePlan(loadRules('rules.xml', files, { diagnostics: new Diagnostics() }), files, options);
	} finally {
		rmSync(folder, { recursive: true });
	}
}

export const facts = (path = '/'): Facts => ({
	path,
	query: '',
	host: 'localhost',
	scheme: 'http',
	parameters: {},
	header: () => null,
});
