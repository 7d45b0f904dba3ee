import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run } from './command-process.ts';
import { PAGE, rules, THEME, themeProject } from './theme-project.ts';

const SLOW = { timeout: 30_000 };
const caseOf = (name: string, xpath: string, own = rules()): Record<string, string> => ({
	[`cases/${name}/rules.xml`]: own,
	[`cases/${name}/theme.html`]: THEME,
	[`cases/${name}/content.html`]: PAGE,
	[`cases/${name}/xpaths.txt`]: `${xpath}\n`,
});

test('theme test runs a folder of cases and ends with how many passed and failed', SLOW, async (t) => {
	const cwd = themeProject(t, { ...caseOf('good', '//p'), ...caseOf('bad', '//h6'), 'cases/README.md': 'no case' });
	const { status, stdout } = await run(t, ['theme', 'test', 'cases'], { cwd });
	assert.equal(status, 1);
	assert.match(stdout, /^cases\/bad: failed\n {2}does not hold: \/\/h6\n\n1 passed, 1 failed\n$/);
});

test('theme test takes cases themselves, and several folders', SLOW, async (t) => {
	const cwd = themeProject(t, { ...caseOf('one', '//p'), ...caseOf('two', '//title') });
	const { status, stdout } = await run(t, ['theme', 'test', 'cases/one', 'cases/two'], { cwd });
	assert.deepEqual([status, stdout], [0, '2 passed, 0 failed\n']);
});

test('theme test --mode and --compat choose how the cases are run', SLOW, async (t) => {
	const cwd = themeProject(t, caseOf('mode', '//p', rules('<unknown/>')));
	assert.equal((await run(t, ['theme', 'test', 'cases'], { cwd })).status, 0);
	const strict = await run(t, ['theme', 'test', '--mode', 'html', '--compat', 'off', 'cases'], { cwd });
	assert.equal(strict.status, 1);
	assert.match(strict.stdout, /no element 'unknown'/);
});

test('where there is no case, that is a failure', SLOW, async (t) => {
	const cwd = themeProject(t, { 'empty/README.md': '' });
	assert.deepEqual(await run(t, ['theme', 'test', 'empty'], { cwd }), {
		status: 1,
		signal: null,
		stdout: '0 passed, 0 failed\n',
		stderr: '',
	});
	const none = await run(t, ['theme', 'test', 'nowhere'], { cwd });
	assert.deepEqual([none.status, none.stderr.split('\n')[0]], [1, 'turnabout: nowhere: there is no such folder']);
	const file = await run(t, ['theme', 'test', 'page.html'], { cwd });
	assert.match(file.stderr, /^turnabout: page\.html: a file, not a folder/);
});
