/** A forward proxy does not lead into its own process, be the way open otherwise. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { respond } from '../../../src/convention/index.ts';
import { listen, portOf } from '../../support/engines.ts';
import { forwardProxy, tunnelTo } from '../../support/forward-proxy.ts';

const open = { forward: { allowPrivate: ['loopback'] } };

test('requests and tunnels to the proxy itself are refused although loopback is open', async (t) => {
	const p = await forwardProxy(t, open);
	const client = await p.client();
	client.send(`GET http://127.0.0.1:${p.port}/ HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\n\r\n`);
	const answer = await client.message('GET');
	assert.equal(answer.status, 403);
	assert.match(answer.get('proxy-status') ?? '', /error=destination_ip_prohibited; ?details="an own listener"/);
	assert.match(answer.body, /does not lead into its own process/);
	const head = await tunnelTo(await p.client(), `localhost:${p.port}`);
	assert.match(head, /^HTTP\/1\.1 403 /);
	assert.match(head, /details="an own listener"/);
});

test('another listener of the same process is refused, and reached where `self` is allowed', async (t) => {
	const inside = await listen(t, () => respond(200, null, 'inside'));
	const target = `http://127.0.0.1:${portOf(inside)}/`;
	for (const [allowPrivate, status] of [
		[['loopback'], 403],
		[['self'], 200],
	] as const) {
		const p = await forwardProxy(t, { forward: { allowPrivate } });
		const client = await p.client();
		client.send(`GET ${target} HTTP/1.1\r\nHost: x\r\n\r\n`);
		assert.equal((await client.message('GET')).status, status, allowPrivate.join());
	}
});

test('a closed listener is no longer our own', async (t) => {
	const inside = await listen(t, () => respond(200, null, 'inside'));
	const port = portOf(inside);
	await inside.close();
	const p = await forwardProxy(t, open);
	const client = await p.client();
	client.send(`GET http://127.0.0.1:${port}/ HTTP/1.1\r\nHost: x\r\n\r\n`);
	const answer = await client.message('GET');
	assert.equal(answer.status, 502);
	assert.match(answer.get('proxy-status') ?? '', /error=connection_refused/);
});
