/** A thousand tunnels, ended and broken off in every state: nothing is left of them. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { respond } from '../../src/convention/index.ts';
import { clientHello } from '../support/client-hello.ts';
import { pause, until } from '../support/until.ts';
import { type Standing, standing } from './standing.ts';

const TUNNELS = 1_000;
const AT_ONCE = 25;

/** How a client can leave. */
const WAYS = [
	'answered',
	'before the hello',
	'in the hello',
	'in the handshake',
	'after the handshake',
	'waiting',
	'plain',
] as const;

const sockets = (): number => process.getActiveResourcesInfo().filter((name) => /^TCP|TLS|Pipe/.test(name)).length;

async function one(stand: Standing, way: (typeof WAYS)[number], host: string, hello: Buffer): Promise<void> {
	const socket = connect({ port: stand.port, host: '127.0.0.1' });
	socket.on('error', () => {});
	socket.write(`CONNECT ${host}:443 HTTP/1.1\r\nHost: ${host}:443\r\n\r\n`);
	await new Promise((resolve) => socket.once('data', resolve));
	if (way === 'in the hello') socket.write(hello.subarray(0, 100));
	if (way === 'in the handshake') socket.write(hello);
	if (way === 'plain') socket.write('GET / HTTP/1.1\r\n');
	if (way === 'before the hello' || way === 'in the hello' || way === 'in the handshake' || way === 'plain') {
		await pause(2);
		socket.resetAndDestroy();
		return;
	}
	const tls = connectTls({ socket, servername: host, ca: stand.authority.pem });
	tls.on('error', () => {});
	await new Promise((resolve) => tls.once('secureConnect', resolve));
	if (way !== 'after the handshake') tls.write(`GET /${way} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
	if (way === 'answered') await new Promise((resolve) => tls.once('data', resolve));
	else await pause(2);
	if (way === 'answered') tls.end();
	else socket.resetAndDestroy();
	await new Promise((resolve) => tls.once('close', resolve));
}

test('nothing is left of a thousand tunnels', { timeout: 110_000 }, async (t: TestContext) => {
	const stand = await standing(
		t,
		(request) => (request.url.endsWith('/waiting') ? new Promise<Response>(() => {}) : respond(200, null, 'answered')),
		{ certificates: 10 },
	);
	const hello = await clientHello({ servername: 'a.example' });
	await one(stand, 'answered', 'a.example', hello);
	await until(() => stand.interceptor.statistics().open === 0, 'the first is over');
	const before = sockets();
	let next = 0;
	const worker = async (): Promise<void> => {
		while (next < TUNNELS) {
			const at = next++;
			const way = WAYS[at % WAYS.length] as (typeof WAYS)[number];
			const host = way === 'in the handshake' ? 'a.example' : `h${at % 30}.example`;
			await one(stand, way, host, hello);
		}
	};
	await Promise.all(Array.from({ length: AT_ONCE }, worker));
	await until(() => stand.interceptor.statistics().open === 0, 'all are over');
	await until(() => stand.ended.length === TUNNELS + 1, 'every CONNECT is over');
	await until(() => sockets() <= before, `sockets are left: ${sockets()} and ${before} before`);
	const statistics = stand.interceptor.statistics();
	assert.equal(statistics.taken, TUNNELS + 1);
	assert.equal(statistics.certificates.kept, 10);
	assert.ok(statistics.intercepted >= TUNNELS * (4 / 7), `${statistics.intercepted} were looked into`);
});

test('closing cuts off what is open', async (t) => {
	const stand = await standing(t, () => new Promise<Response>(() => {}));
	const socket = connect({ port: stand.port, host: '127.0.0.1' });
	socket.on('error', () => {});
	socket.write('CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n');
	await until(() => stand.interceptor.statistics().open === 1, 'the tunnel stands');
	await stand.interceptor.close();
	await new Promise((resolve) => socket.once('close', resolve).resume());
	assert.equal(stand.interceptor.statistics().open, 0);
});
