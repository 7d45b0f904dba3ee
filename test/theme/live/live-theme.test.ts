/** A theme that follows its files: editors, folders and links do with them whatever they can do, and pages never suffer. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ThemeError } from '../../../src/theme/index.ts';
import { emptyFolder, follow, liveFolder, RULES, themeWith } from './live-folder.ts';

const SLOW = { timeout: 20_000 };
const files = { 'rules.yaml': RULES, 'theme.html': themeWith('old') };

test('a theme that is written over is used', SLOW, async (t) => {
	const { write, until, words } = liveFolder(t, files);
	write('theme.html', themeWith('new'));
	await until(() => words().includes('new'));
});

test('a file that is put in place of another, as editors do, is used, again and again', SLOW, async (t) => {
	const { write, path, until, words } = liveFolder(t, files);
	for (const round of ['one', 'two', 'three']) {
		write('theme.html~', themeWith(round));
		renameSync(path('theme.html~'), path('theme.html'));
		await until(() => words().includes(round));
	}
});

test('rules, and what they include, are followed, too', SLOW, async (t) => {
	const { write, until, live } = liveFolder(
		t,
		{
			'rules.xml':
				'<rules xmlns="http://namespaces.plone.org/diazo" xmlns:xi="http://www.w3.org/2001/XInclude"><theme href="theme.html"/><xi:include href="parts/more.xml"/></rules>',
			'parts/more.xml': '<rules xmlns="http://namespaces.plone.org/diazo"/>',
			'theme.html': themeWith('old'),
		},
		'rules.xml',
	);
	assert.equal(live.plan.rules.length, 0);
	const rule = '<drop theme="//main"/>';
	write('parts/more.xml', `<rules xmlns="http://namespaces.plone.org/diazo">${rule}</rules>`);
	await until(() => live.plan.rules.length === 1);
	write('parts/more.xml', `<rules xmlns="http://namespaces.plone.org/diazo">${rule}${rule}</rules>`);
	await until(() => live.plan.rules.length === 2);
});

test('a broken edit keeps the last plan that worked, until it is mended', SLOW, async (t) => {
	const { write, until, live, compiled } = liveFolder(t, files);
	const { plan } = live;
	write('rules.yaml', RULES.replace('fill', 'fil'));
	await until(() => live.failure !== null);
	assert.ok(live.failure instanceof ThemeError);
	assert.equal(live.plan, plan);
	write('rules.yaml', RULES);
	await until(() => live.failure === null);
	assert.equal(compiled.at(-1), null);
	assert.equal(live.plan.revision, plan.revision);
});

test(
	'a file that was missing is used as soon as it is there, in a folder that was not there either',
	SLOW,
	async (t) => {
		const { write, until, live, words } = liveFolder(t, files);
		write('rules.yaml', RULES.replace('theme.html', 'skins/blue/theme.html'));
		await until(() => live.failure !== null);
		write('skins/blue/theme.html', themeWith('blue'));
		await until(() => words().includes('blue'));
		assert.equal(live.failure, null);
	},
);

test('a folder that is deleted and made again is followed as before', SLOW, async (t) => {
	const { path, write, until, live, words } = liveFolder(
		t,
		{ 'site/rules.yaml': RULES, 'site/theme.html': themeWith('old') },
		'site/rules.yaml',
	);
	for (const round of ['one', 'two']) {
		rmSync(path('site'), { recursive: true });
		await until(() => live.failure !== null);
		write('site/rules.yaml', RULES);
		write('site/theme.html', themeWith(round));
		await until(() => words().includes(round) && live.failure === null);
	}
	write('site/theme.html', themeWith('at last'));
	await until(() => words().includes('at last'));
});

test('a link to a folder that is set to another folder counts as an edit', SLOW, async (t) => {
	const path = emptyFolder(t);
	for (const release of ['one', 'two']) {
		mkdirSync(path(release));
		writeFileSync(join(path(release), 'rules.yaml'), RULES);
		writeFileSync(join(path(release), 'theme.html'), themeWith(release));
	}
	symlinkSync('one', path('current'));
	const { until, words } = follow(t, join(path('current'), 'rules.yaml'));
	assert.match(words(), /one/);
	symlinkSync('two', path('next'));
	renameSync(path('next'), path('current'));
	await until(() => words().includes('two'));
	writeFileSync(join(path('two'), 'theme.html'), themeWith('three'));
	await until(() => words().includes('three'));
});

test('a link to a file in another folder is followed to where it leads', SLOW, async (t) => {
	const { path, write, until, words } = liveFolder(t, { ...files, 'shared/base.html': themeWith('base') });
	unlinkSync(path('theme.html'));
	symlinkSync('shared/base.html', path('theme.html'));
	await until(() => words().includes('base'));
	write('shared/base.html', themeWith('changed'));
	await until(() => words().includes('changed'));
});

test('a storm of events is one compilation', SLOW, async (t) => {
	const { write, until, words, compiled } = liveFolder(t, files);
	for (let n = 0; n < 300; n++) write('theme.html', themeWith(`n${n}.`));
	await until(() => words().includes('n299.'));
	assert.equal(compiled.length, 1);
});

test('other files in the same folder are no events', SLOW, async (t) => {
	const { write, until, words, compiled } = liveFolder(t, files);
	for (let n = 0; n < 20; n++) write(`other${n}.txt`, 'x');
	write('theme.html', themeWith('new'));
	await until(() => words().includes('new'));
	assert.equal(compiled.length, 1);
});

test('after a close, edits change nothing', SLOW, async (t) => {
	const { write, live, words, compiled } = liveFolder(t, files);
	const other = follow(t, join(live.plan.themes[0]?.name ?? '', '..', 'rules.yaml'));
	live.close();
	write('theme.html', themeWith('new'));
	await other.until(() => other.words().includes('new'));
	assert.match(words(), /old/);
	assert.equal(compiled.length, 0);
});

test('a process ends although it follows its files', SLOW, (t) => {
	const { path } = liveFolder(t, files);
	const program = `
		import { theme } from ${JSON.stringify(import.meta.resolve('../../../src/theme/index.ts'))};
		theme(process.argv[1]);
		console.log('followed');`;
	const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program, path('rules.yaml')], {
		encoding: 'utf8',
		timeout: 15_000,
	});
	assert.deepEqual([status, stdout], [0, 'followed\n']);
});
