/** A PHP program that people use, as Debian packs it: DokuWiki, from its pages to an upload, with a copy and data of its own. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fastcgi } from '../../../src/client/fastcgi/index.ts';
import { type App, raw, respond } from '../../../src/convention/index.ts';
import { listen, portOf } from '../../support/engines.ts';
import { php, withoutPhp } from './php-fpm.ts';

const PROGRAM = '/usr/share/dokuwiki';
const skip = withoutPhp || (existsSync(PROGRAM) ? false : 'DokuWiki is not installed (Debian: dokuwiki)');

/** A copy of the program with an administrator, `admin` with the password `secret`. */
function wiki(t: TestContext): string {
	const root = join(mkdtempSync(join(tmpdir(), 'turnabout-wiki-')), 'wiki');
	t.after(() => rmSync(join(root, '..'), { recursive: true, force: true }));
	cpSync(PROGRAM, root, { recursive: true, dereference: true, filter: (path) => !path.endsWith('.htaccess') });
	// Debian's, which names the folders of the system.
	rmSync(join(root, 'inc/preload.php'), { force: true });
	mkdirSync(join(root, 'conf'), { recursive: true });
	for (const name of readdirSync('/etc/dokuwiki')) {
		if (
			/^(?:\w+\.conf|dokuwiki\.php|license\.php|mediameta\.php|plugins(?:\.required)?\.php|manifest\.json)$/.test(name)
		)
			cpSync(join('/etc/dokuwiki', name), join(root, 'conf', name), { dereference: true });
	}
	const password = createHash('md5').update('secret').digest('hex');
	const settings = [
		"$conf['title'] = 'Test wiki';",
		"$conf['useacl'] = 1;",
		"$conf['superuser'] = '@admin';",
		"$conf['userewrite'] = 2;",
		"$conf['send404'] = 1;",
	];
	writeFileSync(join(root, 'conf/local.php'), `<?php\n${settings.join('\n')}\n$conf['savedir'] = '${root}/data';\n`);
	writeFileSync(join(root, 'conf/users.auth.php'), `admin:${password}:Ada:ada@example.com:admin,user\n`);
	writeFileSync(join(root, 'conf/acl.auth.php'), '*\t@ALL\t1\n*\t@user\t8\n');
	for (const name of [
		'attic',
		'cache',
		'index',
		'locks',
		'log',
		'media',
		'media_attic',
		'media_meta',
		'meta',
		'pages',
		'tmp',
	])
		mkdirSync(join(root, 'data', name), { recursive: true });
	return root;
}

/** Files beside the scripts, as far as the test asks for them. */
function filesOf(root: string): App {
	return (request) => {
		const path = raw(request).target.split('?', 1)[0] as string;
		return respond(200, { 'content-type': 'application/octet-stream' }, readFileSync(join(root, path)));
	};
}

/** A browser's memory for cookies, and no more of a browser than that. */
class Visitor {
	private readonly cookies = new Map<string, string>();
	private readonly url: string;

	constructor(url: string) {
		this.url = url;
	}

	async ask(path: string, init: RequestInit = {}): Promise<Response> {
		const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
		const response = await fetch(this.url + path, { redirect: 'manual', ...init, headers: { cookie } });
		for (const line of response.headers.getSetCookie()) {
			const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
			this.cookies.set(name, value);
		}
		return response;
	}

	async page(path: string, form?: Readonly<Record<string, string>>): Promise<string> {
		const response = await this.ask(
			path,
			form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) },
		);
		const location = response.headers.get('location');
		const text = await response.text();
		if (location !== null) return this.page(new URL(location, this.url).pathname + new URL(location, this.url).search);
		assert.ok(response.status < 500, `${path}: ${response.status}`);
		return text;
	}
}

