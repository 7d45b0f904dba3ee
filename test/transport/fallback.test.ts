/** Accepted sockets that are read by their `data` events, since node offers no other way: slower, and otherwise the same. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { type AddressInfo, connect as connectSocket, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { NOBODY, SocketTransport } from '../../src/transport/node/index.ts';
import { type EngineOptions, listen, portOf } from '../support/engines.ts';
import { wireApps } from '../support/wire-apps.ts';
import { play } from '../support/wire-run.ts';
import { parseWireScript } from '../support/wire-script.ts';
import { relayCases } from './relay-cases.ts';
import { withoutOnRead } from './without-onread.ts';

test('accepted sockets are read by their data events here', async (t) => {
	const server = createServer();
	t.after(() => server.close());
	const accepted = new Promise<Socket>((resolve) => server.on('connection', resolve));
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const client = connectSocket((server.address() as AddressInfo).port, '127.0.0.1');
	t.after(() => client.destroy());
	const socket = await accepted;
	t.after(() => socket.destroy());
	new SocketTransport(socket, NOBODY).listen();
	assert.equal(socket.listenerCount('data'), withoutOnRead ? 1 : 0);
});

const scripts = new URL('../wire/', import.meta.url);

for (const file of readdirSync(scripts).filter((name) => name.endsWith('.http'))) {
	test(`data events: ${file}`, async (t) => {
		const cases = parseWireScript(readFileSync(new URL(file, scripts), 'utf8'));
		const playing = cases.map(async (wireCase) => {
			const app = wireApps[wireCase.app];
			assert.ok(app !== undefined, `no app ${wireCase.app}`);
			const listener = await listen(t, app, { log: () => {}, ...(wireCase.options as EngineOptions) });
			await play(t, wireCase, portOf(listener), 'whole');
			if (wireCase.split) await play(t, wireCase, portOf(listener), 'bytes');
		});
		await Promise.all(playing);
	});
}

relayCases('data events', 60);
