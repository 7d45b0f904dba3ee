/** `turnabout hash-password` and `turnabout api-key`: what they print is what the layers read. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { respond } from '../../src/convention/index.ts';
import { ask } from '../../src/engine/memory/index.ts';
import { apiKey } from '../../src/middleware/api-key/index.ts';
import { basicAuth } from '../../src/middleware/basic-auth/index.ts';
import { BIN } from './command-process.ts';

const quick = { timeout: 40_000 };

function command(args: readonly string[], input = '') {
	const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
	return spawnSync(process.execPath, [BIN, ...args], { input, encoding: 'utf8', timeout: 30_000, env });
}

test('hash-password makes a line of a file of users, of the first line of its input', quick, async () => {
	for (const kind of [[], ['--kind', 'scrypt']]) {
		const { status, stdout, stderr } = command(['hash-password', 'ann', ...kind], 'open: sesame\nsecond line\n');
		assert.equal(status, 0, stderr);
		assert.equal(stderr, '');
		const [, hash = ''] = /^ann:(\S+)\n$/.exec(stdout) ?? [];
		const layer = basicAuth({ users: { ann: hash } });
		const Authorization = `Basic ${Buffer.from('ann:open: sesame').toString('base64')}`;
		assert.equal(
			(
				await ask(
					layer(() => respond(204)),
					{ fields: { Authorization } },
				)
			).status,
			204,
		);
	}
});

test('hash-password refuses names and passwords that no client could send', quick, () => {
	for (const [args, input, reason] of [
		[['hash-password', 'a:b'], 'x\n', /NAME: has a colon/],
		[['hash-password', 'ann'], '', /A password is not empty/],
		[['hash-password', 'ann'], '\n', /A password is not empty/],
		[['hash-password', 'ann', '--kind', 'md5'], 'x\n', /--kind md5: no such kind/],
		[['hash-password'], 'x\n', /NAME/],
		[['hash-password', 'ann', 'hunter2'], 'x\n', /hunter2/],
	] as const) {
		const { status, stdout, stderr } = command(args, input);
		assert.equal(status, 2, stderr);
		assert.equal(stdout, '');
		assert.match(stderr, reason);
	}
});

test('api-key shows the key, and prints the line that knows it', quick, async () => {
	const { status, stdout, stderr } = command(['api-key', 'build', '--prefix', 'acme']);
	assert.equal(status, 0);
	assert.match(stderr, /^acme_\w+_[\w-]+\n$/);
	const [name = '', id = '', hash = ''] = stdout.trim().split(':');
	const layer = apiKey({ keys: [{ name, id, hash }] });
	assert.equal(
		(
			await ask(
				layer(() => respond(204)),
				{ fields: { 'X-API-Key': stderr.trim() } },
			)
		).status,
		204,
	);
	assert.equal(command(['api-key', 'a:b']).status, 2);
	assert.match(command(['api-key', 'a', '--prefix', '1']).stderr, /a prefix is/);
});
