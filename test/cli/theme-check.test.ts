import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run } from './command-process.ts';
import { rules, themeProject } from './theme-project.ts';

const SLOW = { timeout: 30_000 };
const QUESTIONABLE = '<drop css:theme="#nowhere"/>';

const rows: readonly (readonly [what: string, more: string, args: readonly string[], status: number, last: string])[] =
	[
		['rules without fault', '', ['--strict'], 0, 'rules.xml: 0 errors, 0 warnings'],
		['a warning', QUESTIONABLE, [], 0, 'rules.xml: 0 errors, 1 warning'],
		['a warning with --strict', QUESTIONABLE, ['--strict'], 1, 'rules.xml: 0 errors, 1 warning'],
		['two errors', '<repalce/><unknown/>', [], 1, 'rules.xml: 2 errors, 0 warnings'],
	];

for (const [what, more, args, expected, last] of rows) {
	test(`theme check: ${what}: status ${expected}`, SLOW, async (t) => {
		const cwd = themeProject(t, { 'rules.xml': rules(more) });
		const { status, stdout, stderr } = await run(t, ['theme', 'check', ...args, 'rules.xml'], { cwd });
		assert.deepEqual([status, stderr], [expected, '']);
		assert.equal(stdout.trimEnd().split('\n').at(-1), last);
	});
}

test('theme check shows each fault at its place, with its lines and what was meant', SLOW, async (t) => {
	const cwd = themeProject(t, { 'rules.xml': rules(`<repalce/>${QUESTIONABLE}`) });
	const { stdout } = await run(t, ['theme', 'check', 'rules.xml'], { cwd });
	assert.match(stdout, /^rules\.xml:5:2: error: .*\[unknown-element\]\n\n(?:.*\n)*> 5 \|/);
	assert.match(stdout, /Did you mean 'replace'\?/);
});

test('theme check tells of a theme that is not there', SLOW, async (t) => {
	const cwd = themeProject(t, { 'rules.xml': rules().replace('theme.html', 'tehme.html') });
	const { status, stdout } = await run(t, ['theme', 'check', 'rules.xml'], { cwd });
	assert.equal(status, 1);
	assert.match(stdout, /^rules\.xml:2:\d+: error: .*tehme\.html/);
});

test(
	'theme check --streaming says what each rule waits for, where a page waits first, and what helps',
	SLOW,
	async (t) => {
		const cwd = themeProject(t, { 'rules.xml': rules('<notheme css:if-content=".bare"/>') });
		const { status, stdout } = await run(t, ['theme', 'check', '--streaming', 'rules.xml'], { cwd });
		assert.equal(status, 0);
		assert.match(stdout, /rules\.xml:3:2 {2}fast {2}everything \(content 'title'\)/);
		assert.match(stdout, /theme\.html: the first bytes leave when this has been read: everything/);
		assert.match(stdout, /rules\.xml:5:\d+ {2}for everything: if-content '\.bare'\n.*write 'body\.bare'/);
	},
);

test('theme check --unique-ids lets parts leave when their element has ended', SLOW, async (t) => {
	const args = ['theme', 'check', '--streaming', '--unique-ids', 'rules.xml'];
	const { stdout } = await run(t, args, { cwd: themeProject(t) });
	assert.match(stdout, /rules\.xml:4:2 {2}fast {2}the end of #content/);
});
