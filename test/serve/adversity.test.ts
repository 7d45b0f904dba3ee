/** What a machine does to a server in its life: certificates change under load, descriptors run out, names are not found, the clock steps. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { cache } from '../../src/cache/index.ts';
import { type App, respond } from '../../src/convention/index.ts';
import { ask } from '../../src/engine/memory/index.ts';
import { reverse } from '../../src/proxy/index.ts';
import { serve } from '../../src/serve/index.ts';
import { FIXTURES, start } from '../cli/command-process.ts';
import { mint, minted } from '../support/minted.ts';
import { ok, origin } from '../support/raw-server.ts';
import { eventually, pause } from '../support/until.ts';

const app: App = () => respond(200, null, 'ours');
const REQUEST = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';

test('certificates that are rotated under load: no handshake fails, and the last one comes into force', {
	timeout: 60_000,
}, async (t) => {
	const folder = mkdtempSync(join(tmpdir(), 'rotated-'));
	t.after(() => rmSync(folder, { recursive: true }));
	const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
	const rotate = (): string => {
		const { cert, key } = minted('localhost');
		for (const [file, content] of [
			[keyFile, key],
			[certFile, cert],
		] as const) {
			writeFileSync(`${file}.new`, content);
			renameSync(`${file}.new`, file);
		}
		return cert;
	};
	rotate();
	const server = await serve({ app, listen: { address: '127.0.0.1:0', tls: { certFile, keyFile } }, log: () => {} });
	t.after(() => server.close());
	const { port } = server.places[0] as { port: number };
	const shown = new Set<string>();
	let asked = 0;
	const over = new AbortController();
	const client = async (): Promise<void> => {
		while (!over.signal.aborted) {
			const socket = connectTls({ port, host: '127.0.0.1', servername: 'localhost', ca: mint });
			socket.write(REQUEST);
			socket.once('secureConnect', () => shown.add(socket.getPeerCertificate().serialNumber));
			assert.match(await text(socket), /ours$/);
			asked++;
		}
	};
	const clients = [client(), client(), client()];
	for (let turn = 0; turn < 3; turn++) {
		await pause(1_100);
		rotate();
	}
	await eventually(async () => shown.size === 4, 'all of them were shown');
	over.abort();
	await Promise.all(clients);
	assert.ok(asked > 20, `${asked} handshakes`);
});

test('descriptors run out: who came first is served, the others are closed, and all is well when some leave', {
	timeout: 60_000,
}, async (t) => {
	const hello = join(FIXTURES, 'hello.ts');
	const limited = ['sh', '-c', 'ulimit -n 60; exec "$@"', 'sh', process.execPath, 'bin/turnabout'];
	const started = start(t, ['serve', hello, '--listen', '127.0.0.1:0'], { command: limited });
	const [url = ''] = await started.listening();
	const port = Number(new URL(url).port);
	const sockets: Socket[] = [];
	t.after(() => {
		for (const socket of sockets) socket.destroy();
	});
	for (let at = 0; at < 100; at++) {
		const socket = connect(port, '127.0.0.1');
		socket.on('error', () => {});
		sockets.push(socket);
		await Promise.race([once(socket, 'connect').catch(() => {}), once(socket, 'close')]);
	}
	const answered = async (socket: Socket): Promise<boolean> => {
		socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
		return Promise.race([
			once(socket, 'data').then(
				() => true,
				() => false,
			),
			pause(500).then(() => false),
		]);
	};
	assert.equal(await answered(sockets[0] as Socket), true, 'the first is served');
	for (const socket of sockets.slice(0, 90)) socket.destroy();
	await eventually(async () => {
		const socket = connect(port, '127.0.0.1');
		socket.on('error', () => {});
		const served = await answered(socket);
		socket.destroy();
		return served;
	}, 'new clients are served again');
	assert.equal(started.child.exitCode, null);
});

test('names are not found for a while: what is connected goes on, others are told, and all is well again', async (t) => {
	const { port } = await origin(t, () => ok('fine'));
	let found = true;
	const proxy = reverse(`http://shop.internal:${port}`, {
		log: () => {},
		resolve: async () => {
			if (found) return ['127.0.0.1'];
			throw Object.assign(new Error('no name server'), { code: 'EAI_AGAIN' });
		},
		timeouts: { keepAlive: 200 },
	});
	t.after(() => proxy.close());
	assert.equal(await (await ask(proxy, '/')).text(), 'fine');
	found = false;
	assert.equal((await ask(proxy, '/')).status, 200, 'on the connection that is there');
	await eventually(async () => {
		await pause(300);
		const answer = await ask(proxy, '/');
		return answer.status >= 502 && /error=dns_/.test(answer.fields.get('proxy-status') ?? '');
	}, 'no name, no connection');
	found = true;
	assert.equal((await ask(proxy, '/')).status, 200);
});

test('the clock steps by a day, forth and back: what is stored keeps its age', async (t) => {
	t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
	let asked = 0;
	const behind: App = () => {
		asked++;
		return respond(200, { 'Cache-Control': 'max-age=100' }, 'stored');
	};
	const cached = cache()(behind) as App;
	await (await ask(cached, '/')).text();
	for (const step of [86_400_000, -86_400_000]) {
		t.mock.timers.setTime(Date.now() + step);
		const answer = await ask(cached, '/');
		assert.equal(await answer.text(), 'stored');
		assert.ok(Number(answer.fields.get('age')) < 10, `Age: ${answer.fields.get('age')}`);
	}
	assert.equal(asked, 1);
});
