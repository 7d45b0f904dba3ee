/** Tunnels through a parent: early bytes, halves that end on their own, addresses judged, clients that leave. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Tunnel } from '../../../src/bytes/index.ts';
import { type Connector, type ConnectorOptions, parseParent, publicAddresses } from '../../../src/client/index.ts';
import { type Context, respond, UpstreamError } from '../../../src/convention/index.ts';
import { exchange } from '../../../src/engine/memory/index.ts';
import { authority, server } from '../../support/certificates.ts';
import { rawServer } from '../../support/raw-server.ts';
import { until } from '../../support/until.ts';
import { connectorTo, httpParent, readAll, socksParent } from './parents.ts';

/** A tunnel for an exchange that lasts until `end`, or the error. */
function open(
	connector: Connector,
	host: string,
	port: number,
): { tunnel: Promise<Tunnel>; leave(): void; end(): void } {
	let end = (): void => {};
	let settle: { resolve(tunnel: Tunnel): void; reject(error: unknown): void };
	const tunnel = new Promise<Tunnel>((resolve, reject) => (settle = { resolve, reject }));
	const running = exchange(
		(_request, context: Context) =>
			new Promise((done) => {
				end = () => done(respond(200));
				connector.connect(host, port, context, {
					connected: (one) => settle.resolve(one),
					failed: (error) => settle.reject(error),
				});
			}),
	);
	return { tunnel, leave: () => running.abort(), end: () => end() };
}

async function outcome(connector: Connector, host: string, port = 443): Promise<string> {
	const one = open(connector, host, port);
	try {
		await one.tunnel;
		return 'connected';
	} catch (error) {
		return error instanceof UpstreamError ? error.type : String(error);
	} finally {
		one.end();
	}
}

type Made = { readonly url: string; readonly asked: readonly string[] };
const kinds: readonly [string, (t: TestContext, to: number) => Promise<Made>, object?][] = [
	['http', async (t, to) => made('http', await httpParent(t, { to }))],
	['https', async (t, to) => made('https', await httpParent(t, { to, tls: server })), { tls: { ca: authority } }],
	['socks5', async (t, to) => made('socks5', await socksParent(t, { to }))],
];

function made(scheme: string, { port, asked }: { port: number; asked: string[] }): Made {
	return { url: `${scheme}://localhost:${port}`, asked };
}

for (const [kind, make, options] of kinds) {
	test(`${kind}: bytes both ways, large ones too, and each half ends on its own`, async (t) => {
		const echo = await rawServer(t, async (peer) => {
			await peer.when(() => peer.ended, 'end of the client');
			peer.send(`${peer.bytes} bytes`).finish();
		});
		const connector = connectorTo(t, { parent: parseParent((await make(t, echo.port)).url, options) });
		const one = open(connector, 'a.example', 25);
		const tunnel = await one.tunnel;
		const large = new Uint8Array(3_000_000);
		for (let sent = 0; sent < large.length; sent += 100_000)
			if (!tunnel.writable.write(large.subarray(sent, sent + 100_000)))
				await new Promise<void>((resolve) => {
					(tunnel.writable as Tunnel['writable'] & { ondrain: (() => void) | null }).ondrain = resolve;
				});
		tunnel.writable.end();
		assert.equal(await readAll(tunnel), '3000000 bytes');
		one.end();
		await until(() => connector.statistics().tunnels === 0, 'no tunnel');
	});

	test(`${kind}: what a server says first is not lost, however it comes`, async (t) => {
		const talker = await rawServer(t, (peer) => void peer.send('220 hello\r\n'));
		const connector = connectorTo(t, { parent: parseParent((await make(t, talker.port)).url, options) });
		const one = open(connector, 'mail.example', 25);
		assert.equal(await readAll(await one.tunnel, 11), '220 hello\r\n');
		one.end();
	});
}

test('bytes in the same packet as the 2xx, cut anywhere, belong to the tunnel', async (t) => {
	const whole = 'HTTP/1.1 200 OK\r\nX: y\r\n\r\n220 hello';
	for (const cut of [5, 16, 17, 24, 25, 26, 27, 30, whole.length]) {
		const parent = await rawServer(t, async (peer) => {
			await peer.read('\r\n\r\n');
			peer.send(whole.slice(0, cut));
			await new Promise((resolve) => setTimeout(resolve, 5));
			peer.send(`${whole.slice(cut)}!`).finish();
		});
		const connector = connectorTo(t, { parent: `http://127.0.0.1:${parent.port}` });
		const one = open(connector, 'a.example', 25);
		assert.equal(await readAll(await one.tunnel), '220 hello!', `cut at ${cut}`);
		one.end();
	}
});

