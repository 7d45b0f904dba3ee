import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Diagnostics, formatDiagnostics } from '../../../src/theme/diagnostics/index.ts';
import { ThemeFiles } from '../../../src/theme/files/index.ts';
import { loadRules } from '../../../src/theme/rules/index.ts';
import { assertSameAsYaml } from './same-rules.ts';

const CASES = join(import.meta.dirname, '../../../../shared/theme-cases');
const missing = existsSync(CASES) ? false : `${CASES} is not there`;
const names = missing === false ? readdirSync(CASES).filter((name) => existsSync(join(CASES, name, 'rules.xml'))) : [];

for (const compat of ['diazo', null] as const) {
	test(`all of Diazo's published rules load without errors, compat ${compat}`, { skip: missing }, () => {
		for (const name of names) {
			const diagnostics = new Diagnostics();
			try {
				loadRules('rules.xml', new ThemeFiles({ root: join(CASES, name) }), { compat, diagnostics });
			} catch {
				assert.fail(`${name}: ${formatDiagnostics(diagnostics.all)}`);
			}
		}
	});
}

test(`Diazo's published rules say the same in YAML`, { skip: missing }, () => {
	for (const name of names) {
		const files = new ThemeFiles({ root: join(CASES, name) });
		assertSameAsYaml(loadRules('rules.xml', files), join(CASES, name), name);
	}
});
