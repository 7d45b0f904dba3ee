/** Answers against the clock. Times here are short and compared with nothing: only what comes first matters. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fromIterable, type Sink, type Source } from '../../../src/bytes/index.ts';
import {
	type App,
	compositionOf,
	Disconnected,
	HttpError,
	lint,
	raw,
	respond,
	stack,
} from '../../../src/convention/index.ts';
import { ask, exchange, type MemoryRequest } from '../../../src/engine/memory/index.ts';
import { deadline } from '../../../src/middleware/keys.ts';
import { type TimeoutOptions, timeout } from '../../../src/middleware/timeout/index.ts';
import { listen, portOf } from '../../support/engines.ts';
import { before, get } from '../../support/gateway.ts';
import { connect } from '../../support/raw-client.ts';
import { rawServer } from '../../support/raw-server.ts';
import { pause, until } from '../../support/until.ts';

const never: App = () => new Promise(() => {});
const hello: App = () => respond(200, null, 'Hello');
const around = (options: number | TimeoutOptions, app: App): App => lint(timeout(options)(lint(app)));

/** A source that gives one piece, and remembers whether it was cancelled. */
class Hanging implements Source {
	readonly length = null;
	cancelled = false;
	start(sink: Sink): void {
		sink.write(new TextEncoder().encode('begun'));
	}
	resume(): void {}
	cancel(): void {
		this.cancelled = true;
	}
}

test('an app that does not answer is answered for, once, and told', async () => {
	let told: unknown;
	let aborted: AbortSignal | null = null;
	let own: AbortSignal | null = null;
	const layer = timeout(20);
	const app: App = (request, context) => {
		context.onClosed({ exchangeClosed: (reason) => (told = reason) });
		aborted = context.closed;
		own = request.signal;
		return new Promise(() => {});
	};
	const answer = await ask(layer(app), '/');
	assert.equal(answer.status, 503);
	assert.equal(await answer.text(), 'The answer took too long.\n');
	assert.ok(told instanceof HttpError);
	for (const signal of [aborted, own] as unknown as AbortSignal[]) assert.equal(signal.aborted, true);
	assert.deepEqual(layer.statistics(), { timedOut: 1, late: 0, cut: 0 });
});

test('an answer in time passes: at once, later, and errors', async () => {
	assert.equal(await (await ask(around(5_000, hello), '/')).text(), 'Hello');
	assert.equal(
		await (
			await ask(
				around(5_000, async () => hello({} as never, {} as never)),
				'/',
			)
		).text(),
		'Hello',
	);
	const failing: App = () => Promise.reject(new HttpError(418));
	assert.equal((await ask(around(5_000, failing), '/')).status, 418);
	const throwing: App = () => {
		throw new HttpError(410);
	};
	assert.equal((await ask(around(5_000, throwing), '/')).status, 410);
});

test('an answer that comes at once is passed on at once', () => {
	const app = timeout(1_000)(hello);
	const seen: unknown[] = [];
	void ask((request, context) => {
		const answer = app(request, context);
		seen.push(answer instanceof Promise);
		return answer;
	}, '/');
	assert.deepEqual(seen, [false]);
});

test('what comes too late never reaches the client, and its body is given up', async () => {
	const layer = timeout(20);
	const late = Promise.withResolvers<Response>();
	const answer = await ask(
		layer(() => late.promise),
		'/',
	);
	assert.equal(answer.status, 503);
	const body = new Hanging();
	late.resolve(respond(200, { 'Set-Cookie': 'late=1' }, body));
	await pause(5);
	assert.equal(body.cancelled, true);
	assert.equal(layer.statistics().late, 1);
	assert.equal(answer.fields.has('set-cookie'), false);
});

test('an error that comes too late is nobody’s, and ends no process', async () => {
	const late = Promise.withResolvers<Response>();
	await ask(
		timeout(20)(() => late.promise),
		'/',
	);
	late.reject(new Error('too late to matter'));
	await pause(5);
});

test('what is within knows until when it has; the least of several counts', async () => {
	const seen: (number | undefined)[] = [];
	const look: App = (_request, context) => {
		seen.push(context.get(deadline));
		assert.equal(context.has(deadline), true);
		return respond(204);
	};
	const began = performance.now();
	const outer = stack(timeout(60_000), timeout(10_000))(look);
	await ask((request, context) => {
		assert.equal(context.has(deadline), false);
		return outer(request, context);
	}, '/');
	await ask(stack(timeout(10_000), timeout(60_000))(look), '/');
	for (const time of seen) {
		assert.ok(time !== undefined && time >= began + 10_000 && time <= performance.now() + 10_000);
	}
});

