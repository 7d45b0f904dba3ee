/** Flags for what stands before and behind: TLS while one develops, PROXY headers, the version that servers are asked in, units of systemd. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http2';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { ask, FIXTURES, run, start } from './command-process.ts';

const HELLO = join(FIXTURES, 'hello.ts');
const REQUEST = 'GET /a HTTP/1.1\r\nHost: shop.localhost\r\nConnection: close\r\n\r\n';

test('serve: --tls-dev makes certificates for localhost and below, by the authority of `turnabout ca`', {
	timeout: 30_000,
}, async (t) => {
	const data = mkdtempSync(join(tmpdir(), 'data-'));
	t.after(() => rmSync(data, { recursive: true }));
	const env = { XDG_DATA_HOME: data };
	const started = start(t, ['serve', HELLO, '--listen', '127.0.0.1:0', '--tls-dev'], { env });
	const [url = ''] = await started.listening();
	assert.match(url, /^https:/);
	const { stdout: ca } = await run(t, ['ca', '--export', '-'], { env });
	const socket = connectTls({ port: Number(new URL(url).port), host: '127.0.0.1', servername: 'shop.localhost', ca });
	socket.write(REQUEST);
	assert.match(await text(socket), /^HTTP\/1\.1 200 .*hello from/s);
	const both = await run(t, ['serve', HELLO, '--tls-dev', '--tls-cert', 'x.pem'], { env });
	assert.equal(both.status, 2);
	assert.match(both.stderr, /--tls-dev and --tls-cert: one of them/);
});

test('reverse: --proxy-header-from says whose word on clients is believed', { timeout: 30_000 }, async (t) => {
	const behind = start(t, ['serve', HELLO, '--listen', '127.0.0.1:0']);
	const [to = ''] = await behind.listening();
	const flags = ['--listen', '127.0.0.1:0', '--proxy-header-from', 'loopback', '--access-log', '-'];
	const started = start(t, ['reverse', '--to', to, ...flags]);
	const [url = ''] = await started.listening();
	const socket = connect(Number(new URL(url).port), '127.0.0.1');
	socket.write(`PROXY TCP4 192.0.2.7 192.0.2.8 1 2\r\n${REQUEST}`);
	assert.match(await text(socket), /^HTTP\/1\.1 200 /);
	started.signal('SIGTERM');
	const { stdout } = await started.ended;
	assert.match(stdout, /^192\.0\.2\.7 - - /);
});

test('reverse: --http 2 asks in HTTP/2', { timeout: 30_000 }, async (t) => {
	const server = createServer((request, response) => response.end(`version ${request.httpVersion}`));
	server.listen(0, '127.0.0.1');
	t.after(() => server.close());
	await new Promise((resolve) => server.once('listening', resolve));
	const to = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const started = start(t, ['reverse', '--to', to, '--http', '2', '--listen', '127.0.0.1:0']);
	const [url = ''] = await started.listening();
	assert.equal((await ask(url)).body, 'version 2.0');
	started.signal('SIGTERM');
	await started.ended;
});

test('install-service writes the units of a user, and says what to do next', { timeout: 30_000 }, async (t) => {
	const home = mkdtempSync(join(tmpdir(), 'home-'));
	t.after(() => rmSync(home, { recursive: true }));
	const args = ['install-service', '--user-service', '--name', 'shop', '--socket', '8080', '--', 'run', 'shop.ts'];
	const { stdout, status } = await run(t, args, { env: { HOME: home } });
	assert.equal(status, 0);
	assert.match(stdout, /systemctl --user daemon-reload\n +systemctl --user enable --now shop\.socket shop\.service/);
	const folder = join(home, '.config/systemd/user');
	const service = readFileSync(join(folder, 'shop.service'), 'utf8');
	assert.match(service, /ExecStart=\S+ \S+\/bin\/turnabout run shop\.ts\n/);
	assert.doesNotMatch(service, /DynamicUser|AmbientCapabilities/);
	assert.match(readFileSync(join(folder, 'shop.socket'), 'utf8'), /ListenStream=127\.0\.0\.1:8080\n/);
	const typo = await run(t, ['install-service', '--print', '--', 'runn'], { env: { HOME: home } });
	assert.equal(typo.status, 2);
	assert.match(
		typo.stderr,
		/runn: no command that serves\n +Did you mean run\? There are reverse, forward, serve, run\./,
	);
	const wrong = await run(t, ['install-service', '--user-service', '--run-as', 'me', '--', 'run']);
	assert.deepEqual([wrong.status, /one of them/.test(wrong.stderr)], [2, true]);
});
