/** Which addresses lead back into this process. */
import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { test } from 'node:test';
import { respond } from '../../src/convention/index.ts';
import { h1 } from '../../src/engine/h1/index.ts';
import { nodeHttp } from '../../src/engine/node-http/index.ts';
import { isOwnListener, noteListener } from '../../src/transport/node/index.ts';
import { listen, portOf } from '../support/engines.ts';

const elsewhere = Object.values(networkInterfaces())
	.flatMap((some) => some ?? [])
	.find(({ family, internal }) => family === 'IPv4' && !internal)?.address;

test('a listener of one address is reached by that address and port, in every form', (t) => {
	t.after(noteListener({ kind: 'ip', host: '127.0.0.1', port: 61_001 }));
	t.after(noteListener({ kind: 'ip', host: '0:0:0:0:0:0:0:1', port: 61_002 }));
	assert.equal(isOwnListener('127.0.0.1', 61_001), true);
	assert.equal(isOwnListener('0.0.0.0', 61_001), true, 'the unspecified address is loopback');
	assert.equal(isOwnListener('::1', 61_002), true);
	assert.equal(isOwnListener('::', 61_002), true);
	assert.equal(isOwnListener('::1%lo', 61_002), true);
	assert.equal(isOwnListener('127.0.0.1', 61_002), false);
	assert.equal(isOwnListener('127.0.0.2', 61_001), false);
	assert.equal(isOwnListener('10.9.8.7', 61_001), false);
	assert.equal(isOwnListener('127.0.0.1', 0), true, 'no port is known');
	assert.equal(isOwnListener('127.0.0.2', 0), false);
});

test('a listener of all addresses is reached by every one of this machine', (t) => {
	t.after(noteListener({ kind: 'ip', host: '::', port: 61_003 }));
	const own = ['127.0.0.1', '127.9.9.9', '::1', ...(elsewhere === undefined ? [] : [elsewhere])];
	for (const address of own) assert.equal(isOwnListener(address, 61_003), true, address);
	assert.equal(isOwnListener('192.0.2.1', 61_003), false);
});

for (const make of [h1, nodeHttp]) {
	test(`${make({}).name}: a listener counts from when it listens until it is closed`, async (t) => {
		const listener = await listen(t, () => respond(200, null, 'here'), {}, undefined, make);
		const port = portOf(listener);
		assert.equal(isOwnListener('127.0.0.1', port), true);
		await listener.close();
		assert.equal(isOwnListener('127.0.0.1', port), false);
	});
}