test('a layer whose time was spent by those around does not ask any more', async () => {
	const inner = timeout(1_000)(() => assert.fail('asked'));
	const spent: App = async (request, context) => {
		const end = context.get(deadline) ?? assert.fail();
		while (performance.now() <= end) await pause(1);
		return inner(request, context);
	};
	assert.equal((await ask(timeout(5)(spent), '/')).status, 503);
});

test('a client that leaves is told within as before, and is not answered for', async () => {
	const layer = timeout(20);
	const told: unknown[] = [];
	const one = exchange(
		layer((_request, context) => {
			context.onClosed({ exchangeClosed: (reason) => told.push(reason) });
			const undone = { exchangeClosed: () => assert.fail('it was taken back') };
			context.onClosed(undone);
			context.offClosed(undone);
			return new Promise(() => {});
		}),
		'/',
	);
	one.abort();
	assert.ok(told[0] instanceof Disconnected);
	await pause(300);
	assert.equal(told.length, 1);
	assert.equal(layer.statistics().timedOut, 0);
});

test('who listens after the end is told at once', async () => {
	const late = Promise.withResolvers<void>();
	let told = false;
	const app: App = async (_request, context) => {
		await late.promise;
		context.onClosed({ exchangeClosed: () => (told = true) });
		assert.equal(context.closed.aborted, true);
		return respond(204);
	};
	await ask(timeout(20)(app), '/');
	late.resolve();
	await until(() => told, 'being told');
});

test('a body that takes too long is cut off, visibly, and its source given up', async () => {
	const layer = timeout({ answer: 30, total: 60 });
	const body = new Hanging();
	const answer = await ask(
		layer(() => respond(200, null, body)),
		'/',
	);
	assert.equal(answer.status, 200);
	await assert.rejects(answer.bytes(), HttpError);
	assert.equal(body.cancelled, true);
	assert.equal(layer.statistics().cut, 1);
});

test('a body in time is what it was, and a body without an end has all the time', async (t) => {
	const pieces = () => fromIterable(['one ', 'two']);
	const folder = mkdtempSync(join(tmpdir(), 'turnabout-'));
	t.after(() => rmSync(folder, { recursive: true }));
	writeFileSync(join(folder, 'x'), 'one two');
	const file = { path: join(folder, 'x'), start: 0, length: 7 };
	for (const payload of [pieces, () => 'one two', () => file]) {
		const app = around({ answer: 5_000, total: 5_000 }, () => respond(200, null, payload()));
		assert.equal(await (await ask(app, '/')).text(), 'one two');
	}
	async function* slow() {
		yield 'one ';
		await pause(250);
		yield 'two';
	}
	assert.equal(
		await (
			await ask(
				around(20, () => respond(200, null, fromIterable(slow()))),
				'/',
			)
		).text(),
		'one two',
	);
});

test('a client that does not send what is read of it is told so', async () => {
	const reads: App = async (request) => respond(200, null, await raw(request).text());
	const slow: MemoryRequest = { method: 'POST', body: new Hanging() };
	const answer = await ask(around(20, reads), slow);
	assert.equal(answer.status, 408);
	assert.equal(answer.fields.get('connection'), 'close');
	// Who does not read it waits for something else, and so does who has stopped.
	assert.equal((await ask(around(20, never), { method: 'POST', body: new Hanging() })).status, 503);
	const stops: App = (request) => {
		raw(request).payload?.start({ write: () => false, end() {}, fail() {} });
		return new Promise(() => {});
	};
	assert.equal((await ask(around(20, stops), { method: 'POST', body: new Hanging() })).status, 503);
});

test('a body that comes in time is what it was', async () => {
	const reads: App = async (request) => respond(200, null, await raw(request).text());
	const app = around(5_000, reads);
	assert.equal(await (await ask(app, { body: 'whole' })).text(), 'whole');
	assert.equal(await (await ask(app, { body: fromIterable(['in ', 'pieces']) })).text(), 'in pieces');
});

const tunnels: App = () =>
	respond(101, { upgrade: 'echo' }, null, {
		tunnel: (stream) =>
			stream.readable.start({
				write: (chunk) => stream.writable.write(chunk),
				end: () => stream.writable.end(),
				fail() {},
			}),
	});
const UPGRADE = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n';

