/** Layers around a forward proxy, and interceptors within it, know nothing of SOCKS, and work. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { type App, type Middleware, respond, stack } from '../../../src/convention/index.ts';
import { socks } from '../../../src/engine/socks/index.ts';
import { certificateAuthority, intercept } from '../../../src/intercept/index.ts';
import { accessLog } from '../../../src/middleware/access-log/index.ts';
import { apiKey, generateApiKey } from '../../../src/middleware/api-key/index.ts';
import { budget } from '../../../src/middleware/budget/index.ts';
import { rateLimit } from '../../../src/middleware/rate-limit/index.ts';
import type { ForwardOptions } from '../../../src/proxy/forward/index.ts';
import { all, temporary } from '../../intercept/standing.ts';
import { authority, server as certificate } from '../../support/certificates.ts';
import { listen, portOf } from '../../support/engines.ts';
import { type ForwardProxy, forwardProxy } from '../../support/forward-proxy.ts';
import { rawServer } from '../../support/raw-server.ts';
import { connect4, connect5, GRANTED, REJECTED, SUCCEEDED } from '../../support/socks-client.ts';
import { until } from '../../support/until.ts';

function proxy(t: TestContext, layer: Middleware, forward: ForwardOptions = {}): Promise<ForwardProxy> {
	return forwardProxy(t, { forward, engine: { also: [socks()] }, wrap: (app: App) => stack(layer)(app) });
}

test('a key as the user of SOCKS5 or SOCKS4', async (t) => {
	const there = await rawServer(t);
	const { key, stored } = generateApiKey('build');
	const p = await proxy(t, apiKey({ keys: [stored], role: 'proxy', asUserName: true }) as Middleware);
	const reach = (user: string): Promise<number[]> =>
		Promise.all([
			p.client().then((client) => connect5(client, '127.0.0.1', there.port, { user, password: '' })),
			p.client().then((client) => connect4(client, '127.0.0.1', there.port, user)),
		]);
	assert.deepEqual(await reach(key), [SUCCEEDED, GRANTED]);
	assert.deepEqual(await reach(`${key}x`), [2, REJECTED]);
});

test('a rate limit counts tunnels by SOCKS, and its 429 is reply 2', async (t) => {
	const there = await rawServer(t);
	const p = await proxy(t, rateLimit({ limit: '2/h' }) as Middleware);
	const replies: number[] = [];
	for (let i = 0; i < 3; i++) replies.push(await connect5(await p.client(), '127.0.0.1', there.port));
	assert.deepEqual(replies, [SUCCEEDED, SUCCEEDED, 2]);
});

test('a budget counts bytes of tunnels by SOCKS', async (t) => {
	const there = await rawServer(t, async (peer) => void peer.send(await peer.read('much')));
	const p = await proxy(t, budget({ bytes: 8, per: '1h' }) as Middleware);
	const client = await p.client();
	assert.equal(await connect5(client, '127.0.0.1', there.port), SUCCEEDED);
	client.send('much');
	await client.read('much');
	client.reset();
	await until(() => p.audit.length === 1, 'the end of the tunnel');
	assert.equal(await connect5(await p.client(), '127.0.0.1', there.port), 2);
});

test('the access log has a line for a tunnel by SOCKS', async (t) => {
	const there = await rawServer(t);
	const lines: string[] = [];
	const p = await proxy(t, accessLog({ format: 'json', to: (line) => void lines.push(line) }) as Middleware);
	const client = await p.client();
	await connect5(client, '127.0.0.1', there.port, { user: 'ann', password: 'hush' });
	client.reset();
	await until(() => lines.length === 1, 'a line');
	const line = JSON.parse(lines[0] as string) as Record<string, unknown>;
	assert.equal(line['method'], 'CONNECT');
	assert.equal(line['status'], 200);
	assert.match(lines[0] as string, /127\.0\.0\.1/);
	assert.doesNotMatch(lines[0] as string, /hush|Basic/);
});

test('an interceptor looks into tunnels by SOCKS', async (t) => {
	const there = await listen(t, () => respond(200, null, 'fine'), {}, { host: '127.0.0.1', port: 0, tls: certificate });
	const ca = certificateAuthority({ directory: `${temporary(t)}/ca` });
	const interceptor = intercept({ hosts: ['*'], ca, log: () => {} });
	t.after(() => interceptor.close());
	const p = await proxy(t, (app) => app, { intercept: interceptor, tls: { ca: authority } });
	const client = await p.client();
	assert.equal(await connect5(client, 'localhost', portOf(there)), SUCCEEDED);
	const { pem } = await ca.load();
	client.socket.removeAllListeners('data');
	const tls = connectTls({ socket: client.socket, servername: 'localhost', ca: pem });
	tls.write(`GET /a HTTP/1.1\r\nHost: localhost:${portOf(there)}\r\nConnection: close\r\n\r\n`);
	assert.match(await all(tls), /^HTTP\/1\.1 200 .*fine$/s);
	await until(() => p.audit.some(({ intercepted }) => intercepted), 'a record of the request');
	const request = p.audit.find(({ intercepted }) => intercepted);
	assert.deepEqual([request?.method, request?.protocol, request?.status], ['GET', '1.1', 200]);
});
