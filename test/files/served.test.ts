/** A directory over real sockets: what the engines make of its answers. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { App } from '../../src/convention/index.ts';
import { h1 } from '../../src/engine/h1/index.ts';
import type { Engine } from '../../src/engine/index.ts';
import { nodeHttp } from '../../src/engine/node-http/index.ts';
import { files } from '../../src/files/index.ts';

/** More than what a socket holds. */
const LARGE = Buffer.from(Array.from({ length: 5_000_000 }, (_, i) => (i * 31) % 251));

function directory(t: TestContext): App {
	const folder = mkdtempSync(join(tmpdir(), 'served-'));
	t.after(() => rmSync(folder, { recursive: true }));
	writeFileSync(join(folder, 'large.bin'), LARGE);
	writeFileSync(join(folder, 'small.txt'), 'small');
	return files(folder);
}

async function urlOf(t: TestContext, engine: Engine, app: App): Promise<string> {
	const listener = await engine.listen(app, { host: '127.0.0.1', port: 0 });
	t.after(() => listener.close());
	return listener.url;
}

for (const engine of [h1(), nodeHttp()]) {
	test(`${engine.name}: files, parts of them and nothing at all`, async (t) => {
		const url = await urlOf(t, engine, directory(t));
		const whole = await fetch(`${url}/large.bin`);
		assert.equal(whole.headers.get('content-length'), '5000000');
		assert.ok(Buffer.from(await whole.arrayBuffer()).equals(LARGE));
		const part = await fetch(`${url}/large.bin`, { headers: { Range: 'bytes=1000000-2999999' } });
		assert.equal(part.status, 206);
		assert.ok(Buffer.from(await part.arrayBuffer()).equals(LARGE.subarray(1_000_000, 3_000_000)));
		assert.equal(await (await fetch(`${url}/small.txt`)).text(), 'small');
		const head = await fetch(`${url}/large.bin`, { method: 'HEAD' });
		assert.equal(head.headers.get('content-length'), '5000000');
		assert.equal((await fetch(`${url}/none`)).status, 404);
	});
}
