/** Rules that are made of parts: when they speak, how they are named, and which parts are refused. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { type Identity, identity } from '../../../src/convention/index.ts';
import {
	allow,
	deny,
	firstOf,
	type Policy,
	type PolicyQuestion,
	type RuleParts,
	type Verdict,
} from '../../../src/proxy/forward/index.ts';
import { forwardProxy, tunnelTo } from '../../support/forward-proxy.ts';
import { ok, origin, rawServer } from '../../support/raw-server.ts';
import { until } from '../../support/until.ts';

interface Asked {
	readonly method?: string;
	readonly host?: string;
	readonly port?: number;
	readonly client?: string | null;
	readonly user?: string;
}

function question({ method = 'GET', host = 'a.example.org', port = 443, client = '10.1.2.3', user }: Asked) {
	const who: Identity | null = user === undefined ? null : { name: user, by: 'basic', claims: {} };
	return { method, destination: { host, port }, client, identity: who } as unknown as PolicyQuestion;
}

for (const [parts, asked, rule] of [
	[{ methods: ['GET', 'HEAD'] }, { method: 'HEAD' }, 'deny all by GET, HEAD'],
	[{ methods: ['GET'] }, { method: 'CONNECT' }, null],
	[{ clients: ['10.1.0.0/16'] }, {}, 'deny all for 10.1.0.0/16'],
	[{ clients: ['10.1.0.0/16'] }, { client: '10.2.0.1' }, null],
	[{ clients: ['10.1.0.0/16'] }, { client: null }, null],
	[{ clients: ['2001:db8::/32'] }, { client: '2001:db8::7' }, 'deny all for 2001:db8::/32'],
	[{ users: ['ann'] }, { user: 'ann' }, 'deny all for some users'],
	[{ users: ['ann'] }, { user: 'bob' }, null],
	[{ users: ['ann'] }, {}, null],
	[
		{ hosts: ['*.example.org'], ports: [443], methods: ['PUT'], users: ['ann'] },
		{ method: 'PUT', user: 'ann' },
		'deny *.example.org on port 443 by PUT for some users',
	],
	[{ hosts: ['*.example.org'], methods: ['PUT'] }, { method: 'PUT', host: 'example.net' }, null],
] as [RuleParts, Asked, string | null][]) {
	test(`${JSON.stringify(parts)} ${rule === null ? 'says nothing about' : 'denies'} ${JSON.stringify(asked)}`, () => {
		const verdict = deny(parts)(question(asked));
		assert.deepEqual(verdict, rule === null ? null : { allowed: false, rule });
	});
}

for (const [time, at, holds] of [
	[{ from: '08:00', to: '18:00' }, '2026-03-02T08:00:00Z', true],
	[{ from: '08:00', to: '18:00' }, '2026-03-02T17:59:59Z', true],
	[{ from: '08:00', to: '18:00' }, '2026-03-02T18:00:00Z', false],
	[{ from: '08:00', to: '18:00', zone: 'Europe/Vienna' }, '2026-03-02T17:30:00Z', false],
	[{ from: '08:00', to: '18:00', zone: 'Europe/Vienna' }, '2026-03-02T07:30:00Z', true],
	[{ days: ['mon'] }, '2026-03-02T23:59:00Z', true],
	[{ days: ['mon'] }, '2026-03-03T00:00:00Z', false],
	[{ days: ['mon'], from: '22:00', to: '06:00' }, '2026-03-03T05:59:00Z', true],
	[{ days: ['mon'], from: '22:00', to: '06:00' }, '2026-03-02T05:59:00Z', false],
	[{ days: ['sun'], from: '22:00', to: '06:00' }, '2026-03-02T05:59:00Z', true],
	[{ from: '22:00', to: '06:00' }, '2026-03-02T12:00:00Z', false],
] as const) {
	test(`a rule for ${JSON.stringify(time)} ${holds ? 'holds' : 'does not hold'} at ${at}`, (t) => {
		t.mock.timers.enable({ apis: ['Date'], now: Date.parse(at) });
		const verdict = allow({ times: [time] })(question({}));
		assert.deepEqual(verdict, holds ? { allowed: true, rule: 'allow all at some times' } : null);
	});
}

for (const [parts, reason] of [
	[{ methods: 'GET' }, /^allow: methods must be a list of methods, such as GET, not "GET"/],
	[{ methods: ['get'] }, /^allow: methods must be a list of methods, such as GET/],
	[{ methods: ['G T'] }, /^allow: methods must be/],
	[{ clients: ['10.1.0.0/33'] }, /^allow: clients/],
	[{ clients: [7] }, /^allow: clients must be a list of addresses and ranges/],
	[{ users: [''] }, /^allow: users must be a list of names/],
	[{ times: {} }, /^allow: times must be a list of times/],
	[{ times: [{ from: '8:00' }] }, /^allow: times\.from must be a time of the day, such as '08:00', not "8:00"/],
	[{ times: [{ to: '24:01' }] }, /^allow: times\.to must be a time of the day/],
	[{ times: [{ from: '08:00', to: '08:00' }] }, /^allow: times: from and to are the same/],
	[{ times: [{ days: ['Monday'] }] }, /^allow: times\.days must be a list of mon, tue/],
	[{ times: [{ zone: 'Mars/Olympus' }] }, /^allow: times\.zone must be a time zone/],
	[{ times: [{ until: '08:00' }] }, /^allow: times\.until/],
	[{ paths: ['x'] }, /^allow: paths: "x" must begin with \//],
	[{ paths: ['/a/../b'] }, /^allow: paths: "\/a\/\.\.\/b" must begin with \/ and be read in one way/],
	[{ paths: ['/a%2f%2e%2e'] }, /^allow: paths/],
	[{ paths: [{ path: 'x' }] }, /^allow: paths: an entry is a text or \{ file: 'path' \}/],
	[{ hosts: ['0x7f.1'] }, /^allow: hosts: "0x7f\.1": .*hexadecimal/],
	[{ hosts: [{ file: '/no/such/list' }] }, /^allow: hosts: the file cannot be read: ENOENT/],
	[{ hosts: ['a.example'], log: 7 }, /^allow: log must be a function/],
	[null, /^allow: the parts must be an object/],
] as const) {
	test(`allow(${JSON.stringify(parts)}) is refused with the part's name and the reason`, () => {
		assert.throws(() => allow(parts as unknown as RuleParts), { message: reason });
	});
}

test('a rule by method and user decides on the wire, and page, Proxy-Status and audit name it', async (t) => {
	const there = await origin(t, () => ok('fine'));
	const policy = firstOf(deny({ methods: ['PUT'] }), allow({ users: ['ann'], clients: ['loopback'] }));
	const p = await forwardProxy(t, {
		forward: { policy },
		wrap: (app) => (request, context) => {
			const name = request.headers.get('x-user');
			if (name !== null) context.set(identity, { name, by: 'basic', claims: {} });
			return app(request, context);
		},
	});
	const client = await p.client();
	const ask = async (method: string, user: string) => {
		client.send(
			`${method} http://127.0.0.1:${there.port}/ HTTP/1.1\r\nHost: x\r\nX-User: ${user}\r\nContent-Length: 0\r\n\r\n`,
		);
		return client.message(method);
	};
	assert.equal((await ask('GET', 'ann')).status, 200);
	const refused = await ask('PUT', 'ann');
	assert.equal(refused.status, 403);
	assert.match(refused.body, /The rule: deny all by PUT\./);
	assert.equal(refused.get('proxy-status'), 'turnabout;error=http_request_denied;details="deny all by PUT"');
	assert.match((await ask('GET', 'bob')).body, /no rule allows it/);
	await until(() => p.audit.length === 3, 'three records');
	assert.deepEqual(
		p.audit.map(({ outcome, rule }) => `${outcome}: ${rule}`),
		['allowed: allow all for loopback for some users', 'denied: deny all by PUT', 'denied: no rule allows it'],
	);
	assert.equal(there.requests.length, 1);
});

test('a tunnel has the method CONNECT, and none of those that go through it', async (t) => {
	const there = await rawServer(t);
	const p = await forwardProxy(t, { forward: { policy: allow({ methods: ['GET', 'POST'] }) } });
	assert.match(await tunnelTo(await p.client(), `127.0.0.1:${there.port}`), /^HTTP\/1\.1 403 /);
});

for (const [how, policy] of [
	['throws', () => assert.fail('broken')],
	['rejects', async () => assert.fail('broken')],
] as const) {
	test(`a policy that ${how} lets nothing through`, async (t) => {
		const there = await rawServer(t);
		const p = await forwardProxy(t, { forward: { policy } });
		assert.match(await tunnelTo(await p.client(), `127.0.0.1:${there.port}`), /^HTTP\/1\.1 500 /);
		assert.equal(there.peers.length, 0);
		await until(() => p.audit.length === 1, 'the record');
		assert.deepEqual([p.audit[0]?.outcome, p.audit[0]?.rule], ['denied', 'no decision']);
	});
}

test('a policy that does not decide in time lets nothing through, and stalls nobody else', async (t) => {
	const there = await origin(t, () => ok('fine'));
	const policy: Policy = ({ destination }) =>
		destination.path === '/never' ? new Promise(() => {}) : { allowed: true, rule: 'fine' };
	const p = await forwardProxy(t, { forward: { policy, policyTimeout: 50 } });
	const [hung, other] = [await p.client(), await p.client()];
	hung.send(`GET http://127.0.0.1:${there.port}/never HTTP/1.1\r\nHost: x\r\n\r\n`);
	other.send(`GET http://127.0.0.1:${there.port}/ HTTP/1.1\r\nHost: x\r\n\r\n`);
	assert.equal((await other.message('GET')).status, 200);
	const told = await hung.message('GET');
	assert.equal(told.status, 500);
	assert.equal(told.get('proxy-status'), 'turnabout;error=proxy_internal_error');
	assert.ok(p.log.some((line) => line.includes('has not decided within 50 ms')));
	assert.equal(there.requests.length, 1);
});

test('a client that leaves while its policy looks something up is not gone out for', async (t) => {
	const there = await origin(t, () => ok('fine'));
	const { promise: decided, resolve: decide } = Promise.withResolvers<Verdict>();
	let asked = 0;
	const policy: Policy = () => {
		asked++;
		return decided;
	};
	const p = await forwardProxy(t, { forward: { policy } });
	const client = await p.client();
	client.send(`GET http://127.0.0.1:${there.port}/ HTTP/1.1\r\nHost: x\r\n\r\n`);
	await until(() => asked === 1, 'the request');
	client.socket.resetAndDestroy();
	await until(() => p.audit.length === 1, 'the record');
	decide({ allowed: true, rule: 'late' });
	await setImmediate();
	assert.deepEqual([p.audit[0]?.rule, there.peers.length], ['no decision', 0]);
});
