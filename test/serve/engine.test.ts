import assert from 'node:assert/strict';
import { connect } from 'node:http2';
import { test } from 'node:test';
import { h1 } from '../../src/engine/h1/index.ts';
import { ENGINES } from '../../src/serve/engine-by-name.ts';
import { type StartError, serve } from '../../src/serve/index.ts';
import { connect as connectRaw } from '../support/raw-client.ts';

const app = (): Response => new Response('hello');

/** Engines that are another runtime's own server; test/runtimes has them. */
const FOREIGN = ['bun', 'deno'] as const;

for (const engine of ENGINES.filter((name) => !(FOREIGN as readonly string[]).includes(name))) {
	test(`engine: '${engine}' serves the same app to a client of HTTP/1.1`, async (t) => {
		const running = await serve({ app, listen: 0, engine, limits: { target: 100 } });
		t.after(() => running.close());
		const [url = ''] = running.urls;
		assert.equal(await (await fetch(url)).text(), 'hello');
		assert.equal((await fetch(`${url}/${'a'.repeat(200)}`)).status, 414);
	});
}

test("engine: 'http2' speaks HTTP/2 on the same port", async (t) => {
	const running = await serve({ app, listen: 0, engine: 'http2' });
	t.after(() => running.close());
	const session = connect(running.urls[0] ?? '');
	t.after(() => session.destroy());
	const stream = session.request({ ':path': '/' });
	const text = (await stream.toArray()).map(String).join('');
	assert.equal(text, 'hello');
});

test('socks: true speaks it beside HTTP, and nothing else does', async (t) => {
	for (const socks of [true, false]) {
		const running = await serve({ app, listen: 0, socks });
		t.after(() => running.close());
		const [url = ''] = running.urls;
		assert.equal(await (await fetch(url)).text(), 'hello');
		const client = (await connectRaw(t, Number(new URL(url).port))).send('\x05\x01\x00');
		await client.read(socks ? /^\x05\x00$/ : 'HTTP/1.1 400 ');
	}
});

test('socks: an engine that does not speak it is refused', async () => {
	const wrong = { app, listen: 0, socks: true } as const;
	await assert.rejects(
		serve({ ...wrong, engine: 'http2' }),
		/^StartError: socks: the engine http2 does not speak SOCKS/,
	);
	await assert.rejects(serve({ ...wrong, engine: h1() }), /^StartError: socks: .*h1\(\{ also: \[socks\(\)\] \}\)/);
});

for (const engine of FOREIGN) {
	test(`engine: '${engine}' is refused on Node, with a word on what to do`, async () => {
		await assert.rejects(serve({ app, listen: 0, engine }), (error: StartError) => {
			assert.match(error.message, /own server, and this is not/);
			assert.match(error.hint ?? '', /Start the command by .*h1 runs everywhere/);
			return true;
		});
	});
}