test('a tunnel lasts as long as it likes, and as long as the option says, on a real socket', async (t) => {
	const free = await connect(t, portOf(await listen(t, timeout({ answer: 20, total: 20 })(tunnels))));
	free.send(UPGRADE);
	assert.match(await free.read('\r\n\r\n'), /^HTTP\/1\.1 101 /);
	await pause(300);
	free.send('still here');
	await free.read('still here');
	const layer = timeout({ answer: 20, tunnel: 50 });
	const bound = await connect(t, portOf(await listen(t, layer(tunnels))));
	bound.send(UPGRADE);
	assert.match(await bound.read('\r\n\r\n'), /^HTTP\/1\.1 101 /);
	await bound.closed();
	assert.equal(layer.statistics().cut, 1);
});

test('an upgrade that is not answered is answered for, too', async () => {
	const answer = await ask(timeout(20)(never), { fields: { Connection: 'upgrade', Upgrade: 'echo' } });
	assert.equal(answer.status, 503);
});

test('on a real socket: 503 at the end of the time, then the connection serves on; a cut body looks cut', async (t) => {
	const app: App = (request) => {
		const { target } = raw(request);
		if (target === '/never') return new Promise(() => {});
		return respond(200, null, target === '/hangs' ? new Hanging() : 'Hello');
	};
	const port = portOf(await listen(t, timeout({ answer: 50, total: 100 })(app), { log: () => {} }));
	const client = await connect(t, port);
	client.send('GET /never HTTP/1.1\r\nHost: a\r\n\r\n');
	assert.equal((await client.message()).status, 503);
	client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
	assert.equal((await client.message()).body, 'Hello');
	client.send('GET /hangs HTTP/1.1\r\nHost: a\r\n\r\n');
	await client.closed();
	assert.match(client.received, /begun/);
	assert.doesNotMatch(client.received, /0\r\n\r\n$/);
});

test('a client that drips its body is 408, on a real socket', async (t) => {
	const reads: App = async (request) => respond(200, null, await raw(request).text());
	const port = portOf(await listen(t, timeout(100)(reads)));
	const client = await connect(t, port);
	client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n');
	const drip = setInterval(() => client.send('x'), 10);
	t.after(() => clearInterval(drip));
	assert.equal((await client.message()).status, 408);
});

/** An upstream that reads, and says what it likes. */
const silent = (t: TestContext) => rawServer(t, async () => {});

test('an upstream is given what is left: 504 in its own words, with its connection gone', async (t) => {
	const g = await before(t, await silent(t), { wrap: timeout(50) });
	const client = await g.client();
	client.send(get('/'));
	const answer = await client.message();
	assert.equal(answer.status, 504);
	assert.match(answer.get('proxy-status') ?? '', /error=http_response_timeout/);
	await until(() => Object.values(g.proxy.statistics()).every(({ connections }) => connections === 0), 'the end of it');
});

test('a slow client is not an upstream that is slow', async (t) => {
	const g = await before(t, await silent(t), { wrap: timeout(50) });
	const client = await g.client();
	client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nx');
	assert.equal((await client.message()).status, 408);
});

test('behind its head, the answer of an upstream has all the time that it had without', async (t) => {
	const origin = await rawServer(t, async (peer) => {
		await peer.message();
		peer.send('HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\none ');
		await pause(400);
		peer.send('two ');
	});
	const g = await before(t, origin, { wrap: timeout(150) });
	const client = await g.client();
	client.send(get('/'));
	assert.equal((await client.message()).body, 'one two ');
});

const bad: readonly (readonly [options: unknown, message: RegExp])[] = [
	[undefined, /neither/],
	['5s', /neither/],
	[0, /answer/],
	[-5, /answer/],
	[1.5, /answer/],
	[Number.POSITIVE_INFINITY, /answer/],
	[{}, /answer/],
	[{ answer: '5' }, /answer/],
	[{ answer: 5, total: 4 }, /total/],
	[{ answer: 5, total: -1 }, /total/],
	[{ answer: 5, tunnel: '1h' }, /tunnel/],
	[{ answer: 5, totl: 9 }, /did you mean total\?/],
];

test('options that cannot be meant are refused, by name', () => {
	for (const [options, message] of bad) {
		assert.throws(
			() => timeout(options as number),
			(error: Error) => error.message.startsWith('timeout: ') && message.test(error.message),
			JSON.stringify(options),
		);
	}
});

test('what it would do is told, and what it proves', async () => {
	const { note } = compositionOf(timeout({ answer: 5, total: 10, tunnel: 20 })(hello)) ?? assert.fail();
	assert.deepEqual(note.proves, [deadline]);
	await ask(async (request, context) => {
		const { does = [] } = (await note.explain?.(raw(request), context)) ?? {};
		assert.match(does.join(' '), /503.*5 ms.*10 ms.*20 ms/);
		return respond(204);
	}, '/');
});
