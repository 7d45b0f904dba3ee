import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { run } from './command-process.ts';
import { rules, THEMED, themeProject } from './theme-project.ts';

const SLOW = { timeout: 30_000 };

test('theme convert prints YAML that does the same', SLOW, async (t) => {
	const cwd = themeProject(t);
	const { status, stdout, stderr } = await run(t, ['theme', 'convert', 'rules.xml'], { cwd });
	assert.deepEqual([status, stderr], [0, '']);
	assert.match(stdout, /^theme: theme\.html\nrules:\n {2}- replace: \{ theme: title, content: title \}/);
	writeFileSync(join(cwd, 'rules.yaml'), stdout);
	const applied = await run(t, ['theme', 'apply', '--rules', 'rules.yaml', 'page.html'], { cwd });
	assert.equal(applied.stdout.trimEnd(), THEMED);
});

test('rules that cannot be read are not converted', SLOW, async (t) => {
	const cwd = themeProject(t, { 'rules.xml': rules('<unknown/>') });
	const { status, stdout, stderr } = await run(t, ['theme', 'convert', 'rules.xml'], { cwd });
	assert.deepEqual([status, stdout], [1, '']);
	assert.match(stderr, /rules\.xml:5:2: error: .*'unknown'/);
});
