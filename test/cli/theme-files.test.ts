import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { commonFolder } from '../../src/cli/theme/load-plan.ts';
import { ROOT } from './command-process.ts';

test('the folder of rules and theme is the innermost that holds both, seen from here', () => {
	const here = process.cwd();
	assert.equal(commonFolder('rules.xml', 'theme.html'), '.');
	assert.equal(commonFolder('a/rules.xml', 'a/b/theme.html'), 'a');
	assert.equal(commonFolder('a/rules.xml', 'ab/theme.html'), '.');
	assert.equal(commonFolder('a/rules.xml', join(dirname(here), 'x.html')), dirname(here));
	assert.equal(commonFolder('/a/rules.xml', '/b/theme.html'), '/');
});

test('the theme engine is loaded by its own commands only', () => {
	const script = `
		const { registerHooks } = await import('node:module');
		registerHooks({ load: (url, context, next) => (process.stdout.write(url + '\\n'), next(url, context)) });
		await import(${JSON.stringify(join(ROOT, 'src/cli/commands.ts'))});`;
	const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
	assert.match(stdout, /src\/cli\/theme\/apply-command\.ts/, stderr);
	assert.doesNotMatch(stdout, /src\/theme\//);
});
