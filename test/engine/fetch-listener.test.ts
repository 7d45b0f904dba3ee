/** What every engine over a runtime's fetch server does, on Node's own Request and Response: the runtime is played by the test. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Sink, Source } from '../../src/bytes/index.ts';
import { type Address, type App, HttpError, type Outcome, raw, respond } from '../../src/convention/index.ts';
import { FetchListener } from '../../src/engine/fetch-listener.ts';
import { type FetchEngineOptions, fetchSettings } from '../../src/engine/fetch-settings.ts';
import { until } from '../support/until.ts';

const remote: Address = { kind: 'ip', host: '192.0.2.7', port: 4321 };

class Played extends FetchListener {
	readonly address: Address = { kind: 'ip', host: '::1', port: 80 };
	protected readonly boundsBodies = false;
	readonly log: string[];
	/** What it was asked for in the way of idle time. */
	readonly patience: number[] = [];
	completed: Promise<void> | null = null;
	cut = 0;

	constructor(app: App, options: FetchEngineOptions = {}) {
		const log: string[] = [];
		const entry = ({ message }: { message: string }): void => void log.push(message);
		super(app, fetchSettings({ log: entry, ...options }, ['bodyIdle', 'keepAlive', 'write', 'total']), false);
		this.log = log;
	}

	ask(request: Request): Response | Promise<Response> {
		return this.serve(request, remote, { completed: this.completed, patience: (ms) => void this.patience.push(ms) });
	}

	protected async stopAccepting(): Promise<void> {}

	protected async cutAll(): Promise<void> {
		this.cut++;
	}
}

const at = (path: string, init: RequestInit = {}): Request => new Request(`http://a.test${path}`, init);

/** A source that the test feeds, with what it was told. */
class Fed implements Source {
	readonly length: number | null;
	sink: Sink | null = null;
	resumed = 0;
	cancelled = false;

	constructor(length: number | null = null) {
		this.length = length;
	}

	start(sink: Sink): void {
		this.sink = sink;
	}

	resume(): void {
		this.resumed++;
	}

	cancel(): void {
		this.cancelled = true;
	}

	say(text: string): boolean {
		return (this.sink as Sink).write(Buffer.from(text));
	}
}

/** An app that answers with `source`, and how that ended. */
function serving(source: Source): { app: App; outcome: () => Outcome | null } {
	let outcome: Outcome | null = null;
	return {
		app: (_request, context) => {
			context.onFinished({ exchangeFinished: (how) => (outcome = how) });
			return respond(200, {}, source);
		},
		outcome: () => outcome,
	};
}

