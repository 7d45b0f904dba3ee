/** Programs that people use, through the forward proxy by SOCKS, on loopback: those that are here. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type App, respond, stack } from '../../../../src/convention/index.ts';
import { socks } from '../../../../src/engine/socks/index.ts';
import { basicAuth } from '../../../../src/middleware/basic-auth/index.ts';
import { type AuditRecord, allow, forward } from '../../../../src/proxy/forward/index.ts';
import { authority, server as certificate } from '../../../support/certificates.ts';
import { listen, portOf } from '../../../support/engines.ts';
import { python, run, without } from '../../../support/programs.ts';
import { until } from '../../../support/until.ts';

interface Place {
	/** `127.0.0.1:port` of a proxy that anybody may use, and of one for ann alone. */
	readonly open: string;
	readonly guarded: string;
	/** An origin by HTTP and one by HTTPS, for `localhost`. */
	readonly http: string;
	readonly https: string;
	readonly audit: AuditRecord[];
	/** A file with the authority's certificate. */
	readonly ca: string;
	readonly folder: string;
}

const fine: App = (request) => respond(200, null, `fine: ${new URL(request.url).pathname}`);

async function place(t: TestContext, app: App = fine): Promise<Place> {
	const folder = mkdtempSync(join(tmpdir(), 'turnabout-socks-'));
	t.after(() => rmSync(folder, { recursive: true, force: true }));
	const ca = join(folder, 'ca.pem');
	writeFileSync(ca, authority);
	const plain = await listen(t, app);
	const tls = await listen(t, app, {}, { host: '127.0.0.1', port: 0, tls: certificate });
	const audit: AuditRecord[] = [];
	const policy = allow({ hosts: ['localhost', '127.0.0.1'] });
	const proxy = forward({
		ports: null,
		allowPrivate: ['loopback', 'self'],
		audit: (record) => void audit.push(record),
		log: () => {},
		policy,
	});
	t.after(() => proxy.close());
	const users = (name: string, password: string): boolean => name === 'ann' && password === 'secret';
	const open = await listen(t, proxy, { also: [socks()] });
	const guarded = await listen(t, stack(basicAuth({ role: 'proxy', users }))(proxy), { also: [socks()] });
	return {
		open: `127.0.0.1:${portOf(open)}`,
		guarded: `127.0.0.1:${portOf(guarded)}`,
		http: `http://localhost:${portOf(plain)}`,
		https: `https://localhost:${portOf(tls)}`,
		audit,
		ca,
		folder,
	};
}

/** What curl calls the way, what the audit calls it, and whether the name is asked for. */
for (const [flag, protocol, named] of [
	['--socks5', 'socks5', false],
	['--socks5-hostname', 'socks5', true],
	['--socks4', 'socks4', false],
	['--socks4a', 'socks4', true],
] as const) {
	test(`curl ${flag}: http and https`, without('curl'), async (t) => {
		const p = await place(t);
		for (const origin of [p.http, p.https]) {
			const { stdout, stderr } = await run('curl', ['-sS', '-4', '--cacert', p.ca, flag, p.open, `${origin}/a`]);
			assert.equal(stdout, 'fine: /a', stderr);
		}
		await until(() => p.audit.length === 2, 'two audit records');
		const host = named ? 'localhost' : '127.0.0.1';
		for (const record of p.audit) {
			assert.deepEqual([record.protocol, record.method, record.outcome], [protocol, 'CONNECT', 'allowed']);
			assert.equal(record.target.split(':')[0], host);
		}
	});
}

test('curl: --proxy-user, right, wrong and missing', without('curl'), async (t) => {
	const p = await place(t);
	const socks5 = ['-sS', '--socks5-hostname', p.guarded];
	const right = await run('curl', [...socks5, '--proxy-user', 'ann:secret', `${p.http}/a`]);
	assert.equal(right.stdout, 'fine: /a', right.stderr);
	for (const args of [[...socks5, '--proxy-user', 'ann:no'], socks5, ['-sS', '--socks4a', p.guarded]]) {
		const { status, stderr } = await run('curl', [...args, p.http]);
		assert.equal(status, 97, stderr);
	}
	const byUrl = await run('curl', ['-sS', `${p.http}/b`], { all_proxy: `socks5h://ann:secret@${p.guarded}` });
	assert.equal(byUrl.stdout, 'fine: /b', byUrl.stderr);
	await until(() => p.audit.length === 2, 'two audit records');
	assert.deepEqual(
		p.audit.map(({ identity }) => identity),
		['ann', 'ann'],
	);
});

