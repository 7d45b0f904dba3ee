import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { commands } from '../../src/cli/commands.ts';
import { commandHelp, generalHelp, groupHelp } from '../../src/cli/help.ts';
import { ROOT, run } from './command-process.ts';

test('help that was asked for goes to standard output, with status 0', { timeout: 30_000 }, async (t) => {
	for (const args of [['--help'], ['-h'], ['help'], ['help', 'help']]) {
		const { status, stdout, stderr } = await run(t, args);
		assert.equal(status, 0);
		assert.equal(stdout, generalHelp());
		assert.equal(stderr, '');
	}
});

test('each command has help, by `help COMMAND` and by --help wherever it stands', { timeout: 30_000 }, async (t) => {
	const reverse = commands['reverse'];
	assert.ok(reverse);
	for (const args of [
		['help', 'reverse'],
		['reverse', '--help'],
		['reverse', '--listen', '80', '-h'],
	]) {
		const { status, stdout } = await run(t, args);
		assert.equal(status, 0);
		assert.equal(stdout, commandHelp('reverse', reverse));
	}
});

test('a group has help, and each of its commands', { timeout: 30_000 }, async (t) => {
	for (const args of [
		['help', 'theme'],
		['theme', '--help'],
		['theme', '-h'],
	]) {
		assert.deepEqual(await run(t, args), { status: 0, signal: null, stdout: groupHelp('theme'), stderr: '' });
	}
	const apply = commands['theme apply'];
	assert.ok(apply);
	for (const args of [
		['help', 'theme', 'apply'],
		['theme', 'apply', '--help'],
	]) {
		assert.equal((await run(t, args)).stdout, commandHelp('theme apply', apply));
	}
});

test('the help of a group names its commands, with an example of each', () => {
	const text = groupHelp('theme');
	for (const [name, { summary, examples }] of Object.entries(commands)) {
		if (!name.startsWith('theme ')) continue;
		assert.ok(text.includes(name) && text.includes(summary), name);
		assert.ok(text.includes(examples[0]?.[0] ?? '?'), name);
	}
	for (const line of text.split('\n')) assert.ok(line.length <= 120, line);
});

test('the general help names every command, the addresses, the signals and the statuses', () => {
	const text = generalHelp();
	for (const [name, { summary }] of Object.entries(commands))
		assert.match(text, new RegExp(`^ {2}${name} +${summary}$`, 'm'));
	for (const word of ['127.0.0.1:8080', '[::1]:8080', 'unix:/path', 'Port 0', 'SIGTERM', 'SIGINT', 'Exit status']) {
		assert.ok(text.includes(word), word);
	}
});

test('the help of a command shows all its flags, an example, and lines that fit a terminal', () => {
	for (const [name, command] of Object.entries(commands)) {
		const text = commandHelp(name, command);
		for (const [flag, { value }] of Object.entries(command.flags))
			assert.ok(text.includes(`  --${flag} ${value}`.trimEnd()), `${name} --${flag}`);
		assert.match(text, new RegExp(`^ {2}turnabout ${name}`, 'm'));
		for (const line of text.split('\n')) assert.ok(line.length <= 120, line);
	}
});

test('version says the version of the package', { timeout: 30_000 }, async (t) => {
	const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
	for (const word of ['version', '--version', '-v', '-V']) {
		assert.deepEqual(await run(t, [word]), { status: 0, signal: null, stdout: `turnabout ${version}\n`, stderr: '' });
	}
});

test('docs/command-line.md has a row for every command and every flag', () => {
	const page = readFileSync(join(ROOT, 'docs/command-line.md'), 'utf8');
	for (const [name, command] of Object.entries(commands)) {
		assert.match(page, new RegExp(`^\\| \`${name}\``, 'm'));
		for (const flag of Object.keys(command.flags))
			assert.match(page, new RegExp(`^\\| \`--${flag}[ \`].*\`${name}\``, 'm'), flag);
	}
});
