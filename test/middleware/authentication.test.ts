/** All layers of authentication alike: tunnels on real sockets, and no credentials in any log. */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { hashSync } from 'bcryptjs';
import { SignJWT } from 'jose';
import { WebSocket, WebSocketServer } from 'ws';
import { type App, respond } from '../../src/convention/index.ts';
import { type EngineLogEntry, h1 } from '../../src/engine/h1/index.ts';
import { fromNodeUpgrade } from '../../src/frameworks/node/index.ts';
import { accessLog } from '../../src/middleware/access-log/index.ts';
import { generateApiKey } from '../../src/middleware/api-key/index.ts';
import { auth, identity } from '../../src/middleware/index.ts';
import { listen, portOf } from '../support/engines.ts';
import { connect } from '../support/raw-client.ts';
import { until } from '../support/until.ts';

type Role = 'origin' | 'proxy';

interface Kind {
	readonly layer: (role: Role, t: TestContext) => (app: App) => App;
	readonly credentials: string;
}

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const key = publicKey.export({ type: 'spki', format: 'pem' }) as string;
const token = await new SignJWT({ iss: 'i', aud: 'a', sub: 'ann', exp: Math.floor(Date.now() / 1000) + 600 })
	.setProtectedHeader({ alg: 'EdDSA' })
	.sign(privateKey);
const generated = generateApiKey('ann');

const kinds: Readonly<Record<string, Kind>> = {
	basic: {
		layer: (role, t) => {
			const one = auth.basic({ users: { ann: hashSync('open sesame', 4) }, role });
			t.after(() => one.close());
			return one as (app: App) => App;
		},
		credentials: `Basic ${Buffer.from('ann:open sesame').toString('base64')}`,
	},
	bearer: {
		layer: (role) => auth.bearer({ issuer: 'i', audience: 'a', key, role }) as (app: App) => App,
		credentials: `Bearer ${token}`,
	},
	'api-key': {
		layer: (role) =>
			auth.apiKey({
				keys: [generated.stored],
				field: role === 'origin' ? 'Authorization' : 'Proxy-Authorization',
				role,
			}) as (app: App) => App,
		credentials: `ApiKey ${generated.key}`,
	},
};

for (const [kind, { layer, credentials }] of Object.entries(kinds)) {
	test(`on sockets, ${kind} guards a WebSocket: the handshake is answered 401, or opened`, async (t) => {
		const sockets = new WebSocketServer({ noServer: true });
		t.after(() => sockets.close());
		sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(data, { binary: false })));
		const echo = fromNodeUpgrade((request, socket, head) =>
			sockets.handleUpgrade(request, socket, head, (one) => sockets.emit('connection', one, request)),
		);
		const port = portOf(await listen(t, layer('origin', t)(echo as App)));
		const open = (headers: Record<string, string>): WebSocket => {
			const socket = new WebSocket(`ws://127.0.0.1:${port}/`, { headers });
			// One that was refused is terminated before it was open, which ws tells as an error.
			socket.on('error', () => {});
			t.after(() => socket.terminate());
			return socket;
		};
		const welcome = open({ Authorization: credentials });
		await once(welcome, 'open');
		welcome.send('hello');
		assert.equal(String((await once(welcome, 'message'))[0]), 'hello');
		for (const headers of [{}, { Authorization: `${credentials}x` }]) {
			const [, response] = (await once(open(headers as Record<string, string>), 'unexpected-response')) as [
				unknown,
				IncomingMessage,
			];
			assert.equal(response.statusCode, 401);
			assert.ok(response.headers['www-authenticate']);
		}
	});

	test(`on sockets, ${kind} guards a CONNECT: 407, or a tunnel`, async (t) => {
		const tunnel: App = (_, context) =>
			respond(200, { 'X-User': context.get(identity)?.name ?? '' }, null, {
				tunnel: ({ readable, writable }) => readable.start(writable),
			});
		const port = portOf(await listen(t, layer('proxy', t)(tunnel)));
		const ask = async (field: string) => {
			const peer = await connect(t, port);
			peer.send(`CONNECT db.example:5432 HTTP/1.1\r\nHost: db.example:5432\r\n${field}\r\n`);
			await until(() => peer.received.includes('\r\n\r\n'), 'an answer');
			return peer;
		};
		const refused = await ask('');
		assert.match(refused.received, /^HTTP\/1.1 407 /);
		assert.match(refused.received, /proxy-authenticate: /i);
		const opened = await ask(`Proxy-Authorization: ${credentials}\r\n`);
		assert.match(opened.received, /^HTTP\/1.1 200 [^]*X-User: ann\r\n/);
		opened.send('through');
		await until(() => opened.received.endsWith('through'), 'the echo');
	});

	test(`${kind}: credentials are in no log and in no answer, accepted or refused or under an error`, async (t) => {
		const folder = mkdtempSync(join(tmpdir(), 'turnabout-'));
		t.after(() => rmSync(folder, { recursive: true }));
		const access = accessLog({ to: join(folder, 'log') });
		t.after(() => access.close());
		const entries: EngineLogEntry[] = [];
		const broken: App = (request) => {
			throw new Error(`Failed at ${request.url}`);
		};
		const app = access(layer('origin', t)(broken));
		const listener = await listen(t, app, { log: (entry) => entries.push(entry) }, undefined, h1);
		const secret = credentials.split(' ')[1] as string;
		for (const [field, status] of [
			[`Authorization: ${credentials}`, 500],
			[`Authorization: ${credentials}x`, 401],
			[`Authorization: ${credentials}\r\nAuthorization: ${credentials}`, 400],
		] as const) {
			const peer = await connect(t, portOf(listener));
			peer.send(`GET / HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n${field}\r\n\r\n`);
			const answer = await peer.message();
			assert.equal(answer.status, status);
			assert.equal(answer.raw.includes(secret), false);
		}
		access.flush();
		const logged = `${readFileSync(join(folder, 'log'), 'utf8')}${entries.map(({ message, error }) => `${message}${(error as Error | undefined)?.stack}${JSON.stringify(error)}`).join('\n')}`;
		assert.match(logged, /Failed at/);
		for (const one of [secret, 'open sesame']) assert.equal(logged.includes(one), false);
	});
}
