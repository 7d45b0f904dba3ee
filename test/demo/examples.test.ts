import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ask } from 'turnabout';
import hello from '../../examples/hello.ts';
import hono from '../../examples/hono.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

test('examples/hello.ts answers', async () => {
	assert.equal(await (await ask(hello, '/')).text(), 'Hello!\n');
});

test('examples/hono.ts answers', async () => {
	const answer = await ask(hono.fetch, '/boats/petrel');
	assert.deepEqual(await answer.json(), { boat: 'petrel' });
});

for (const config of ['examples/reverse.ts', 'examples/demo/turnabout.config.ts']) {
	test(`${config} is a valid configuration`, () => {
		const args = ['bin/turnabout', 'check', config];
		const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', timeout: 20_000 });
		assert.equal(status, 0, stderr);
	});
}
