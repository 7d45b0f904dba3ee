/** The page about PHP: its tables are the source's, and its examples answer as it says, by a php-fpm where there is one. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fastCgiSettings } from '../../src/client/fastcgi/options.ts';
import { resolveScript } from '../../src/client/fastcgi/script.ts';
import { scriptFiles } from '../../src/client/fastcgi/script-files.ts';
import { type App, lint, type ProxyStatusError, UpstreamError } from '../../src/convention/index.ts';
import { ask } from '../../src/engine/memory/index.ts';
import { php, withoutPhp } from '../client/fastcgi/php-fpm.ts';
import { tableUnder } from './markdown-table.ts';
import { membersOf } from './members.ts';
import { example } from './runnable.ts';

const address = new URL('../../docs/php.md', import.meta.url);
const page = readFileSync(address, 'utf8');
const source = (name: string): string =>
	readFileSync(new URL(`../../src/client/fastcgi/${name}`, import.meta.url), 'utf8');
const settings = fastCgiSettings({ root: '/srv/www' }, '/tmp');

test('docs/php.md names every option', () => {
	const documented = tableUnder(page, 'Options').map(([name]) => name);
	assert.deepEqual(documented, membersOf(source('options.ts'), 'FastCgiOptions'));
});

test('docs/php.md names every time-out and limit with its default', () => {
	for (const [heading, values] of [
		['Time-outs', settings.timeouts],
		['Connections', settings.pool],
		['Limits of an answer', settings.limits],
		['Bodies of requests', settings.requestBody],
	] as const) {
		const documented = tableUnder(page, heading).map(([name = '', value = '']) => [name, value]);
		const expected = Object.entries(values).map(([name, value]) => {
			if (name === 'folder') return [name, "the system's"];
			return [name, value === Number.POSITIVE_INFINITY ? 'no limit' : String(value)];
		});
		assert.deepEqual(Object.fromEntries(documented), Object.fromEntries(expected), heading);
	}
});

test('docs/php.md names every variable that is made of a request', () => {
	const names = [...source('params.ts').matchAll(/preparedName\('([A-Z_]+)'\)/g)].map(([, name = '']) => name);
	assert.ok(names.length > 10);
	for (const name of names) assert.ok(new RegExp(`\\b${name}\\b`).test(page), name);
});

test('docs/php.md gives each failure the status of its type', () => {
	const rows = tableUnder(page, 'When it fails').flatMap(([, gets = '']) => [...gets.matchAll(/^(\d+) `(\w+)`$/g)]);
	assert.ok(rows.length > 5);
	for (const [, status, type] of rows)
		assert.equal(new UpstreamError(type as ProxyStatusError).status, Number(status), `${type}`);
});

/** A folder with these files, gone after the test; names that end in a slash are folders. */
function folderOf(t: TestContext, files: Readonly<Record<string, string>>): string {
	const folder = mkdtempSync(join(tmpdir(), 'turnabout-php-page-'));
	t.after(() => rmSync(folder, { recursive: true, force: true }));
	for (const [name, text] of Object.entries(files)) {
		mkdirSync(join(folder, name.endsWith('/') ? name : dirname(name)), { recursive: true });
		if (!name.endsWith('/')) writeFileSync(join(folder, name), text);
	}
	return folder;
}

test('docs/php.md says which script a path comes to', (t) => {
	const folder = folderOf(t, { 'index.php': '', 'api.php': '', 'logo.png': '', 'admin/index.php': '', 'docs/': '' });
	const rows = tableUnder(page, 'Which script');
	assert.ok(rows.length > 5);
	for (const [path = '', script = '', pathInfo] of rows) {
		const found = resolveScript(path, settings, scriptFiles(folder));
		const said = {
			script: `${'script' in found && found.script}`,
			folder: `308 to \`${path}/\``,
			other: 'none: `otherwise`',
		};
		assert.equal(said[found.kind], script, path);
		assert.equal('pathInfo' in found ? found.pathInfo : '', pathInfo, path);
	}
});

/** The app of an example of the page that has `root` as its root: on that folder and that php-fpm instead. */
async function appOf(root: string, folder: string, fpm: string): Promise<App> {
	const blocks = [...page.matchAll(/^```ts\n([^]*?)^```$/gm)].map(([, text = '']) => text);
	const found =
		blocks.find((text) => text.includes(`const root = '${root}';`)) ?? assert.fail(`no example with ${root}`);
	const ours = found.replace(root, folder).replace('unix:/run/php/php-fpm.sock', fpm);
	return (await example(address, page.indexOf(found), ours).run())['default'] as App;
}

const says = '<?php echo $_SERVER["SCRIPT_NAME"], " ", $_SERVER["PATH_INFO"] ?? "";';

test('the examples of docs/php.md answer as the page says', { skip: withoutPhp }, async (t) => {
	for (const [root, files, answers] of [
		[
			'/srv/www',
			{
				'index.php': says,
				'style.css': 'a{}',
				'.env': 'secret',
				'wp-admin/index.php': says,
				'wp-content/uploads/evil.php': says,
				'private/list.txt': 'secret',
			},
			{
				'/': '/index.php ',
				'/2026/news/?p=1': '/index.php ',
				'/wp-admin/': '/wp-admin/index.php ',
				'/style.css': 'a{}',
				'/wp-content/uploads/evil.php': says,
				'/private/list.txt': 404,
				'/x/../private/list.txt': 400,
				'//private/list.txt': 308,
				'/private%2Flist.txt': 400,
				'/.env': 404,
			},
		],
		[
			'/srv/wiki',
			{
				'doku.php': says,
				'lib/exe/css.php': says,
				'lib/logo.png': 'PNG',
				'data/pages/secret.txt': 'secret',
				'conf/users.auth.php': says,
				...{ 'bin/': '', 'inc/init.php': says, 'vendor/a.php': says },
			},
			{
				'/': '/doku.php ',
				'/doku.php/start': '/doku.php /start',
				'/lib/exe/css.php?t=x': '/lib/exe/css.php ',
				'/lib/logo.png': 'PNG',
				'/data/pages/secret.txt': 404,
				'/%64ata/pages/secret.txt': 404,
				'/conf/users.auth.php': 404,
				'/inc/init.php': 404,
				'/vendor/a.php': 404,
			},
		],
	] as const) {
		const folder = folderOf(t, files);
		const fpm = await php(t, {}, { root: folder, children: 2 });
		const app = lint(await appOf(root, folder, fpm.address));
		for (const [target, expected] of Object.entries(answers)) {
			const answer = await ask(app, { method: 'GET', target });
			assert.equal(typeof expected === 'number' ? answer.status : await answer.text(), expected, target);
		}
	}
});
