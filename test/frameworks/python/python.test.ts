/** Python apps behind Turnabout, by every server that is installed: Django's admin and a Flask shop among them. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { type App, lint, mount, respond, stack } from '../../../src/convention/index.ts';
import { h1 } from '../../../src/engine/h1/index.ts';
import { ask, type MemoryRequest } from '../../../src/engine/memory/index.ts';
import type { Fields } from '../../../src/fields/index.ts';
import { findProgram } from '../../../src/frameworks/python/find-program.ts';
import { asgi, type PythonOptions, wsgi } from '../../../src/frameworks/python/index.ts';

const cwd = fileURLToPath(new URL('apps', import.meta.url));
/** Debian's Python, which Debian's servers run on. */
const PYTHON = '/usr/bin/python3';

function missing(server: string, module?: string): string | false {
	if (findProgram(server, null) === null) return `${server} is not installed`;
	if (module === undefined) return false;
	try {
		execFileSync(PYTHON, ['-c', `import ${module}`], { stdio: 'ignore' });
		return false;
	} catch {
		return `${module} is not installed`;
	}
}

/** The app below `/py`, beside nothing. */
async function mounted(
	t: TestContext,
	kind: 'wsgi' | 'asgi',
	app: string,
	options: PythonOptions = {},
): Promise<{ app: App; lines: string[] }> {
	const lines: string[] = [];
	const made = (kind === 'wsgi' ? wsgi : asgi)(app, { cwd, log: (line) => lines.push(line), ...options });
	t.after(() => made.stop());
	await made.start();
	return { app: lint(stack(mount('/py', made))(() => respond(404))), lines };
}

interface Got {
	readonly status: number;
	readonly fields: Fields;
	readonly text: string;
}

async function got(app: App, request: MemoryRequest): Promise<Got> {
	const answer = await ask(app, request);
	return { status: answer.status, fields: answer.fields, text: await answer.text() };
}

const SPOOFED = { Turnabout_Told: 'mount=%2Fevil', X_Real: 'spoofed', 'X-Real': 'honest', Proxy: 'http://evil' };

for (const server of ['gunicorn', 'uwsgi']) {
	test(`${server}: a WSGI app is told where it is mounted and who asks, and nobody else can tell it`, {
		skip: missing(server),
	}, async (t) => {
		const { app } = await mounted(t, 'wsgi', 'plain_wsgi', { server });
		const answer = await got(app, { url: 'https://shop.example:8443/py/a%20b?q=1', fields: SPOOFED });
		assert.equal(answer.status, 200);
		const told = JSON.parse(answer.text);
		assert.equal(told.SCRIPT_NAME, '/py');
		assert.equal(told.PATH_INFO, '/a b');
		assert.equal(told.QUERY_STRING, 'q=1');
		assert.equal(told.HTTP_HOST, 'shop.example:8443');
		assert.deepEqual([told.SERVER_NAME, told.SERVER_PORT], ['shop.example', '8443']);
		assert.deepEqual([told.scheme, told.HTTPS], ['https', 'on']);
		assert.equal(told.HTTP_X_REAL, 'honest');
		assert.equal(told.HTTP_TURNABOUT_TOLD, undefined);
		assert.deepEqual(answer.fields.all('set-cookie'), ['a=1', 'b=2']);
	});

	test(`${server}: bodies stream both ways, and a worker that dies is replaced`, {
		skip: missing(server),
	}, async (t) => {
		const { app } = await mounted(t, 'wsgi', 'plain_wsgi:make()', { server, workers: 2 });
		const body = new Uint8Array(300_000).fill(7);
		const echo = await ask(app, { url: '/py/echo', body });
		assert.deepEqual(await echo.bytes(), body);
		assert.equal((await got(app, { url: '/py/slow' })).text, 'piece\npiece\npiece\n');
		assert.equal((await ask(app, '/py/exit')).status, 502);
		assert.match((await got(app, { url: '/py/pid' })).text, /^\d+$/);
	});

	test(`${server}: the body that an app gives with HEAD is not taken for the next answer`, {
		skip: missing(server),
	}, async (t) => {
		const { app } = await mounted(t, 'wsgi', 'plain_wsgi', { server });
		for (let i = 0; i < 20; i++) {
			for (const path of ['/py/', '/py/written']) {
				const head = await got(app, { url: path, method: 'HEAD' });
				assert.deepEqual([head.status, head.text], [200, '']);
				assert.equal((await got(app, { url: '/py/pid', method: 'POST', body: 'once' })).status, 200);
			}
		}
	});

	test(`${server}: Flask makes links, redirects and sessions that are right below the mount`, {
		skip: missing(server, 'flask'),
	}, async (t) => {
		const { app } = await mounted(t, 'wsgi', 'flask_shop:app', { server });
		assert.equal((await got(app, { url: '/py/' })).text, '<a href="/py/basket">basket</a>');
		const moved = await got(app, {
			url: 'http://shop.example/py/basket',
			body: new URLSearchParams({ thing: 'a boat' }),
		});
		assert.deepEqual([moved.status, moved.fields.get('location')], [302, '/py/basket']);
		const cookie = (moved.fields.get('set-cookie') ?? '').split(';')[0] as string;
		const basket = await got(app, { url: 'http://shop.example/py/basket', fields: { Cookie: cookie } });
		assert.match(basket.text, /^a boat for .* at http:\/\/shop\.example\/$/);
	});
}

