/** Clients of npm through the forward proxy: undici's agents, axios and got by the environment. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import axios from 'axios';
import { type Dispatcher, EnvHttpProxyAgent, fetch, ProxyAgent, request, Socks5ProxyAgent } from 'undici';
import { respond, stack } from '../../src/convention/index.ts';
import { socks } from '../../src/engine/socks/index.ts';
import { basicAuth } from '../../src/middleware/basic-auth/index.ts';
import { type AuditRecord, forward } from '../../src/proxy/forward/index.ts';
import { authority, server as certificate } from '../support/certificates.ts';
import { listen, portOf } from '../support/engines.ts';
import { until } from '../support/until.ts';

interface Place {
	readonly port: number;
	readonly http: string;
	readonly https: string;
	readonly audit: AuditRecord[];
}

async function place(t: TestContext): Promise<Place> {
	const audit: AuditRecord[] = [];
	const proxy = forward({
		ports: null,
		allowPrivate: ['self'],
		audit: (record) => void audit.push(record),
		log: () => {},
	});
	t.after(() => proxy.close());
	const users = (name: string, password: string): boolean => name === 'ann' && password === 'secret';
	const front = await listen(t, stack(basicAuth({ role: 'proxy', users }))(proxy), { also: [socks()] });
	const plain = await listen(t, () => respond(200, null, 'fine'));
	const where = { host: '127.0.0.1', port: 0, tls: certificate };
	const secure = await listen(t, () => respond(200, null, 'fine'), {}, where);
	return {
		port: portOf(front),
		http: `http://localhost:${portOf(plain)}/a`,
		https: `https://localhost:${portOf(secure)}/a`,
		audit,
	};
}

const ways: Readonly<Record<string, (port: number) => Dispatcher>> = {
	ProxyAgent: (port) => new ProxyAgent({ uri: `http://ann:secret@127.0.0.1:${port}`, requestTls: { ca: authority } }),
	'ProxyAgent, always by CONNECT': (port) =>
		new ProxyAgent({ uri: `http://ann:secret@127.0.0.1:${port}`, requestTls: { ca: authority }, proxyTunnel: true }),
	EnvHttpProxyAgent: (port) =>
		new EnvHttpProxyAgent({
			httpProxy: `http://ann:secret@127.0.0.1:${port}`,
			httpsProxy: `http://ann:secret@127.0.0.1:${port}`,
			requestTls: { ca: authority },
		}),
	Socks5ProxyAgent: (port) =>
		new Socks5ProxyAgent(`socks5://127.0.0.1:${port}`, {
			username: 'ann',
			password: 'secret',
			requestTls: { ca: authority },
		}),
};

for (const [name, make] of Object.entries(ways)) {
	test(`undici: ${name}`, async (t) => {
		const p = await place(t);
		const dispatcher = make(p.port);
		for (const url of [p.http, p.https]) assert.equal(await (await fetch(url, { dispatcher })).text(), 'fine', url);
		await dispatcher.close();
		await until(() => p.audit.length === 2, 'two audit records');
		for (const { identity, outcome } of p.audit) assert.deepEqual([identity, outcome], ['ann', 'allowed']);
	});
}

test('undici: with a wrong password nothing is reached', async (t) => {
	const p = await place(t);
	const dispatcher = new ProxyAgent(`http://ann:no@127.0.0.1:${p.port}`);
	t.after(() => dispatcher.destroy());
	await assert.rejects(request(p.https, { dispatcher }), /Proxy response \(407\)/);
	assert.equal(p.audit.length, 0);
});

test('axios: its own proxy option, in absolute-form', async (t) => {
	const p = await place(t);
	const proxy = { host: '127.0.0.1', port: p.port, auth: { username: 'ann', password: 'secret' } };
	assert.equal((await axios.get<string>(p.http, { proxy })).data, 'fine');
	await until(() => p.audit.length === 1, 'an audit record');
	assert.deepEqual([p.audit[0]?.method, p.audit[0]?.identity], ['GET', 'ann']);
});