suite('answers', () => {
	test('an answer that is at hand is given at once, without a promise', () => {
		const response = new Played(() => respond(200, {}, 'hi')).ask(at('/'));
		assert.ok(response instanceof Response);
	});

	test('the app gets the very Request, and raw finds the exchange behind it', async () => {
		const native = at('/a?b=c', { headers: { 'x-one': '1' } });
		const listener = new Played((request, context) => {
			assert.equal(request, native);
			const { target, authority, scheme, fields } = raw(request);
			assert.deepEqual([target, authority, scheme, fields.get('x-one')], ['/a?b=c', 'a.test', 'http', '1']);
			assert.deepEqual(context.connection.remote, remote);
			assert.equal(raw(request).ip, '192.0.2.7');
			return respond(204);
		});
		assert.equal((await listener.ask(native)).status, 204);
		assert.deepEqual(listener.log, []);
	});

	test('each Set-Cookie keeps its own line, and framing is left to the runtime', async () => {
		const fields = ['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'Connection', 'X-Hop', 'Keep-Alive', 'timeout=9'];
		const response = await new Played(() => respond(200, fields, 'x')).ask(at('/'));
		assert.deepEqual(response.headers.getSetCookie(), ['a=1', 'b=2']);
		for (const name of ['connection', 'keep-alive', 'content-length']) assert.equal(response.headers.get(name), null);
	});

	test('HEAD has the length of the body and none of it; its source is cancelled', async () => {
		const source = new Fed(12);
		const response = await new Played(serving(source).app).ask(at('/', { method: 'HEAD' }));
		assert.equal(response.headers.get('content-length'), '12');
		assert.equal(response.body, null);
		assert.ok(source.cancelled);
	});

	test('errors are answered for as the table of errors says', async () => {
		const failing = async (error: unknown): Promise<Response> =>
			new Played(() => Promise.reject(error as Error)).ask(at('/'));
		assert.equal((await failing(new Error('secret'))).status, 500);
		const teapot = await failing(new HttpError(418, { message: 'short', fields: { 'x-spout': '1' } }));
		assert.deepEqual([teapot.status, teapot.headers.get('x-spout'), await teapot.text()], [418, '1', 'short\n']);
	});

	test('a status that fetch has no word for is an error of the app', async () => {
		const listener = new Played(() => respond(799, {}, 'x'));
		assert.equal((await listener.ask(at('/'))).status, 500);
		assert.deepEqual(listener.log, ['An exchange failed']);
	});
});

suite('streams', () => {
	test('a source is held back until the runtime has taken what was written', async () => {
		const source = new Fed();
		const { app, outcome } = serving(source);
		const response = await new Played(app).ask(at('/'));
		const reader = (response.body as ReadableStream<Uint8Array>).getReader();
		assert.equal(source.say('one'), false);
		assert.equal(source.resumed, 0);
		assert.equal(Buffer.from((await reader.read()).value ?? []).toString(), 'one');
		const next = reader.read();
		await until(() => source.resumed > 0, 'a resume');
		source.say('two');
		assert.equal(Buffer.from((await next).value ?? []).toString(), 'two');
		source.sink?.end();
		assert.equal((await reader.read()).done, true);
		await until(() => outcome() !== null, 'the end');
		assert.deepEqual(outcome(), { ok: true, status: 200, bytes: 6, received: 0 });
	});

	test('a chunk that is lent may be used again', async () => {
		const source = new Fed();
		const response = await new Played(serving(source).app).ask(at('/'));
		const chunk = Buffer.from('mine');
		source.sink?.write(chunk);
		chunk.fill(0);
		source.sink?.end();
		assert.equal(await response.text(), 'mine');
	});

	test('a source that fails errors the stream, once, and is logged', async () => {
		const source = new Fed();
		const listener = new Played(serving(source).app);
		const response = await listener.ask(at('/'));
		source.say('half');
		source.sink?.fail(new Error('broke'));
		await assert.rejects(
			response.text().then(
				() => {},
				() => Promise.reject(new Error('cut')),
			),
			/cut/,
		);
		assert.deepEqual(listener.log, ['A response was cut short']);
		assert.equal(listener.statistics().active, 0);
	});

	test('a runtime that wants no more ends the source and the exchange', async () => {
		const source = new Fed();
		const { app, outcome } = serving(source);
		const response = await new Played(app).ask(at('/'));
		await response.body?.cancel();
		assert.ok(source.cancelled);
		assert.equal(outcome()?.ok, false);
	});

	test('a runtime that is done with an exchange before its stream is ends the source', async () => {
		const source = new Fed();
		const { app, outcome } = serving(source);
		const listener = new Played(app);
		const done = Promise.withResolvers<void>();
		listener.completed = done.promise;
		await listener.ask(at('/'));
		done.resolve();
		await until(() => source.cancelled, 'a cancel');
		assert.equal(outcome()?.ok, false);
	});

	test('what is not taken in time is cut off, and idle streams are not', async () => {
		const [taken, stuck] = [new Fed(), new Fed()];
		const listener = new Played((request) => respond(200, {}, raw(request).target === '/taken' ? taken : stuck), {
			timeouts: { write: 100 },
		});
		const idle = (await listener.ask(at('/taken'))).body?.getReader();
		taken.say('x');
		await idle?.read();
		const more = idle?.read();
		await listener.ask(at('/stuck'));
		stuck.say('x');
		await until(() => stuck.cancelled, 'a cut');
		assert.equal(taken.cancelled, false);
		assert.equal(listener.statistics().timeouts, 1);
		taken.sink?.end();
		assert.equal((await more)?.done, true);
	});
});

suite('requests', () => {
	test('a client that leaves closes the exchange of an app that waits', async () => {
		const client = new AbortController();
		let closed: unknown = null;
		const listener = new Played(async (_request, context) => {
			context.onClosed({ exchangeClosed: (reason) => (closed = reason) });
			return new Promise(() => {});
		});
		const answer = Promise.resolve(listener.ask(at('/', { signal: client.signal })));
		answer.catch(() => {});
		client.abort();
		await until(() => closed !== null, 'the news');
		assert.equal(listener.statistics().active, 0);
	});

	test('CONNECT and targets over the limit are refused', async () => {
		const listener = new Played(() => respond(200), { limits: { target: 10 } });
		assert.equal((await listener.ask(at('/twelve-bytes'))).status, 414);
		assert.equal(listener.statistics().violations, 1);
		const connect = Object.defineProperty(at('/'), 'method', { value: 'CONNECT' });
		assert.equal((await listener.ask(connect)).status, 501);
	});

	test('a body over the limit is 413, whatever the app reads it by', async () => {
		const byText = new Played(async (request) => respond(200, {}, await request.text()), { limits: { bodyBytes: 3 } });
		const byPayload = new Played((request) => respond(200, {}, raw(request).payload), { limits: { bodyBytes: 3 } });
		const post = (body: string, length: boolean): Request =>
			at('/', {
				method: 'POST',
				body: new Blob([body]).stream(),
				duplex: 'half',
				headers: length ? { 'content-length': String(body.length) } : {},
			});
		assert.equal(await (await byText.ask(post('abc', false))).text(), 'abc');
		assert.equal(await (await byText.ask(post('abc', true))).text(), 'abc');
		for (const length of [true, false]) assert.equal((await byText.ask(post('abcd', length))).status, 413);
		const begun = await byPayload.ask(post('abcd', false));
		await assert.rejects(
			begun.text().then(
				() => {},
				() => Promise.reject(new Error('cut')),
			),
			/cut/,
		);
	});

	test("the runtime's idle time is the body's, then the app's as long as it takes, then that between requests", async () => {
		const listener = new Played(async (request) => respond(200, {}, String((await raw(request).bytes()).length)), {
			timeouts: { bodyIdle: 5_000, keepAlive: 7_000 },
		});
		await (await listener.ask(at('/', { method: 'POST', body: 'abc' }))).text();
		assert.deepEqual(listener.patience, [5_000, 0, 7_000]);
	});
});

suite('the end', () => {
	test('drain waits for answers and for what they left to do, then cuts', async () => {
		const source = new Fed();
		const work = Promise.withResolvers<void>();
		const listener = new Played((request, context) => {
			if (raw(request).target === '/again') return respond(204);
			context.waitUntil(work.promise);
			return respond(200, {}, source);
		});
		const response = await listener.ask(at('/'));
		let drained = false;
		const draining = listener.drain(60_000).then(() => (drained = true));
		assert.equal((await listener.ask(at('/again'))).headers.get('connection'), 'close');
		source.sink?.end();
		await response.text();
		await until(() => listener.statistics().active === 0, 'the end of all exchanges');
		assert.deepEqual([drained, listener.cut], [false, 0]);
		work.resolve();
		await draining;
		assert.equal(listener.cut, 1);
	});

	test('drain cuts what is left when its time is up', async () => {
		const source = new Fed();
		const listener = new Played(serving(source).app);
		const response = await listener.ask(at('/'));
		await listener.drain(20);
		assert.ok(source.cancelled);
		await assert.rejects(
			response.text().then(
				() => {},
				() => Promise.reject(new Error('cut')),
			),
			/cut/,
		);
	});
});
