/** PROXY headers to upstreams: each connection says for whom it is made, before TLS too, and serves nobody else. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type App, respond } from '../../src/convention/index.ts';
import { reverse } from '../../src/proxy/index.ts';
import { listen, portOf } from '../support/engines.ts';
import { before, get } from '../support/gateway.ts';
import { mint, minted } from '../support/minted.ts';
import { connect } from '../support/raw-client.ts';
import { rawServer } from '../support/raw-server.ts';

const told: App = (_request, { connection: { remote, tls } }) =>
	respond(200, null, `${remote.kind === 'ip' ? `${remote.host} ${remote.port}` : remote.kind} ${tls?.sni ?? 'plain'}`);

for (const version of [1, 2] as const) {
	for (const secure of [false, true]) {
		test(`version ${version}${secure ? ', under TLS' : ''}: the upstream sees the client, each time its own`, async (t) => {
			const where = { host: '127.0.0.1', port: 0, proxyHeaderFrom: ['loopback'] };
			const tls = secure ? { tls: minted('localhost') } : {};
			const behind = await listen(t, told, { log: () => {} }, { ...where, ...tls });
			const proxy = reverse(`http${secure ? 's' : ''}://localhost:${portOf(behind)}`, {
				proxyHeader: version,
				tls: { ca: mint },
				resolve: async () => ['127.0.0.1'],
				log: () => {},
			});
			t.after(() => proxy.close());
			const front = await listen(t, proxy, { log: () => {} });
			const clients = [await connect(t, portOf(front)), await connect(t, portOf(front))];
			for (let turn = 0; turn < 3; turn++) {
				for (const client of clients) {
					client.send(get('/'));
					const { body } = await client.message('GET');
					assert.equal(body, `127.0.0.1 ${client.socket.localPort} ${secure ? 'localhost' : 'plain'}`);
				}
			}
			assert.equal(behind.statistics().accepted, 6);
		});
	}
}

test('the header comes first, and no connection is kept', async (t) => {
	const origin = await rawServer(t, async (peer) => {
		const line = await peer.read('\r\n');
		await peer.message();
		peer.send(`HTTP/1.1 200 OK\r\nContent-Length: ${line.length}\r\n\r\n${line}`);
	});
	const g = await before(t, origin, { reverse: { proxyHeader: 1 } });
	const client = await g.client();
	client.send(get('/'));
	const { body } = await client.message('GET');
	assert.equal(body, `PROXY TCP4 127.0.0.1 127.0.0.1 ${client.socket.localPort} ${g.port}\r\n`);
	const [statistics] = Object.values(g.proxy.statistics());
	assert.equal(statistics?.idle, 0);
});

test('what makes no sense with it is refused at once', () => {
	const to = 'http://127.0.0.1:1';
	assert.throws(() => reverse(to, { proxyHeader: 2, http: '2' }), /proxyHeader: many clients share/);
	assert.throws(
		() => reverse(to, { proxyHeader: 2, parent: 'http://127.0.0.1:2' }),
		/proxyHeader: what is said to a parent/,
	);
	assert.throws(() => reverse(to, { proxyHeader: 3 as 2 }), /proxyHeader must be 1 or 2/);
});
