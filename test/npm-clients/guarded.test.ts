/** The guard inside clients that people have: undici and its fetch, axios, got. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import axios from 'axios';
import { got } from 'got';
import { Agent, fetch, interceptors, ProxyAgent, request } from 'undici';
import { type Guard, GuardError, guard } from '../../src/client/index.ts';
import { authority, server } from '../support/certificates.ts';
import { forwardProxy } from '../support/forward-proxy.ts';
import { ok, origin as originOf, type RawServer } from '../support/raw-server.ts';

type Ask = (t: TestContext, one: Guard, url: string) => Promise<string>;

function agent(t: TestContext, one: Guard): Agent {
	const made = new Agent({ connect: one.connect });
	t.after(() => made.close());
	return made;
}

const clients: Readonly<Record<string, Ask>> = {
	'undici fetch': async (t, one, url) => (await fetch(url, { dispatcher: agent(t, one) })).text(),
	'undici request': async (t, one, url) => (await request(url, { dispatcher: agent(t, one) })).body.text(),
	axios: async (_, one, url) =>
		(
			await axios.get<string>(url, {
				httpAgent: one.httpAgent(),
				httpsAgent: one.httpsAgent({ ca: authority }),
				proxy: false,
			})
		).data,
	got: async (_, one, url) =>
		got(url, {
			agent: { http: one.httpAgent(), https: one.httpsAgent({ ca: authority }) },
			retry: { limit: 0 },
		}).text(),
};

/** The guard's error, however deep the client has wrapped it. */
function refusalIn(error: unknown): GuardError {
	let deepest = error;
	while (deepest instanceof Error && !(deepest instanceof GuardError) && deepest.cause !== undefined)
		deepest = deepest.cause;
	assert.ok(deepest instanceof GuardError || (error as { code?: string }).code === 'ERR_GUARD_REFUSED', String(error));
	return deepest as GuardError;
}

const resolve = async (): Promise<string[]> => ['127.0.0.1'];
const open = (): Guard => guard({ allow: ['loopback'], resolve, tls: { ca: authority } });

function place(t: TestContext, secure: boolean): Promise<RawServer> {
	return originOf(t, () => ok('reached'), secure ? { tls: server } : {});
}

for (const [name, ask] of Object.entries(clients)) {
	for (const scheme of ['http', 'https']) {
		test(`${name}, ${scheme}: private addresses are refused, literal and by name; opened ones are reached`, async (t) => {
			const origin = await place(t, scheme === 'https');
			for (const host of ['127.0.0.1', '[::ffff:127.0.0.1]', 'origin.example']) {
				const url = `${scheme}://${host}:${origin.port}/`;
				await assert.rejects(ask(t, guard({ resolve }), url), (error) => refusalIn(error) !== null);
			}
			assert.equal(origin.peers.length, 0);
			for (const host of ['127.0.0.1', 'origin.example'])
				assert.equal(await ask(t, open(), `${scheme}://${host}:${origin.port}/`), 'reached');
		});
	}

	test(`${name}: a redirect to a private address is refused`, async (t) => {
		const inside = await originOf(t, () => ok('secret'), { at: { host: '127.0.0.2', port: 0 } });
		const outside = await originOf(
			t,
			() => `HTTP/1.1 302 Found\r\nLocation: http://127.0.0.2:${inside.port}/\r\nContent-Length: 0\r\n\r\n`,
		);
		const one = guard({ judge: (address) => address === '127.0.0.1' });
		const asked = ask(t, one, `http://127.0.0.1:${outside.port}/`);
		if (name === 'undici request') assert.equal(await asked, '', 'it follows none by itself');
		else await assert.rejects(asked, (error) => refusalIn(error) !== null);
		assert.equal(inside.peers.length, 0);
	});
}

test('undici with its redirect interceptor is guarded at every hop', async (t) => {
	const inside = await originOf(t, () => ok('secret'), { at: { host: '127.0.0.2', port: 0 } });
	const outside = await originOf(
		t,
		() => `HTTP/1.1 302 Found\r\nLocation: http://127.0.0.2:${inside.port}/\r\nContent-Length: 0\r\n\r\n`,
	);
	const one = guard({ judge: (address) => address === '127.0.0.1' });
	const dispatcher = agent(t, one).compose(interceptors.redirect({ maxRedirections: 3 }));
	await assert.rejects(
		request(`http://127.0.0.1:${outside.port}/`, { dispatcher }),
		(error) => refusalIn(error) !== null,
	);
	assert.equal(inside.peers.length, 0);
});

test("undici's ProxyAgent reaches a proxy through the guard, and begins TLS on its tunnel", async (t) => {
	const origin = await place(t, true);
	const proxy = await forwardProxy(t, { forward: { resolve } });
	const { connect } = open();
	const dispatcher = new ProxyAgent({ uri: `http://127.0.0.1:${proxy.port}`, connect, requestTls: { ca: authority } });
	t.after(() => dispatcher.close());
	const answer = await fetch(`https://origin.example:${origin.port}/`, { dispatcher });
	assert.equal(await answer.text(), 'reached');
});
