/** Requests in absolute-form: what goes out, what comes back, and what is refused. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stack } from '../../../src/convention/index.ts';
import { basicAuth } from '../../../src/middleware/basic-auth/index.ts';
import { forward } from '../../../src/proxy/forward/index.ts';
import { forwardProxy } from '../../support/forward-proxy.ts';
import { ok, origin, rawServer } from '../../support/raw-server.ts';
import { until } from '../../support/until.ts';

test('a request in absolute-form goes out in origin-form, with Host made from its target and Via both ways', async (t) => {
	const there = await origin(t, () => ok('fine', 'Connection: X-Hop\r\nX-Hop: 1\r\n'));
	const p = await forwardProxy(t);
	const client = await p.client();
	client.send(
		`GET http://127.0.0.1:${there.port}/a/../b//c%2F?q=1 HTTP/1.1\r\nHost: liar.example\r\nProxy-Authorization: Basic eDp5\r\nProxy-Connection: keep-alive\r\nConnection: X-Mine\r\nX-Mine: 1\r\nX-Stays: 2\r\n\r\n`,
	);
	const answer = await client.message('GET');
	assert.equal(answer.status, 200);
	assert.equal(answer.body, 'fine');
	assert.equal(answer.get('via'), '1.1 turnabout');
	assert.equal(answer.get('x-hop'), null);
	const [seen] = there.requests;
	assert.equal(seen?.startLine, 'GET /a/../b//c%2F?q=1 HTTP/1.1');
	assert.deepEqual(seen?.all('host'), [`127.0.0.1:${there.port}`]);
	assert.equal(seen?.get('via'), '1.1 turnabout');
	assert.equal(seen?.get('x-stays'), '2');
	for (const gone of [
		'proxy-authorization',
		'proxy-connection',
		'x-mine',
		'connection',
		'forwarded',
		'x-forwarded-for',
	])
		assert.equal(seen?.get(gone), null, gone);
});

for (const [target, path] of [
	['', '/'],
	['?q', '/?q'],
	['/', '/'],
	['/x?y#', null],
] as const) {
	test(`a target that ends in ${JSON.stringify(target)} is asked for as ${path ?? 'nothing: it is refused'}`, async (t) => {
		const there = await origin(t, () => ok('fine'));
		const p = await forwardProxy(t);
		const client = await p.client();
		client.send(`GET http://127.0.0.1:${there.port}${target} HTTP/1.1\r\nHost: x\r\n\r\n`);
		const { status } = await client.message('GET');
		assert.equal(status, path === null ? 400 : 200);
		assert.equal(there.requests[0]?.target, path ?? undefined);
	});
}

test('OPTIONS for a whole server reaches it as * (RFC 9112 section 3.2.4)', async (t) => {
	const there = await origin(t, () => ok('fine'));
	const p = await forwardProxy(t);
	const client = await p.client();
	client.send(`OPTIONS http://127.0.0.1:${there.port} HTTP/1.1\r\nHost: x\r\n\r\n`);
	await client.message('OPTIONS');
	assert.equal(there.requests[0]?.startLine, 'OPTIONS * HTTP/1.1');
});

test('connections to an origin are kept, and requests of one client go to whom each of them names', async (t) => {
	const [one, other] = [await origin(t, () => ok('one')), await origin(t, () => ok('other'))];
	const p = await forwardProxy(t);
	const client = await p.client();
	for (const there of [one, other, one, other]) {
		client.send(`GET http://127.0.0.1:${there.port}/ HTTP/1.1\r\nHost: x\r\n\r\n`);
		assert.equal((await client.message('GET')).body, there === one ? 'one' : 'other');
	}
	assert.deepEqual([one.peers.length, other.peers.length], [1, 1]);
	assert.equal(Object.keys(p.proxy.statistics().origins).length, 2);
});

test('the pools of origins that have not been asked for longest are given up first', async (t) => {
	const origins = [await origin(t, () => ok('a')), await origin(t, () => ok('b')), await origin(t, () => ok('c'))];
	const p = await forwardProxy(t, { forward: { origins: 2 } });
	const client = await p.client();
	for (const there of origins) {
		client.send(`GET http://127.0.0.1:${there.port}/ HTTP/1.1\r\nHost: x\r\n\r\n`);
		assert.equal((await client.message('GET')).status, 200);
	}
	const kept = Object.keys(p.proxy.statistics().origins);
	assert.deepEqual(kept, [`http://127.0.0.1:${origins[1]?.port}`, `http://127.0.0.1:${origins[2]?.port}`]);
	await until(() => origins[0]?.peers[0]?.over === true, 'the end of the first connection');
});

test('a request that has passed through us before is a loop', async (t) => {
	const p = await forwardProxy(t);
	const client = await p.client();
	client.send('GET http://127.0.0.1:1/ HTTP/1.1\r\nHost: x\r\nVia: 1.1 turnabout\r\n\r\n');
	const answer = await client.message('GET');
	assert.equal(answer.status, 502);
	assert.match(answer.get('proxy-status') ?? '', /error=proxy_loop_detected/);
});

test('Max-Forwards that has come to 0 is answered by us', async (t) => {
	const there = await origin(t, () => ok('fine'));
	const p = await forwardProxy(t);
	const client = await p.client();
	client.send(`TRACE http://127.0.0.1:${there.port}/ HTTP/1.1\r\nHost: x\r\nMax-Forwards: 0\r\nCookie: secret\r\n\r\n`);
	const answer = await client.message('TRACE');
	assert.equal(answer.status, 200);
	assert.ok(!answer.body.includes('secret'));
	assert.equal(there.requests.length, 0);
});

for (const [what, target, status, error] of [
	['an address that is not public', 'http://127.0.0.1:1/', 403, 'destination_ip_prohibited'],
	['a metadata service', 'http://169.254.169.254/latest', 403, 'destination_ip_prohibited'],
	['an IPv4 address within IPv6', 'http://[::ffff:127.0.0.1]/', 403, 'destination_ip_prohibited'],
] as const) {
	test(`${what} is refused unless it is opened`, async (t) => {
		const p = await forwardProxy(t, { forward: { allowPrivate: [] } });
		const client = await p.client();
		client.send(`GET ${target} HTTP/1.1\r\nHost: x\r\n\r\n`);
		const answer = await client.message('GET');
		assert.equal(answer.status, status);
		assert.match(answer.get('proxy-status') ?? '', new RegExp(`error=${error}`));
		await until(() => p.audit.length === 1, 'an audit record');
		assert.equal(p.audit[0]?.outcome, 'denied');
	});
}

test('only the ports of the web are open by default, and the refusal says which rule it was', async (t) => {
	const p = await forwardProxy(t, { forward: { ports: [80, 443] } });
	const client = await p.client();
	client.send('GET http://example.org:25/ HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\n\r\n');
	const answer = await client.message('GET');
	assert.equal(answer.status, 403);
	assert.match(answer.get('proxy-status') ?? '', /turnabout; ?error=http_request_denied; ?details="port 25"/);
	assert.match(answer.body, /The rule: port 25\./);
	assert.match(p.log[0] ?? '', /example\.org:25: .*port 25/);
	await until(() => p.audit.length === 1, 'an audit record');
	const [record] = p.audit;
	assert.deepEqual(
		[record?.outcome, record?.rule, record?.status, record?.error, record?.target],
		['denied', 'port 25', 403, 'http_request_denied', 'http://example.org:25/'],
	);
});

test('a policy is asked with everything, may take its time, and what it says nothing about is refused', async (t) => {
	const there = await origin(t, () => ok('fine'));
	const asked: unknown[] = [];
	const p = await forwardProxy(t, {
		forward: {
			policy: async ({ method, destination: to, client, identity }) => {
				asked.push([method, to.host, to.port, to.path, client, identity?.name]);
				await Promise.resolve();
				return to.path === '/yes' ? { allowed: true, rule: 'yes' } : null;
			},
		},
		wrap: (app) =>
			stack(basicAuth({ role: 'proxy', users: (user, password) => user === 'ann' && password === 'secret' }))(app),
	});
	const client = await p.client();
	const credentials = `Proxy-Authorization: Basic ${btoa('ann:secret')}\r\n`;
	client.send(`GET http://127.0.0.1:${there.port}/yes HTTP/1.1\r\nHost: x\r\n${credentials}\r\n`);
	assert.equal((await client.message('GET')).status, 200);
	client.send(`GET http://127.0.0.1:${there.port}/no HTTP/1.1\r\nHost: x\r\n${credentials}\r\n`);
	const refused = await client.message('GET');
	assert.equal(refused.status, 403);
	assert.match(refused.get('proxy-status') ?? '', /no rule allows it/);
	assert.deepEqual(asked[0], ['GET', '127.0.0.1', there.port, '/yes', '127.0.0.1', 'ann']);
	await until(() => p.audit.length === 2, 'two audit records');
	assert.deepEqual(
		p.audit.map(({ identity, rule, outcome }) => [identity, rule, outcome]),
		[
			['ann', 'yes', 'allowed'],
			['ann', 'no rule allows it', 'denied'],
		],
	);
});

test('a policy that throws lets nothing through', async (t) => {
	const there = await origin(t, () => ok('fine'));
	const p = await forwardProxy(t, {
		forward: {
			policy: () => {
				throw new Error('broken');
			},
		},
		engine: { log: () => {} },
	});
	const client = await p.client();
	client.send(`GET http://127.0.0.1:${there.port}/ HTTP/1.1\r\nHost: x\r\n\r\n`);
	assert.equal((await client.message('GET')).status, 500);
	assert.equal(there.requests.length, 0);
});

test('nobody uses a guarded proxy without credentials: 407, and nothing goes out', async (t) => {
	const there = await origin(t, () => ok('fine'));
	const p = await forwardProxy(t, { wrap: (app) => stack(basicAuth({ role: 'proxy', users: () => true }))(app) });
	const client = await p.client();
	client.send(`GET http://127.0.0.1:${there.port}/ HTTP/1.1\r\nHost: x\r\n\r\n`);
	const answer = await client.message('GET');
	assert.equal(answer.status, 407);
	assert.match(answer.get('proxy-authenticate') ?? '', /^Basic /);
	assert.equal(there.requests.length, 0);
});

for (const authority of ['0x7f.1', '2130706433', '0177.0.0.1', '127.1', 'a%2eexample', 'exa..mple', '127.0.0.1.']) {
	test(`a host that can be read in two ways is refused: ${authority}`, async (t) => {
		const p = await forwardProxy(t);
		const client = await p.client();
		client.send(`GET http://${authority}/ HTTP/1.1\r\nHost: x\r\n\r\n`);
		assert.equal((await client.message('GET')).status, 400);
	});
}

test('a request for the proxy itself goes nowhere, whatever Host says', async (t) => {
	const there = await origin(t, () => ok('fine'));
	const p = await forwardProxy(t);
	const client = await p.client();
	client.send(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${there.port}\r\n\r\n`);
	const answer = await client.message('GET');
	assert.equal(answer.status, 404);
	assert.match(answer.body, /forward proxy/);
	assert.equal(there.peers.length, 0);
});

test('what stands within sees requests that are let through, and may change all but whom they are for', async (t) => {
	const there = await origin(t, () => ok('fine'));
	const seen: string[] = [];
	const p = await forwardProxy(t, {
		forward: {
			inner: (next) => (request, context) => {
				seen.push(request.method);
				return next(request, context, context);
			},
		},
	});
	const client = await p.client();
	client.send(`GET http://127.0.0.1:${there.port}/ HTTP/1.1\r\nHost: x\r\n\r\n`);
	await client.message('GET');
	assert.deepEqual(seen, ['GET']);
});

for (const [what, script, status, error] of [
	['sends garbage', 'garbage\r\n\r\n', 502, 'http_protocol_error'],
	['closes without an answer', '', 502, 'connection_terminated'],
] as const) {
	test(`an origin that ${what} is answered for with ${status}`, async (t) => {
		const there = await rawServer(t, async (peer) => {
			await peer.read('\r\n\r\n');
			if (script === '') peer.destroy();
			else peer.send(script);
		});
		const p = await forwardProxy(t);
		const client = await p.client();
		client.send(`POST http://127.0.0.1:${there.port}/p?secret HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n`);
		const answer = await client.message('POST');
		assert.equal(answer.status, status);
		assert.match(answer.get('proxy-status') ?? '', new RegExp(`error=${error}`));
		await until(() => p.audit.length === 1, 'an audit record');
		assert.deepEqual([p.audit[0]?.outcome, p.audit[0]?.error], ['failed', error]);
		assert.ok(!JSON.stringify([p.audit, p.log]).includes('secret'));
	});
}

test('a name that does not resolve is a dns_error', async (t) => {
	const p = await forwardProxy(t, { forward: { resolve: async () => [] } });
	const client = await p.client();
	client.send('GET http://nowhere.example/ HTTP/1.1\r\nHost: x\r\n\r\n');
	const answer = await client.message('GET');
	assert.equal(answer.status, 502);
	assert.match(answer.get('proxy-status') ?? '', /error=dns_error/);
});

test('options that cannot be meant are refused by name', () => {
	for (const [options, said] of [
		[{ port: [80] }, /port: .*did you mean ports/s],
		[{ ports: [0] }, /ports must be/],
		[{ ports: 443 }, /ports must be/],
		[{ allowPrivate: ['10.0.0.0/99'] }, /allowPrivate/],
		[{ allowPrivate: ['loopback'], guard: () => true }, /allowPrivate/],
		[{ policy: {} }, /policy must be a function/],
		[{ origins: 0 }, /origins must be/],
		[{ timeouts: { conect: 1 } }, /conect/],
		[{ name: 'two words' }, /two words/],
	] as const) {
		assert.throws(() => forward(options as never), said);
	}
});
