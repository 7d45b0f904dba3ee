import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ask, BIN, type CommandProcess, FIXTURES, project, ROOT, run, start } from './command-process.ts';

/** The first program of that name on the machine's own path that `fits`. */
function find(name: string, fits: (path: string) => boolean): string | null {
	const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'));
	return folders.map((folder) => join(folder, name)).find((path) => existsSync(path) && fits(path)) ?? null;
}

const major = (node: string): number =>
	Number(/^v(\d+)/.exec(execFileSync(node, ['--version'], { encoding: 'utf8' }))?.[1]);

const oldNode = find('node', (path) => major(path) < 24);
const npx = find('npx', () => true);

test('an old Node is told so in one line', {
	timeout: 30_000,
	skip: oldNode === null && 'there is no Node older than 24 here',
}, async (t) => {
	const { status, stdout, stderr } = await run(t, ['--help'], { command: [oldNode ?? '', BIN] });
	assert.equal(status, 1);
	assert.equal(stdout, '');
	assert.match(stderr, /^turnabout: needs Node 24 or newer; this is v\d+\.\d+\.\d+ \(.+\)\n$/);
});

test('the file is a program', { timeout: 30_000 }, async (t) => {
	const path = `${dirname(process.execPath)}${delimiter}${process.env['PATH']}`;
	const { status, stdout } = await run(t, ['version'], { command: [BIN], env: { PATH: path } });
	assert.equal(status, 0);
	assert.match(stdout, /^turnabout \d/);
});

test('without dist/ it says how to get it', { timeout: 30_000 }, async (t) => {
	const folder = project(t);
	mkdirSync(join(folder, 'bin'));
	for (const file of ['turnabout', 'package.json']) copyFileSync(join(ROOT, 'bin', file), join(folder, 'bin', file));
	const { status, stderr } = await run(t, ['version'], { command: [process.execPath, join(folder, 'bin/turnabout')] });
	assert.equal(status, 1);
	assert.match(stderr, /^turnabout: not built yet: .*`npm ci` or `npm run build` makes it\n$/);
});

/**
 * npx with the path of a shell, without what `npm test` has put in front of it, and with a cache of its own. npx links the
 * package into its cache and would build it on that occasion, under the feet of the other tests.
 */
function startNpx(t: TestContext, args: readonly string[]): CommandProcess {
	const path = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'));
	const own = { cache: join(project(t), 'cache'), offline: 'true', ignore_scripts: 'true', update_notifier: 'false' };
	const settings = Object.entries(own).map(([name, value]) => [`npm_config_${name}`, value] as const);
	return start(t, args, { command: [npx ?? ''], env: { PATH: path.join(delimiter), ...Object.fromEntries(settings) } });
}

const withNpx = { timeout: 60_000, skip: npx === null && 'npx is not installed' };

test(
	'npx turnabout works in the checkout with the machine’s own Node, and a signal to npx drains it',
	withNpx,
	async (t) => {
		const started = startNpx(t, ['turnabout', 'serve', join(FIXTURES, 'slow.ts'), '--listen', '0']);
		const [url = ''] = await started.listening();
		const answer = ask(url, '/slow/700');
		await started.until(() => started.stdout.includes('slow request'), 'the request');
		started.signal('SIGTERM');
		assert.equal((await answer).body, 'slow');
		// Its output closes when everybody who was started has ended; the status is that of npx itself.
		await started.ended;
		assert.match(started.stderr, /^turnabout: (npx has gone|SIGTERM): answering what is under way/m);
		await assert.rejects(ask(url), { code: 'ECONNREFUSED' });
	},
);

test('Ctrl-C in a terminal under npx drains as well', withNpx, async (t) => {
	const started = startNpx(t, ['turnabout', 'serve', join(FIXTURES, 'slow.ts'), '--listen', '0']);
	const [url = ''] = await started.listening();
	const answer = ask(url, '/slow/500');
	await started.until(() => started.stdout.includes('slow request'), 'the request');
	started.signal('SIGINT', true);
	assert.equal((await answer).body, 'slow');
	await started.ended;
	assert.doesNotMatch(started.stderr, /stopping at once/);
});