test('curl says why it was refused', without('curl'), async (t) => {
	const p = await place(t);
	const { status, stderr } = await run('curl', ['-sS', '--socks5-hostname', p.open, 'http://elsewhere.example/']);
	assert.equal(status, 97);
	assert.match(stderr, /\(2\)/);
});

test('curl: a large body comes through whole, both ways', without('curl'), async (t) => {
	const size = 8 * 1_048_576;
	const echo: App = async (request) => respond(200, null, new Uint8Array(await request.arrayBuffer()));
	const p = await place(t, echo);
	const file = join(p.folder, 'large');
	writeFileSync(file, Buffer.alloc(size, 7));
	const args = ['-sS', '--cacert', p.ca, '-x', `socks5h://${p.open}`, '-T', file, '-w', '%{size_download}'];
	const { stdout, stderr } = await run('curl', [...args, '-o', '/dev/null', `${p.https}/`]);
	assert.equal(stdout, String(size), stderr);
});

test('git: by ALL_PROXY', without('git'), async (t) => {
	const p = await place(t);
	const { stderr } = await run('git', ['ls-remote', `${p.http}/repository.git`], {
		ALL_PROXY: `socks5h://${p.open}`,
		GIT_TERMINAL_PROMPT: '0',
	});
	await until(() => p.audit.length >= 1, `an audit record; git said ${stderr}`);
	assert.deepEqual([p.audit[0]?.protocol, p.audit[0]?.outcome], ['socks5', 'allowed']);
});

const JAVA = `import java.net.*;
public class Ask {
	public static void main(String[] given) throws Exception {
		Proxy proxy = new Proxy(Proxy.Type.SOCKS, new InetSocketAddress("127.0.0.1", Integer.parseInt(given[0])));
		try (Socket socket = new Socket(proxy)) {
			socket.connect(InetSocketAddress.createUnresolved("localhost", Integer.parseInt(given[1])));
			socket.getOutputStream().write("GET /a HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n".getBytes());
			System.out.print(new String(socket.getInputStream().readAllBytes()));
		}
	}
}`;

test('java: offers both ways unasked, with an empty password', without('java'), async (t) => {
	const p = await place(t);
	const file = join(p.folder, 'Ask.java');
	writeFileSync(file, JAVA);
	const portIn = (url: string): string => url.slice(url.lastIndexOf(':') + 1);
	const { stdout, stderr } = await run('java', [file, portIn(p.open), portIn(p.http)]);
	assert.match(stdout, /fine: \/a$/, stderr);
	assert.deepEqual([p.audit[0]?.protocol, p.audit[0]?.target.split(':')[0]], ['socks5', 'localhost']);
});

test('chromium: by --proxy-server', without('chromium'), async (t) => {
	const p = await place(t);
	const { stdout, stderr } = await run('chromium', [
		...[
			'--headless',
			'--no-sandbox',
			'--disable-gpu',
			`--user-data-dir=${p.folder}`,
			'--proxy-bypass-list=<-loopback>',
		],
		...[`--proxy-server=socks5://${p.open}`, '--dump-dom', `${p.http}/a`],
	]);
	assert.match(stdout, /fine: \/a/, stderr);
	assert.ok(p.audit.some(({ protocol, outcome }) => protocol === 'socks5' && outcome === 'allowed'));
});

test('python: requests, names looked up by the proxy', without('requests by SOCKS'), async (t) => {
	const p = await place(t);
	const code = `import sys, requests
proxy = 'socks5h://ann:secret@' + sys.argv[1]
for url in sys.argv[2:]: print(requests.get(url, proxies={'http': proxy, 'https': proxy}).text)`;
	const env = { REQUESTS_CA_BUNDLE: p.ca };
	const { stdout, stderr } = await run(python, ['-c', code, p.guarded, `${p.http}/a`, `${p.https}/b`], env);
	assert.equal(stdout, 'fine: /a\nfine: /b\n', stderr);
	await until(() => p.audit.length === 2, 'two audit records');
	for (const { protocol, identity, target } of p.audit)
		assert.deepEqual([protocol, identity, target.split(':')[0]], ['socks5', 'ann', 'localhost']);
});
