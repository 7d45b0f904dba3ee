/** Threads and their queue: who is served when, and what becomes of threads that are late, die or are stopped. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ask, exchange } from '../../../src/engine/memory/index.ts';
import { type ThreadLogEntry, threads } from '../../../src/frameworks/blocking/index.ts';
import { listen, portOf } from '../../support/engines.ts';
import { connect } from '../../support/raw-client.ts';
import { until } from '../../support/until.ts';
import { callable, gate, site } from './site.ts';

test('a hundred sleeps on eight threads take turns, and the loop stays free', async (t) => {
	const { app } = await site(t, { threads: 8, queue: 100 });
	let turns = 0;
	const ticking = setInterval(() => turns++, 5);
	const began = performance.now();
	const answers = await Promise.all(Array.from({ length: 100 }, () => ask(app, '/sleep?ms=50')));
	const took = performance.now() - began;
	clearInterval(ticking);
	assert.ok(answers.every((answer) => answer.status === 200));
	assert.ok(took >= 640, `13 rounds of 50 ms, in ${took}`);
	assert.ok(turns > 20, `the loop turned ${turns} times`);
	assert.equal(app.statistics().served, 100);
});

test('first come, first served; what does not fit into the queue is refused, and told when to come back', async (t) => {
	const { app } = await site(t, { queue: 2 });
	const held = await gate(t);
	const first = ask(app, `/gate?url=${held.url}`);
	await held.reached();
	const order: string[] = [];
	const next = ['second', 'third'].map(async (name) => {
		await (await ask(app, '/pets?id=1')).text();
		order.push(name);
	});
	const refused = await ask(app, '/pets?id=1');
	assert.equal(refused.status, 503);
	assert.equal(refused.fields.get('retry-after'), '1');
	assert.deepEqual(
		{ ...app.statistics() },
		{ threads: 1, busy: 1, queued: 2, served: 1, failed: 0, refused: 1, late: 0, died: 0 },
	);
	held.open();
	assert.equal(await (await first).text(), 'through');
	await Promise.all(next);
	assert.deepEqual(order, ['second', 'third']);
});

test('a client that leaves the queue makes room', async (t) => {
	const { app } = await site(t, { queue: 1 });
	const held = await gate(t);
	const first = ask(app, `/gate?url=${held.url}`);
	await held.reached();
	const leaving = exchange(app, '/pets?id=1');
	assert.equal(app.statistics().queued, 1);
	leaving.abort();
	await assert.rejects(leaving.answer);
	assert.equal(app.statistics().queued, 0);
	const second = ask(app, '/pets?id=2');
	held.open();
	await first;
	assert.equal(await (await second).text(), 'Tom');
	assert.equal(app.statistics().served, 2);
});

test('whoever waits too long for a thread is refused, and those behind are not', async (t) => {
	const { app } = await site(t, { wait: 150 });
	const held = await gate(t);
	const busy = ask(app, `/gate?url=${held.url}`);
	await held.reached();
	const refused = await ask(app, '/pets?id=1');
	assert.equal(refused.status, 503);
	assert.equal(refused.fields.get('retry-after'), '1');
	assert.equal(app.statistics().queued, 0);
	const both = [ask(app, '/pets?id=1'), ask(app, '/pets?id=2')];
	for (const answer of await Promise.all(both)) assert.equal(answer.status, 503);
	held.open();
	assert.equal((await busy).status, 200);
	assert.equal(app.statistics().refused, 3);
});

test('a request that is over its deadline costs its thread, and nobody else anything', async (t) => {
	const { app, log } = await site(t, { deadline: 1_000, threads: 2 });
	const late = await ask(app, '/spin');
	assert.equal(late.status, 504);
	assert.equal(app.statistics().late, 1);
	assert.match(log[0]?.message ?? '', /site\.ts: a request took longer than 1000 ms/);
	assert.equal((await ask(app, '/sleep?ms=60000')).status, 504, 'a thread that sleeps is ended, too');
	for (let i = 0; i < 4; i++) assert.equal((await ask(app, '/pets?id=1')).status, 200);
	await until(() => app.statistics().threads === 2, 'both threads');
	assert.equal(app.statistics().died, 0);
});

test('a response that has begun is cut short by the deadline', async (t) => {
	const { app } = await site(t, { deadline: 1_000 });
	const peer = await connect(t, portOf(await listen(t, app, { log: () => {} })));
	peer.send('GET /spin-while-sending HTTP/1.1\r\nHost: a\r\n\r\n');
	await peer.closed();
	assert.match(peer.received, /^HTTP\/1\.1 200 /);
	assert.doesNotMatch(peer.received, /\r\n0\r\n\r\n$/);
	assert.equal(await (await ask(app, '/pets?id=1')).text(), 'Rex');
});

test('a thread that ends itself costs its own exchange only', async (t) => {
	const { app, log } = await site(t, { threads: 2 });
	const held = await gate(t);
	const other = ask(app, `/gate?url=${held.url}`);
	await held.reached();
	const dead = await ask(app, '/exit');
	assert.equal(dead.status, 500);
	assert.match(String(dead.error), /is gone: it ended with status 3/);
	held.open();
	assert.equal(await (await other).text(), 'through');
	const cut = await ask(app, '/exit-while-sending');
	assert.equal(cut.status, 200);
	await assert.rejects(cut.text(), /is gone: it ended with status 4/);
	await until(() => app.statistics().threads === 2, 'both threads');
	assert.equal(app.statistics().died, 2);
	assert.equal(log.length, 2);
	assert.equal(await (await ask(app, '/pets?id=1')).text(), 'Rex');
});

test('an error that nobody catches ends the thread after its answer', async (t) => {
	const { app, log } = await site(t);
	assert.equal(await (await ask(app, '/later')).text(), 'first');
	await until(() => app.statistics().died === 1, 'the end of the thread');
	assert.match(log[0]?.message ?? '', /long after/);
	assert.equal(await (await ask(app, '/pets?id=1')).text(), 'Rex');
});

test('a timer of the callable that blocks between two requests delays the next, and loses none', async (t) => {
	const { app } = await site(t);
	for (let i = 0; i < 5; i++) {
		assert.equal(await (await ask(app, '/timer')).text(), 'set');
		assert.equal(await (await ask(app, '/sleep?ms=2')).text(), 'awake');
	}
	await ask(app, '/timer');
	await app.stop();
	assert.equal(app.statistics().died, 0);
});

test('a thread that wants more memory than it may have is ended', async (t) => {
	const { app } = await site(t, { memory: 24, threads: 2 });
	const hog = await ask(app, '/hog');
	assert.equal(hog.status, 500);
	assert.match(String(hog.error), /memory/);
	assert.equal(await (await ask(app, '/pets?id=1')).text(), 'Rex');
});

test('threads that die one after the other are replaced more and more slowly', async (t) => {
	const { app } = await site(t, { queue: 10 });
	// Each takes up a request as soon as it is there, and dies of it.
	const began = performance.now();
	const answers = await Promise.all(Array.from({ length: 4 }, () => ask(app, '/exit')));
	assert.ok(answers.every((answer) => answer.status === 500));
	assert.ok(performance.now() - began >= 300, 'pauses of 0, 100 and 200 ms lie between them');
	assert.equal(await (await ask(app, '/pets?id=1')).text(), 'Rex');
});

test('a module that has been broken meanwhile is tried again until it loads', async (t) => {
	const folder = await mkdtemp(join(tmpdir(), 'blocking-'));
	t.after(() => rm(folder, { recursive: true }));
	const file = join(folder, 'app.mts');
	const good = `export { default } from ${JSON.stringify(callable('site').href)};`;
	await writeFile(file, good);
	const log: ThreadLogEntry[] = [];
	const app = threads(file, { threads: 1, log: (entry) => log.push(entry) });
	t.after(() => app.stop());
	await app.start();
	await writeFile(file, 'setInterval(() => {}, 1000); export default 7;');
	assert.equal((await ask(app, '/exit')).status, 500);
	const patient = ask(app, '/pets?id=1');
	await until(() => log.length >= 3, 'two attempts');
	assert.match(log[1]?.message ?? '', /the default export was not made by blocking/);
	await writeFile(file, good);
	assert.equal(await (await patient).text(), 'Rex');
});

test('threads that are stopped while they start leave nothing behind', async () => {
	const app = threads(callable('quick'), { threads: 3 });
	const starting = app.start();
	await Promise.all([assert.rejects(starting), app.stop()]);
	assert.equal(app.statistics().threads, 0);
});

test('stopping lets the busy finish, refuses those who wait, and leaves no thread', async (t) => {
	const { app } = await site(t);
	const held = await gate(t);
	const busy = ask(app, `/gate?url=${held.url}`);
	await held.reached();
	const waiting = ask(app, '/pets?id=1');
	const stopped = app.stop();
	assert.equal((await waiting).status, 503);
	held.open();
	assert.equal(await (await busy).text(), 'through');
	await stopped;
	assert.equal(app.statistics().threads, 0);
	assert.equal((await ask(app, '/pets?id=1')).status, 503);
	await assert.rejects(app.start(), /cannot be started again/);
});

test('threads that nobody has started are started by the first request', async (t) => {
	const app = threads(callable('quick'), { threads: 2 });
	t.after(() => app.stop());
	assert.equal(await (await ask(app, '/')).text(), 'hello');
});
