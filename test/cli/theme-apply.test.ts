import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { BIN, run } from './command-process.ts';
import { PAGE, rules, THEME, THEMED, themeProject } from './theme-project.ts';

const SLOW = { timeout: 30_000 };

test('theme apply prints the page in its theme, and nothing else', SLOW, async (t) => {
	const { status, stdout, stderr } = await run(t, ['theme', 'apply', '--rules', 'rules.xml', 'page.html'], {
		cwd: themeProject(t),
	});
	assert.deepEqual([status, stdout.trimEnd(), stderr], [0, THEMED, '']);
});

test('theme apply reads standard input where the page is -', SLOW, async (t) => {
	const command = ['sh', '-c', 'cat page.html | "$0" "$@"', process.execPath, BIN];
	const ended = await run(t, ['theme', 'apply', '--rules', 'rules.xml', '-'], { cwd: themeProject(t), command });
	assert.deepEqual([ended.status, ended.stdout.trimEnd()], [0, THEMED]);
});

test('theme apply decodes the page by what it says of itself', SLOW, async (t) => {
	const cwd = themeProject(t);
	writeFileSync(join(cwd, 'page.html'), Buffer.from(PAGE.replace('utf-8', 'iso-8859-1'), 'latin1'));
	const { stdout } = await run(t, ['theme', 'apply', '--rules', 'rules.xml', 'page.html'], { cwd });
	assert.match(stdout, /<title>Grüße<\/title>/);
});

test('theme apply knows path and parameters', SLOW, async (t) => {
	const more = '<drop css:theme="#side" if-path="/news" if="$wide = \'a=b\'"/>';
	const cwd = themeProject(t, { 'rules.xml': rules(more) });
	const apply = ['theme', 'apply', '--rules', 'rules.xml'];
	const both = await run(t, [...apply, '--path', '/news/1', '--param', 'wide=a=b', 'page.html'], { cwd });
	assert.doesNotMatch(both.stdout, /side/);
	const other = await run(t, [...apply, '--path', '/', '--param', 'wide=a=b', 'page.html'], { cwd });
	assert.match(other.stdout, /id="side"/);
});

test(
	'theme apply puts the prefix in front of the theme’s URLs, and takes a theme of another folder',
	SLOW,
	async (t) => {
		const cwd = themeProject(t, {
			'rules/rules.xml': rules().replace(/<theme .*>/, ''),
			'looks/theme.html': THEME.replace('<title>', '<link href="a.css"><title>'),
		});
		const theme = ['--theme', 'looks/theme.html', '--prefix', '/static'];
		const ended = await run(t, ['theme', 'apply', '--rules', 'rules/rules.xml', ...theme, 'page.html'], { cwd });
		assert.equal(ended.stderr, '');
		assert.match(ended.stdout, /<link href="\/static\/a\.css"><title>Grüße/);
	},
);

test('theme apply writes XHTML as Diazo does', SLOW, async (t) => {
	const args = ['theme', 'apply', '--rules', 'rules.xml', '--mode', 'xhtml', '--compat', 'diazo', 'page.html'];
	const { stdout } = await run(t, args, { cwd: themeProject(t) });
	assert.match(stdout, /^<!DOCTYPE html PUBLIC "-\/\/W3C\/\/DTD XHTML 1\.0 Transitional/);
});

test('a page for which no theme applies is printed as it came, byte for byte', SLOW, async (t) => {
	const cwd = themeProject(t, { 'rules.xml': rules('<notheme css:if-content="p"/>'), 'page.html': '<p>\r\n<b>&amp' });
	const { status, stdout } = await run(t, ['theme', 'apply', '--rules', 'rules.xml', 'page.html'], { cwd });
	assert.deepEqual([status, stdout], [0, '<p>\r\n<b>&amp']);
});

test('warnings go to standard error', SLOW, async (t) => {
	const cwd = themeProject(t, { 'rules.xml': rules('<drop css:theme="#nowhere"/>') });
	const { status, stdout, stderr } = await run(t, ['theme', 'apply', '--rules', 'rules.xml', 'page.html'], { cwd });
	assert.deepEqual([status, stdout.trimEnd()], [0, THEMED]);
	assert.match(
		stderr,
		/^rules\.xml:5:\d+: warning: '#nowhere' matches nothing in the theme theme\.html\. \[no-match\]/,
	);
});

/** Command lines that are understood, and cannot be done: status 1, the reason, the hint. */
const rows: readonly (readonly [args: string, reason: string, hint: RegExp])[] = [
	['--rules rulse.xml page.html', '--rules rulse.xml: there is no such file', /Did you mean rules\.xml\?/],
	['--rules no/rules.xml page.html', '--rules no/rules.xml: there is no such file', /There is no folder no either\./],
	['--rules . page.html', '--rules .: a folder, not a file', /Did you mean rules\.xml\?/],
	['--rules theme.html page.html', '--rules theme.html: neither .xml nor .yaml', /ending of their name/],
	['--rules latin1.xml page.html', '--rules latin1.xml: not UTF-8', /Save it as UTF-8/],
	['--rules rules.xml pge.html', 'pge.html: there is no such file', /Did you mean page\.html\?/],
	['--rules rules.xml .', '.: a folder, not a file', /Name a file in it\./],
	[
		'--rules rules.xml --theme them.html page.html',
		'--theme them.html: there is no such file',
		/Did you mean theme\.html\?/,
	],
];

for (const [args, reason, hint] of rows) {
	test(`theme apply ${args} cannot be done`, SLOW, async (t) => {
		const cwd = themeProject(t);
		writeFileSync(join(cwd, 'latin1.xml'), Buffer.from(rules('<!-- ü -->'), 'latin1'));
		const { status, stdout, stderr } = await run(t, ['theme', 'apply', ...args.split(' ')], { cwd });
		assert.deepEqual([status, stdout], [1, '']);
		assert.equal(stderr.split('\n')[0], `turnabout: ${reason}`);
		assert.match(stderr.split('\n')[1] ?? '', hint);
	});
}

test('rules with a mistake are refused, with the lines around it', SLOW, async (t) => {
	const cwd = themeProject(t, { 'rules.xml': rules('<repalce css:theme="p"/>') });
	const { status, stdout, stderr } = await run(t, ['theme', 'apply', '--rules', 'rules.xml', 'page.html'], { cwd });
	assert.deepEqual([status, stdout], [1, '']);
	assert.match(stderr, /^turnabout: --rules rules\.xml: these rules cannot be used\n/);
	assert.match(stderr, /rules\.xml:5:2: error: .*'repalce'[\s\S]*> 5 \|[\s\S]*\^{3,}[\s\S]*Did you mean 'replace'\?/);
});

test('a parameter without a value is said, with the flag for it', SLOW, async (t) => {
	const cwd = themeProject(t, { 'rules.xml': rules('<drop css:theme="#side" if="$wide"/>') });
	const { status, stderr } = await run(t, ['theme', 'apply', '--rules', 'rules.xml', 'page.html'], { cwd });
	assert.equal(status, 1);
	assert.match(stderr, /^turnabout: page\.html: .*wide.*\n {2}.*--param NAME=VALUE/);
});