/** The hidden fields of the page's form that has `marker` among them. */
function hiddenFields(page: string, marker: string): Record<string, string> {
	const form =
		page.match(/<form[\s\S]*?<\/form>/g)?.find((one) => one.includes(marker)) ?? assert.fail(`No form with ${marker}`);
	const fields: Record<string, string> = {};
	for (const [input] of form.matchAll(/<input[^>]*type="hidden"[^>]*>/g))
		fields[/name="([^"]*)"/.exec(input)?.[1] ?? ''] = /value="([^"]*)"/.exec(input)?.[1] ?? '';
	return fields;
}

test('DokuWiki', { skip }, async (t) => {
	const root = wiki(t);
	const fpm = await php(t, {}, { root, children: 4 });
	const app = fastcgi(fpm.address, { root, index: 'doku.php', otherwise: filesOf(root), log: () => {} });
	t.after(() => app.close());
	const listener = await listen(t, app, { log: () => {} });
	const visitor = new Visitor(`http://127.0.0.1:${portOf(listener)}`);
	const login = { u: 'admin', p: 'secret', do: 'login', id: 'start' };

	await t.test('pages: by folder, by PATH_INFO, styles and scripts, and one that is not there', async () => {
		assert.match(await visitor.page('/'), /Test wiki/);
		assert.match(await visitor.page('/doku.php/start'), /This topic does not exist yet/);
		const style = await visitor.ask('/lib/exe/css.php?t=dokuwiki');
		assert.match(style.headers.get('content-type') ?? '', /^text\/css/);
		assert.ok((await style.text()).length > 10_000);
		assert.ok((await (await visitor.ask('/lib/exe/js.php?t=dokuwiki')).text()).length > 100_000);
		assert.equal((await visitor.ask('/doku.php/none')).status, 404);
		assert.equal((await visitor.ask('/lib/tpl/dokuwiki/images/logo.png')).status, 200);
	});
	await t.test('login, by cookie and token; not with another password', async () => {
		const form = hiddenFields(await visitor.page('/doku.php/start?do=login'), 'name="u"');
		assert.doesNotMatch(await visitor.page('/doku.php/start', { ...form, ...login, p: 'wrong' }), /Logged in as/);
		assert.match(await visitor.page('/doku.php/start', { ...form, ...login }), /Logged in as[\s\S]*Ada/);
		assert.match(await visitor.page('/doku.php/start'), /Logged in as/);
	});
	await t.test('a page is edited, saved and read by everybody', async () => {
		const form = hiddenFields(await visitor.page('/doku.php/notes:one?do=edit'), 'name="wikitext"');
		assert.ok(form['sectok'], 'a token against forgery');
		const text = `====== Grüße ======\n${'Ein Satz mit „Zeichen“. '.repeat(3_000)}`;
		const forged = await visitor.page('/doku.php/notes:one', {
			...form,
			sectok: 'forged',
			wikitext: text,
			summary: '',
			'do[save]': '1',
		});
		assert.match(forged, /Security Token did not match/);
		assert.equal((await visitor.ask('/doku.php/notes:one')).status, 404, 'not saved');
		await visitor.page('/doku.php/notes:one', { ...form, wikitext: text, summary: 'first', 'do[save]': '1' });
		const stranger = new Visitor(`http://127.0.0.1:${portOf(listener)}`);
		const page = await stranger.page('/doku.php/notes:one');
		assert.match(page, /<h1[^>]*>Grüße/);
		assert.equal(page.split('Ein Satz mit').length, 3_001);
	});
	await t.test('an upload, and the same bytes back', async () => {
		const sectok =
			hiddenFields(await visitor.page('/lib/exe/mediamanager.php?ns=notes'), 'name="upload"')['sectok'] ?? '';
		const logo = readFileSync(join(root, 'lib/tpl/dokuwiki/images/logo.png'));
		const form = new FormData();
		for (const [name, value] of Object.entries({ sectok, ns: 'notes', id: 'up.png' })) form.append(name, value);
		form.append('upload', new File([logo], 'up.png', { type: 'image/png' }));
		const uploaded = await visitor.ask('/lib/exe/mediamanager.php', { method: 'POST', body: form });
		assert.match(await uploaded.text(), /Upload successful/);
		const fetched = await visitor.ask('/lib/exe/fetch.php/notes:up.png');
		assert.equal(fetched.headers.get('content-type'), 'image/png');
		assert.deepEqual(Buffer.from(await fetched.arrayBuffer()), logo);
		const etag = fetched.headers.get('etag') ?? '';
		assert.notEqual(etag, '');
	});
	await t.test('nothing failed on the way', () => assert.equal(app.statistics().failed, 0));
});