test('literal addresses are judged before the parent is told of them, names are not', async (t) => {
	const parent = await httpParent(t, { answer: () => 'HTTP/1.1 503 x\r\n\r\n' });
	const connector = connectorTo(t, { parent: `http://127.0.0.1:${parent.port}`, guard: publicAddresses() });
	for (const host of ['127.0.0.1', '::1', '10.0.0.1', '0177.1', '0x7f000001', 'localhost', 'a.localhost.', '127.1.'])
		assert.equal(await outcome(connector, host), 'destination_ip_prohibited', host);
	assert.deepEqual(parent.asked, []);
	assert.equal(await outcome(connector, 'a.example'), 'destination_unavailable');
	assert.equal(parent.asked.length, 1);
});

test('a parent that others chose is judged itself', async (t) => {
	const parent = await httpParent(t);
	const guard = publicAddresses();
	for (const host of ['127.0.0.1', 'localhost']) {
		const through = parseParent(`http://${host}:${parent.port}`, { guarded: true });
		assert.equal(await outcome(connectorTo(t, { parent: through, guard }), 'a.example'), 'destination_ip_prohibited');
	}
	assert.equal(parent.server.peers.length, 0);
});

test('names looked up here: the parent is handed an address that the guard has passed', async (t) => {
	const parent = await httpParent(t, { to: (await rawServer(t)).port });
	const tables: Record<string, readonly string[]> = {
		'good.example': ['10.0.0.1', '8.8.8.8', '9.9.9.9'],
		'bad.example': ['127.0.0.1', '::1'],
		'six.example': ['2606:4700::1111'],
	};
	const options: ConnectorOptions = {
		parent: parseParent(`http://127.0.0.1:${parent.port}`, { names: 'here' }),
		guard: publicAddresses(),
		resolve: async (name) => tables[name] ?? [],
	};
	const connector = connectorTo(t, options);
	assert.equal(await outcome(connector, 'good.example'), 'connected');
	assert.equal(await outcome(connector, 'six.example'), 'connected');
	assert.equal(await outcome(connector, 'bad.example'), 'destination_ip_prohibited');
	assert.equal(await outcome(connector, 'none.example'), 'dns_error');
	assert.deepEqual(
		parent.asked.map((head) => head.split(' ')[1]),
		['8.8.8.8:443', '[2606:4700::1111]:443'],
	);
	await until(() => parent.server.peers.every((peer) => peer.over), 'every connection closed');
});

test('a client that leaves ends it in every state', async (t) => {
	const silent = await rawServer(t);
	const tunnels = await httpParent(t, { to: silent.port });
	for (const [server, scheme, stands] of [
		[silent, 'http', false],
		[silent, 'socks5', false],
		[tunnels.server, 'http', true],
	] as const) {
		const before = server.peers.length;
		const connector = connectorTo(t, { parent: `${scheme}://127.0.0.1:${server.port}` });
		const one = open(connector, 'a.example', 443);
		one.tunnel.catch(() => {});
		await until(() => (server.peers[before]?.bytes ?? 0) > 0, 'it has been asked');
		if (stands) await one.tunnel;
		one.leave();
		await server.peers[before]?.closed();
		await until(() => connector.statistics().tunnels === 0, 'no tunnel');
		assert.equal(connector.statistics().dialling, 0);
	}
});

test('a hundred tunnels leave no socket behind', async (t) => {
	const sockets = (): number => process.getActiveResourcesInfo().filter((name) => name.startsWith('TCPSocket')).length;
	const origin = await rawServer(t, (peer) => void peer.send('x').finish());
	const parent = await httpParent(t, { to: origin.port });
	const refusing = await httpParent(t, { answer: () => 'HTTP/1.1 403 No\r\n\r\n' });
	const before = sockets();
	const open1 = connectorTo(t, { parent: `http://127.0.0.1:${parent.port}` });
	const refused = connectorTo(t, { parent: `http://127.0.0.1:${refusing.port}` });
	for (let i = 0; i < 50; i++) {
		const one = open(open1, 'a.example', 443);
		assert.equal(await readAll(await one.tunnel), 'x');
		one.end();
		assert.equal(await outcome(refused, 'a.example'), 'http_request_denied');
	}
	const peers = [origin, parent.server, refusing.server].flatMap((server) => server.peers);
	await until(() => peers.every((peer) => peer.over), 'every connection closed by us');
	for (const peer of peers) peer.destroy();
	await until(() => sockets() <= before, 'no socket left');
});

test('a certificate of the parent that cannot be read is found at once', () => {
	const parent = parseParent('https://p.example', { tls: { ca: 'nonsense', cert: 'nonsense' } });
	assert.throws(() => connectorTo({ after() {} } as unknown as TestContext, { parent }));
});