for (const [kind, server, made] of [
	['wsgi', 'gunicorn', 'django_site:wsgi()'],
	['wsgi', 'uwsgi', 'django_site:wsgi()'],
	['asgi', 'uvicorn', 'django_site:asgi()'],
	['asgi', 'hypercorn', 'django_site:asgi()'],
] as const) {
	test(`${server}: Django's admin logs in below the mount`, { skip: missing(server, 'django') }, async (t) => {
		const folder = mkdtempSync(join(tmpdir(), 'django-'));
		t.after(() => rmSync(folder, { recursive: true }));
		const { app } = await mounted(t, kind, made, { server, env: { SITE_DATABASE: join(folder, 'db.sqlite3') } });
		const origin = 'http://admin.example';
		const asked = await got(app, { url: `${origin}/py/admin/` });
		assert.deepEqual([asked.status, asked.fields.get('location')], [302, '/py/admin/login/?next=/py/admin/']);
		const form = await got(app, { url: `${origin}/py/admin/login/?next=/py/admin/` });
		const token = /name="csrfmiddlewaretoken" value="([^"]+)"/.exec(form.text)?.[1] ?? '';
		const csrf = (form.fields.get('set-cookie') ?? '').split(';')[0] as string;
		const body = new URLSearchParams({
			csrfmiddlewaretoken: token,
			username: 'admin',
			password: 'secret',
			next: '/py/admin/',
		});
		const login = await got(app, {
			url: `${origin}/py/admin/login/?next=/py/admin/`,
			fields: { Cookie: csrf, Origin: origin, Referer: `${origin}/py/admin/login/` },
			body,
		});
		assert.deepEqual([login.status, login.fields.get('location')], [302, '/py/admin/']);
		const cookies = login.fields.all('set-cookie').map((one) => one.split(';')[0]);
		const home = await got(app, { url: `${origin}/py/admin/`, fields: { Cookie: cookies.join('; ') } });
		assert.equal(home.status, 200);
		assert.match(home.text, /<a href="\/py\/admin\/auth\/user\/"/);
	});
}

for (const server of ['uvicorn', 'hypercorn']) {
	test(`${server}: an ASGI app is told where it is mounted and who asks`, { skip: missing(server) }, async (t) => {
		const { app } = await mounted(t, 'asgi', 'plain_asgi', { server });
		const body = new Uint8Array(200_000);
		const answer = await got(app, { url: 'https://shop.example/py/a%20b?q=1', method: 'PUT', fields: SPOOFED, body });
		const told = JSON.parse(answer.text);
		assert.equal(told.root_path, '/py');
		assert.equal(told.path, '/py/a b');
		assert.deepEqual([told.scheme, told.query_string, told.method], ['https', 'q=1', 'PUT']);
		assert.deepEqual(told.server, ['shop.example', 443]);
		assert.equal(told.body, 200_000);
		assert.ok(!told.headers.some((name: string) => /turnabout|_/.test(name)), told.headers.join());
	});
}

