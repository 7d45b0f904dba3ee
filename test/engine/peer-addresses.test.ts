/** One spelling of a peer's address on every engine: lists, limits and logs go by it. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect as dial } from 'node:http2';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { type App, respond } from '../../src/convention/index.ts';
import { h1 } from '../../src/engine/h1/index.ts';
import { http2 } from '../../src/engine/h2/index.ts';
import type { Engine } from '../../src/engine/index.ts';
import { nodeHttp } from '../../src/engine/node-http/index.ts';
import { listen, portOf } from '../support/engines.ts';

const told: App = (_request, { connection: { remote, local } }) =>
	respond(200, null, JSON.stringify([remote, local].map((one) => (one.kind === 'ip' ? one.host : one.kind))));

const dualStack = Object.values(networkInterfaces()).some((all) => all?.some(({ family }) => family === 'IPv6'));

/** By HTTP/1.1, or by HTTP/2 with prior knowledge. */
async function asked(t: TestContext, port: number, version: 1 | 2): Promise<unknown> {
	if (version === 2) {
		const session = dial(`http://127.0.0.1:${port}`);
		t.after(() => session.destroy());
		return JSON.parse(await text(session.request({ ':path': '/' })));
	}
	const socket = connect(port, '127.0.0.1');
	t.after(() => socket.destroy());
	socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
	return JSON.parse((await text(socket)).split('\r\n\r\n')[1] ?? '');
}

const engines: readonly [name: string, make: () => Engine, version: 1 | 2][] = [
	['h1', () => h1(), 1],
	['nodeHttp', () => nodeHttp(), 1],
	['h2', () => http2(), 2],
	['h2, asked by HTTP/1.1', () => http2(), 1],
];
for (const [name, make, version] of engines) {
	test(`${name}: IPv4 clients of a socket for both families have IPv4 addresses`, { skip: !dualStack }, async (t) => {
		const listener = await listen(t, told, {}, { host: '::', port: 0 }, make);
		assert.deepEqual(await asked(t, portOf(listener), version), ['127.0.0.1', '127.0.0.1']);
	});
}

for (const [name, make] of engines.slice(0, 2)) {
	test(`${name}: who comes by a unix socket has no address`, async (t) => {
		const folder = mkdtempSync(join(tmpdir(), 'turnabout-peer-'));
		t.after(() => rmSync(folder, { recursive: true }));
		const path = join(folder, 's');
		await listen(t, told, {}, { path }, make);
		const socket = connect(path);
		t.after(() => socket.destroy());
		socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
		assert.deepEqual(JSON.parse((await text(socket)).split('\r\n\r\n')[1] ?? ''), ['unix', 'unix']);
	});
}
