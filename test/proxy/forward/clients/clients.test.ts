/** Programs that people use, through the forward proxy, on loopback: those that are here. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createSecureServer, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type App, respond } from '../../../../src/convention/index.ts';
import { files } from '../../../../src/files/index.ts';
import { server as certificate } from '../../../support/certificates.ts';
import { census, python, run, without } from '../../../support/programs.ts';
import { audited, fine, place } from './place.ts';

test('curl: http in absolute-form, https through CONNECT', without('curl'), async (t) => {
	const p = await place(t);
	for (const origin of [p.http, p.https]) {
		const { stdout, stderr } = await run('curl', ['-sS', '--cacert', p.ca, '-x', p.proxy, `${origin}/a`]);
		assert.equal(stdout, 'fine: /a', stderr);
	}
	assert.deepEqual(await audited(p, 2), ['GET allowed', 'CONNECT allowed']);
});

test('curl: --proxy-user, right and wrong', without('curl'), async (t) => {
	const p = await place(t);
	const bare = `http://127.0.0.1:${p.port}`;
	const right = await run('curl', ['-sS', '-x', bare, '--proxy-user', 'ann:secret', `${p.http}/a`]);
	assert.equal(right.stdout, 'fine: /a');
	const wrong = await run('curl', [
		'-sS',
		'-o',
		'/dev/null',
		'-w',
		'%{http_code}',
		'-x',
		bare,
		'--proxy-user',
		'ann:no',
		p.http,
	]);
	assert.equal(wrong.stdout, '407');
	const tunnel = await run('curl', ['-sS', '--cacert', p.ca, '-x', bare, p.https]);
	assert.equal(tunnel.status, 56);
	assert.match(tunnel.stderr, /407/);
});

test('curl: a proxy that is spoken to by TLS', without('curl'), async (t) => {
	const p = await place(t, fine, true);
	for (const origin of [p.http, p.https]) {
		const args = ['-sS', '--cacert', p.ca, '--proxy-cacert', p.ca, '-x', p.proxy, `${origin}/a`];
		const { stdout, stderr } = await run('curl', args);
		assert.equal(stdout, 'fine: /a', stderr);
	}
});

test('curl: HTTP/2 inside the tunnel', without('curl'), async (t) => {
	const p = await place(t);
	const h2 = createSecureServer({ ...certificate });
	h2.on('stream', (stream: ServerHttp2Stream) => {
		stream.respond({ ':status': 200 });
		stream.end('by h2');
	});
	await new Promise<void>((resolve) => h2.listen(0, '127.0.0.1', resolve));
	t.after(() => h2.close());
	const url = `https://localhost:${(h2.address() as AddressInfo).port}/`;
	const { stdout, stderr } = await run('curl', [
		'-sS',
		'--http2',
		'--cacert',
		p.ca,
		'-x',
		p.proxy,
		'-w',
		' %{http_version}',
		url,
	]);
	assert.equal(stdout, 'by h2 2', stderr);
});

test('curl: a large body comes through whole, both ways', without('curl'), async (t) => {
	const size = 8 * 1_048_576;
	const echo: App = async (request) => respond(200, null, String((await request.arrayBuffer()).byteLength));
	const p = await place(t, echo);
	const file = join(p.folder, 'large');
	writeFileSync(file, Buffer.alloc(size, 7));
	for (const origin of [p.http, p.https]) {
		const { stdout, stderr } = await run('curl', ['-sS', '--cacert', p.ca, '-x', p.proxy, '-T', file, `${origin}/`]);
		assert.equal(stdout, String(size), stderr);
	}
	await audited(p, 2);
	assert.equal(p.audit[0]?.received, size);
	assert.ok((p.audit[1]?.received ?? 0) > size);
});

test('wget: http and https, by the variables', without('wget'), async (t) => {
	const p = await place(t);
	const env = { http_proxy: p.proxy, https_proxy: p.proxy };
	for (const origin of [p.http, p.https]) {
		const { stdout, stderr } = await run('wget', ['-qO-', `--ca-certificate=${p.ca}`, `${origin}/a`], env);
		assert.equal(stdout, 'fine: /a', stderr);
	}
});

test('git: a clone over https', without('git'), async (t) => {
	const folder = mkdtempSync(join(tmpdir(), 'turnabout-git-'));
	t.after(() => rmSync(folder, { recursive: true, force: true }));
	const [work, bare] = [join(folder, 'work'), join(folder, 'site', 'repository.git')];
	const env = {
		GIT_AUTHOR_NAME: 'a',
		GIT_AUTHOR_EMAIL: 'a@example.org',
		GIT_COMMITTER_NAME: 'a',
		GIT_COMMITTER_EMAIL: 'a@example.org',
	};
	mkdirSync(work);
	await run('git', ['-C', work, 'init', '-q'], env);
	writeFileSync(join(work, 'file'), 'from afar');
	await run('git', ['-C', work, 'add', 'file'], env);
	assert.equal((await run('git', ['-C', work, 'commit', '-qm', 'one'], env)).status, 0);
	await run('git', ['clone', '-q', '--bare', work, bare], env);
	await run('git', ['-C', bare, 'update-server-info'], env);
	const p = await place(t, files(join(folder, 'site')));
	const clone = join(folder, 'clone');
	const args = [
		'-c',
		`http.proxy=${p.proxy}`,
		'-c',
		`http.sslCAInfo=${p.ca}`,
		'clone',
		'-q',
		`${p.https}/repository.git`,
		clone,
	];
	const { status, stderr } = await run('git', args, env);
	assert.equal(status, 0, stderr);
	assert.equal(readFileSync(join(clone, 'file'), 'utf8'), 'from afar');
	assert.ok(p.audit.every(({ method }) => method === 'CONNECT'));
});

test('npm: an install from a registry behind the proxy', without('npm'), async (t) => {
	const folder = mkdtempSync(join(tmpdir(), 'turnabout-npm-'));
	t.after(() => rmSync(folder, { recursive: true, force: true }));
	mkdirSync(join(folder, 'pack/package'), { recursive: true });
	writeFileSync(join(folder, 'pack/package/package.json'), '{"name":"far","version":"1.0.0"}');
	execFileSync('tar', ['-C', join(folder, 'pack'), '-czf', join(folder, 'far.tgz'), 'package']);
	const registry: App = (request) => {
		const { pathname, host } = new URL(request.url);
		if (pathname.endsWith('.tgz')) return respond(200, null, new Uint8Array(readFileSync(join(folder, 'far.tgz'))));
		const version = { name: 'far', version: '1.0.0', dist: { tarball: `http://${host}/far.tgz` } };
		return respond(
			200,
			{ 'Content-Type': 'application/json' },
			JSON.stringify({ name: 'far', 'dist-tags': { latest: '1.0.0' }, versions: { '1.0.0': version } }),
		);
	};
	const p = await place(t, registry);
	const project = join(folder, 'project');
	mkdirSync(project);
	writeFileSync(join(project, 'package.json'), '{"name":"here","private":true}');
	const flags = [
		'--registry',
		p.http,
		'--proxy',
		p.proxy,
		'--noproxy',
		'',
		'--cache',
		join(folder, 'cache'),
		'--no-audit',
		'--no-fund',
		'--prefix',
		project,
	];
	const { status, stderr } = await run('npm', ['install', 'far', ...flags]);
	assert.equal(status, 0, stderr);
	assert.equal(
		(JSON.parse(readFileSync(join(project, 'node_modules/far/package.json'), 'utf8')) as { version: string }).version,
		'1.0.0',
	);
	assert.ok((await audited(p, 2)).every((line) => line.endsWith('allowed')));
});

test('node: its own fetch with NODE_USE_ENV_PROXY', { timeout: 60_000 }, async (t) => {
	const p = await place(t);
	const code = `for (const url of process.argv.slice(1)) console.log(await (await fetch(url)).text());`;
	const env = { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: p.proxy, HTTPS_PROXY: p.proxy, NODE_EXTRA_CA_CERTS: p.ca };
	const { stdout, stderr } = await run(
		process.execPath,
		['--input-type=module', '-e', code, `${p.http}/a`, `${p.https}/b`],
		env,
	);
	assert.equal(stdout, 'fine: /a\nfine: /b\n', stderr);
	assert.ok((await audited(p, 2)).every((line) => line.endsWith('allowed')));
});

test('python: urllib', without('python'), async (t) => {
	const p = await place(t);
	const code = `import sys, urllib.request
for url in sys.argv[1:]: print(urllib.request.urlopen(url).read().decode())`;
	const env = { http_proxy: p.proxy, https_proxy: p.proxy, SSL_CERT_FILE: p.ca };
	const { stdout, stderr } = await run(python, ['-c', code, `${p.http}/a`, `${p.https}/b`], env);
	assert.equal(stdout, 'fine: /a\nfine: /b\n', stderr);
});

test('python: requests', without('requests'), async (t) => {
	const p = await place(t);
	const code = `import sys, requests
for url in sys.argv[1:]: print(requests.get(url).text)`;
	const env = { http_proxy: p.proxy, https_proxy: p.proxy, REQUESTS_CA_BUNDLE: p.ca };
	const { stdout, stderr } = await run(python, ['-c', code, `${p.http}/a`, `${p.https}/b`], env);
	assert.equal(stdout, 'fine: /a\nfine: /b\n', stderr);
});

test('python: requests without a password is told 407', without('requests'), async (t) => {
	const p = await place(t);
	const refused = `import sys, requests
print(requests.get(sys.argv[1]).status_code)
try: requests.get(sys.argv[2])
except requests.exceptions.ProxyError as error: print('407' in str(error))`;
	const bare = `http://127.0.0.1:${p.port}`;
	const env = { http_proxy: bare, https_proxy: bare, REQUESTS_CA_BUNDLE: p.ca };
	const one = await run(python, ['-c', refused, `${p.http}/a`, `${p.https}/b`], env);
	assert.equal(one.stdout, '407\nTrue\n', one.stderr);
});

test('node: http.get and https.get with NODE_USE_ENV_PROXY; NO_PROXY goes round it', { timeout: 60_000 }, async (t) => {
	const p = await place(t);
	const code = `const { get } = await import(process.argv[1].startsWith('https') ? 'node:https' : 'node:http');
get(process.argv[1], (answer) => answer.pipe(process.stdout));`;
	const env = { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: p.proxy, HTTPS_PROXY: p.proxy, NODE_EXTRA_CA_CERTS: p.ca };
	const ask = async (url: string, more: Readonly<Record<string, string>> = {}): Promise<void> => {
		const args = ['--input-type=module', '-e', code, url];
		const { stdout, stderr } = await run(process.execPath, args, { ...env, ...more });
		assert.equal(stdout, `fine: ${new URL(url).pathname}`, stderr);
	};
	await ask(`${p.http}/direct`, { NO_PROXY: 'localhost' });
	await ask(`${p.http}/a`);
	await ask(`${p.https}/b`);
	await audited(p, 2);
	assert.ok(
		p.audit.every(({ target }) => !target.endsWith('/direct')),
		'what NO_PROXY names has not come by',
	);
});

test('the clients that are not here are counted', (t) => {
	const { all, missing } = census();
	const names = missing.length === 0 ? '' : `: ${missing.join(', ')}`;
	t.diagnostic(`${missing.length} of ${all.length} clients are not here${names}`);
	assert.ok(missing.length < all.length, 'none of the clients is here');
});
