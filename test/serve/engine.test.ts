import assert from 'node:assert/strict';
import { connect } from 'node:http2';
import { test } from 'node:test';
import { ENGINES } from '../../src/serve/engine-by-name.ts';
import { type StartError, serve } from '../../src/serve/index.ts';

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

for (const engine of FOREIGN) {
	test(`engine: '${engine}' is refused on Node, with a word on what to do`, async () => {
		await assert.rejects(serve({ app, listen: 0, engine }), (error: StartError) => {
			assert.match(error.message, /own server, and this is not/);
			assert.match(error.hint ?? '', /Start the command by .*h1 runs everywhere/);
			return true;
		});
	});
}