test('uvicorn: WebSocket messages go both ways', { skip: missing('uvicorn', 'websockets') }, async (t) => {
	const { app } = await mounted(t, 'asgi', 'plain_asgi:app', { server: 'uvicorn' });
	const listener = await h1().listen(app, { host: '127.0.0.1', port: 0 });
	t.after(() => listener.close());
	const socket = new WebSocket(`${listener.url.replace('http', 'ws')}/py/chat`);
	const message = await new Promise<string>((resolve, reject) => {
		socket.on('open', () => socket.send('hello'));
		socket.on('message', (data: Buffer) => resolve(data.toString()));
		socket.on('error', reject);
	});
	socket.close();
	assert.equal(message, '/py|hello');
});

for (const server of ['uvicorn', 'hypercorn']) {
	test(`${server}: a request that may not be sent twice is answered right behind another`, {
		skip: missing(server),
	}, async (t) => {
		const { app } = await mounted(t, 'asgi', 'plain_asgi:quick', { server });
		for (let i = 0; i < 20; i++) {
			assert.equal((await got(app, { url: '/py/' })).status, 200);
			assert.equal((await got(app, { url: '/py/', method: 'POST', body: 'once' })).status, 200);
		}
	});
}

test('gunicorn: the address of a real client is told', { skip: missing('gunicorn') }, async (t) => {
	const { app } = await mounted(t, 'wsgi', 'plain_wsgi', { server: 'gunicorn' });
	const listener = await h1().listen(app, { host: '127.0.0.1', port: 0 });
	t.after(() => listener.close());
	const told = (await (await fetch(`${listener.url}/py/`)).json()) as Record<string, string>;
	assert.equal(told['REMOTE_ADDR'], '127.0.0.1');
});

test('gunicorn: a body in chunks reaches the app with its length, or is refused when it is too long', {
	skip: missing('gunicorn'),
}, async (t) => {
	const { app } = await mounted(t, 'wsgi', 'plain_wsgi', { server: 'gunicorn', chunkedBody: 10 });
	const told = JSON.parse((await got(app, { url: '/py/', body: new Blob(['0123456789']).stream() })).text);
	assert.equal(told.CONTENT_LENGTH, '10');
	assert.equal((await ask(app, { url: '/py/', body: new Blob(['0123456789X']).stream() })).status, 413);
});

test('an app that cannot be loaded is told at the start', { skip: missing('gunicorn') }, async (t) => {
	const lines: string[] = [];
	const app = wsgi('no_such_module', { cwd, log: (line) => lines.push(line) });
	t.after(() => app.stop());
	await assert.rejects(Promise.resolve(app.start()), /no_such_module[^]*No module named 'no_such_module'/);
});

test('options that cannot be meant are refused, and a missing server is told with what to install', (t) => {
	const refused: readonly (readonly [string, PythonOptions, RegExp])[] = [
		['not a module', {}, /wsgi: the app must be module:name/],
		['a:b', { wrokers: 2 } as PythonOptions, /wsgi: wrokers: no such option; .*did you mean workers\?/],
		['a:b', { server: 'apache' }, /server must be gunicorn or uwsgi/],
		['a:b', { workers: 0 }, /workers/],
		['a:b', { threads: 1.5 }, /threads/],
		['a:b', { chunkedBody: -1 }, /chunkedBody/],
		['a:b', { cwd: '/no/such' }, /cwd must be a directory/],
		['a:b', { venv: '/no/such' }, /venv/],
		['a:b', { args: ['--x', 1 as unknown as string] }, /args/],
	];
	for (const [app, options, message] of refused)
		assert.throws(() => wsgi(app, options), { name: 'TypeError', message });
	const path = process.env['PATH'];
	t.after(() => {
		process.env['PATH'] = path;
	});
	process.env['PATH'] = '/no/such';
	assert.throws(
		() => wsgi('a:b'),
		/gunicorn and uwsgi not found\. Install one: pip install gunicorn, or pip install uwsgi/,
	);
	assert.throws(() => asgi('a:b', { server: 'hypercorn' }), /hypercorn not found\. Install one: pip install hypercorn/);
});
