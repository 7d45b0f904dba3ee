/** Making connections: both address families, names, unix sockets, and what is said when it fails. */
import assert from 'node:assert/strict';
import { lookup } from 'node:dns/promises';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { upstream } from '../../src/client/index.ts';
import { ask, exchange } from '../../src/engine/memory/index.ts';
import { ok, origin as originOf } from '../support/raw-server.ts';
import { until } from '../support/until.ts';
import { deadEnd, errorOf, to, told } from './asking.ts';

const families = await lookup('localhost', { all: true }).catch(() => []);

function canListen(host: string): Promise<boolean> {
	return new Promise((resolve) => {
		const server = createServer();
		server.once('error', () => resolve(false));
		server.listen(0, host, () => server.close(() => resolve(true)));
	});
}

for (const host of ['127.0.0.1', '::1']) {
	test(`a name with two families, of which only ${host} answers`, async (t) => {
		if (!(await canListen(host))) return t.skip(`nothing can listen on ${host} here`);
		if (!families.some(({ address }) => address === host)) return t.skip(`localhost has no ${host} here`);
		const origin = await originOf(t, (request) => ok(request.get('host') ?? ''), { at: { host, port: 0 } });
		assert.equal(await told(to(t, `http://localhost:${origin.port}`), { authority: 'x.example' }), 'x.example');
	});
}

test('an IPv6 address in brackets', async (t) => {
	if (!(await canListen('::1'))) return t.skip('no IPv6 here');
	const origin = await originOf(t, () => ok('fine'), { at: { host: '::1', port: 0 } });
	assert.equal(await told(to(t, `http://[::1]:${origin.port}`)), 'fine');
});

test('nobody listens: connection_refused, 502, and nothing is left behind', async (t) => {
	const app = to(t, await deadEnd(t));
	const answer = await ask(app, '/');
	const { type, phase, retryable, details } = errorOf(answer);
	assert.deepEqual(
		{ type, phase, retryable, details },
		{ type: 'connection_refused', phase: 'connect', retryable: true, details: 'ECONNREFUSED' },
	);
	assert.equal(answer.status, 502);
	const { connections, dialled, failed } = app.statistics();
	assert.deepEqual({ connections, dialled, failed }, { connections: 0, dialled: 0, failed: 1 });
});

test('nobody listens on any address of a name: connection_refused', async (t) => {
	const url = (await deadEnd(t)).replace('127.0.0.1', 'localhost');
	assert.equal(await told(to(t, url)), '!connection_refused');
});

test('no such name: dns_error', async (t) => {
	const app = to(t, 'http://no-such-host.invalid', { timeouts: { connect: 5_000 } });
	const answer = await ask(app, '/');
	assert.match(errorOf(answer).type, /^dns_(error|timeout)$/);
	assert.equal(errorOf(answer).phase, 'resolve');
});

/** Where a unix socket of this test can be. */
function socketPath(t: TestContext): string {
	const folder = mkdtempSync(join(tmpdir(), 'turnabout-'));
	t.after(() => rmSync(folder, { recursive: true, force: true }));
	return join(folder, 'origin.sock');
}

test('a unix socket: requests, keep-alive, and Host for those who have none', async (t) => {
	const path = socketPath(t);
	const origin = await originOf(t, (request) => ok(request.get('host') ?? 'none'), { at: { path } });
	const app = to(t, `unix:${path}`);
	assert.equal(await told(app, { authority: 'site.example' }), 'site.example');
	assert.equal(await told(app, { version: '2', authority: '' }), 'localhost');
	assert.equal(origin.peers.length, 1);
	assert.deepEqual(app.origin.socketPath, path);
});

test('a unix socket that is not there: connection_refused', async (t) => {
	const app = to(t, `unix:${socketPath(t)}`);
	const answer = await ask(app, '/');
	assert.equal(errorOf(answer).type, 'connection_refused');
	assert.equal(errorOf(answer).details, 'ENOENT');
});

test('a client that leaves cancels upstream on a unix socket, too', async (t) => {
	const path = socketPath(t);
	const origin = await originOf(t, () => new Promise<string>(() => {}), { at: { path } });
	const app = to(t, `unix:${path}`);
	const one = exchange(app, '/');
	await until(() => origin.requests.length === 1, 'the request at the origin');
	one.abort();
	await (await origin.peer()).closed(2_000);
	await until(() => app.statistics().connections === 0, 'no connection');
});

test('what is no upstream is refused when it is made, with a hint', () => {
	const wrong: [string, RegExp][] = [
		['localhost:3000', /http:\/\/localhost:3000/],
		['ftp://a.example', /http/],
		['nonsense', /Not an upstream URL/],
		['http://user:secret@a.example', /credentials/],
		['http://a.example/?q', /query/],
		['unix:relative.sock', /unix:\/path/],
	];
	for (const [url, message] of wrong) assert.throws(() => upstream(url), { name: 'TypeError', message }, url);
	assert.throws(() => upstream('https://a.example', { tls: { cert: 'no certificate', key: 'no key' } }));
});
