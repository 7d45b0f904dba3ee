/** The audit: what is told of requests on kept connections, and how its lines are written. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type App, identity } from '../../../src/convention/index.ts';
import { type AuditRecord, auditLog } from '../../../src/proxy/forward/index.ts';
import { forwardProxy, tunnelTo } from '../../support/forward-proxy.ts';
import { ok, origin, rawServer } from '../../support/raw-server.ts';
import { until } from '../../support/until.ts';

const record: AuditRecord = {
	time: '2026-01-02T03:04:05.678Z',
	client: '192.0.2.1',
	identity: 'ann',
	protocol: '1.1',
	method: 'CONNECT',
	target: 'api.example.com:443',
	address: '203.0.113.9',
	rule: 'allow *.example.com',
	outcome: 'allowed',
	status: 200,
	error: null,
	received: 10,
	sent: 20,
	milliseconds: 3,
	intercepted: false,
};

test('a request tells the address it was sent to, on a fresh connection and on a kept one', async (t) => {
	const there = await origin(t, () => ok('fine'));
	const p = await forwardProxy(t);
	const client = await p.client();
	for (const path of ['/one', '/two?key=secret']) {
		client.send(`GET http://127.0.0.1:${there.port}${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
		await client.message('GET');
	}
	await until(() => p.audit.length === 2, 'two records');
	assert.equal(there.peers.length, 1);
	assert.deepEqual(
		p.audit.map(({ address, target }) => [address, target]),
		['/one', '/two'].map((path) => ['127.0.0.1', `http://127.0.0.1:${there.port}${path}`]),
	);
});

test('an address that was looked up is told as it was dialled', async (t) => {
	const there = await origin(t, () => ok('fine'));
	const p = await forwardProxy(t, { forward: { resolve: async () => ['127.0.0.1'] } });
	const client = await p.client();
	client.send(`GET http://api.example.com:${there.port}/ HTTP/1.1\r\nHost: x\r\n\r\n`);
	assert.equal((await client.message('GET')).status, 200);
	await until(() => p.audit.length === 1, 'a record');
	assert.equal(p.audit[0]?.address, '127.0.0.1');
});

test('a client is told of that has left its tunnel', async (t) => {
	const there = await rawServer(t);
	const p = await forwardProxy(t);
	const client = await p.client();
	await tunnelTo(client, `127.0.0.1:${there.port}`);
	client.reset();
	await until(() => p.audit.length === 1, 'a record');
	assert.equal(p.audit[0]?.client, '127.0.0.1');
});

const failing = (): never => assert.fail('from the audit');

for (const [kind, audit] of [
	['throws', failing],
	['rejects', (() => Promise.reject(new Error('from the audit'))) as () => void],
] as const) {
	test(`an audit that ${kind} costs its record, and nothing else`, async (t) => {
		const there = await origin(t, () => ok('fine'));
		const p = await forwardProxy(t, { forward: { audit } });
		const client = await p.client();
		for (let i = 0; i < 2; i++) {
			client.send(`GET http://127.0.0.1:${there.port}/ HTTP/1.1\r\nHost: x\r\n\r\n`);
			assert.equal((await client.message('GET')).body, 'fine');
		}
	});
}

test('a record is one line of ASCII, whatever users are called', () => {
	const lines: string[] = [];
	const audit = auditLog({ to: (line) => lines.push(line) });
	// U+010A and U+010D end in the bytes of a line's end.
	for (const name of ['a\u010a{"time":"forged"}', 'b\u010d', 'c\r\nd\x1b[2J\x7f', '\u2028"\\'])
		audit({ ...record, identity: name });
	assert.equal(lines.length, 4);
	for (const line of lines) assert.match(line, /^[\x20-\x7d]+$/);
	assert.equal((JSON.parse(lines[0] as string) as AuditRecord).identity, 'a\u010a{"time":"forged"}');
	assert.deepEqual(audit.statistics(), { lines: 4, dropped: 0 });
});

test('a file of records has one line for each, survives being moved away, and forges none', (t) => {
	const folder = mkdtempSync(join(tmpdir(), 'audit-'));
	t.after(() => rmSync(folder, { recursive: true }));
	const path = join(folder, 'audit.log');
	const audit = auditLog({ to: path });
	audit({ ...record, identity: 'a\u010a{"time":"forged"}' });
	audit.flush();
	renameSync(path, `${path}.1`);
	audit.reopen();
	audit(record);
	audit.close();
	audit(record);
	assert.equal(readFileSync(`${path}.1`, 'latin1').split('\n').length, 2);
	assert.deepEqual(JSON.parse(readFileSync(path, 'latin1')), record);
});

test('a user whose name would end a line does not end one on the wire either', async (t) => {
	const there = await origin(t, () => ok('fine'));
	const lines: string[] = [];
	const known =
		(next: App): App =>
		(request, context) => {
			context.set(identity, { name: '\u010a', by: 'basic', claims: {} });
			return next(request, context, context);
		};
	const p = await forwardProxy(t, { forward: { audit: auditLog({ to: (line) => lines.push(line) }) }, wrap: known });
	const client = await p.client();
	client.send(
		`GET http://127.0.0.1:${there.port}/?token=hidden HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer hidden\r\n\r\n`,
	);
	await client.message('GET');
	await until(() => lines.length === 1, 'a line');
	assert.match(lines[0] as string, /"identity":"\\u010a"/);
	assert.ok(!(lines[0] as string).includes('hidden'));
});

for (const [options, reason] of [
	[null, /the options are no object/],
	[{ too: '-' }, /too: no such option; there is to/],
	[{ to: '' }, /to must be/],
	[{ to: 7 }, /to must be/],
] as const) {
	test(`auditLog refuses ${JSON.stringify(options)}`, () => {
		assert.throws(() => auditLog(options as never), reason);
	});
}

test('a file of records is made when it is started, not when it is asked whether it could be', (t) => {
	const folder = mkdtempSync(join(tmpdir(), 'audit-'));
	t.after(() => rmSync(folder, { recursive: true }));
	const path = join(folder, 'audit.log');
	const audit = auditLog({ to: path });
	audit.check();
	assert.equal(existsSync(path), false);
	audit.start();
	assert.equal(existsSync(path), true);
	audit.close();
});

test('a file of records that cannot be opened is told by check and by start, with the name of the option', () => {
	const audit = auditLog({ to: '/nowhere/at/all' });
	assert.throws(() => audit.check(), /auditLog: to: "\/nowhere\/at\/all" cannot be opened/);
	assert.throws(() => audit.start(), /auditLog: to: "\/nowhere\/at\/all" cannot be opened/);
});
