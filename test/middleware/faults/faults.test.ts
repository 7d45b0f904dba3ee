/** Things that go wrong on purpose: each as a client sees it, on real sockets where it matters. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type App, respond } from '../../../src/convention/index.ts';
import { ask, exchange } from '../../../src/engine/memory/index.ts';
import { faults } from '../../../src/middleware/index.ts';
import { listen, portOf } from '../../support/engines.ts';
import { connect } from '../../support/raw-client.ts';

const app: App = () => respond(200, null, 'x'.repeat(1_000));
const get = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

test('a status instead of an answer, for a share of the requests', async () => {
	const failing = faults({ status: 503, share: (request) => request.target === '/bad' })(app) as App;
	assert.deepEqual([(await ask(failing, '/bad')).status, (await ask(failing, '/good')).status], [503, 200]);
	const half = faults({ status: 500, share: 0.5 })(app) as App;
	const statuses = await Promise.all(Array.from({ length: 200 }, async () => (await ask(half, '/')).status));
	const failed = statuses.filter((status) => status === 500).length;
	assert.ok(failed > 60 && failed < 140, String(failed));
});

test('a delay, which nobody waits for who has left', async () => {
	const slow = faults({ delay: 100 })(app) as App;
	const began = performance.now();
	assert.equal((await ask(slow, '/')).status, 200);
	assert.ok(performance.now() - began >= 95);
	const leaving = exchange(faults({ delay: 60_000 })(app) as App, '/');
	leaving.abort();
	await assert.rejects(leaving.answer);
});

test('a connection that is dropped, and an answer that is cut short', async (t) => {
	const dropping = await listen(t, faults({ drop: true })(app) as App, { log: () => {} });
	const dropped = (await connect(t, portOf(dropping))).send(get);
	await dropped.closed();
	assert.equal(dropped.received, '');
	const cutting = await listen(t, faults({ cut: 10 })(app) as App, { log: () => {} });
	const cut = (await connect(t, portOf(cutting))).send(get);
	await cut.read(`\r\n\r\n${'x'.repeat(10)}`);
	await cut.closed();
	assert.ok(!cut.received.includes('x'.repeat(11)));
});

for (const [options, reason] of [
	[{}, /nothing goes wrong; give it delay, status, drop or cut/],
	[{ status: 99 }, /status must be one from 200 to 599/],
	[{ delay: -1 }, /delay must be a number of milliseconds/],
	[{ drop: 1 }, /drop must be true or false/],
	[{ cut: 'x' }, /cut must be a number of bytes/],
	[{ status: 500, share: 'x' }, /share must be a number from 0 to 1/],
	[{ delai: 1 }, /delai: no such option; .*did you mean delay/],
] as const) {
	test(`refused: ${JSON.stringify(options)}`, () => {
		assert.throws(() => faults(options as never), reason);
	});
}
