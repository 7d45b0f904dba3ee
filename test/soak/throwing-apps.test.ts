/** Apps that throw where nobody catches: in the sinks, sources and listeners that they hand to the engine. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Sink, Source, Tunnel } from '../../src/bytes/index.ts';
import { type App, raw, respond } from '../../src/convention/index.ts';
import { listen, portOf } from '../support/engines.ts';
import { connect } from '../support/raw-client.ts';
import type { RawPeer } from '../support/raw-peer.ts';
import { pause, until } from '../support/until.ts';

const PART = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\npart';
const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const UPGRADE = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n';
const never: Promise<Response> = new Promise(() => {});

function broken(): never {
	throw new Error('the app is broken');
}

/** What comes later is all x. */
function late(chunk: Uint8Array): boolean {
	return chunk[0] === 0x78 ? broken() : true;
}

const quiet: Sink = { write: () => true, end() {}, fail() {} };

function reading(sink: Partial<Sink>): App {
	return (request) => {
		raw(request).payload?.start({ ...quiet, ...sink });
		return never;
	};
}

function answering(source: Partial<Source>, chunk = Buffer.alloc(8 * 1024 * 1024)): App {
	const start = (sink: Sink): void => void sink.write(chunk);
	return () => respond(200, {}, { length: null, start, resume() {}, cancel() {}, ...source });
}

function tunnelling(use: (tunnel: Tunnel) => void): App {
	return () => respond(101, { Upgrade: 'x' }, null, { tunnel: use });
}

interface Case {
	readonly app: App;
	readonly sends: string;
	/** What the client does once the app is at work. */
	readonly after: (client: RawPeer) => void;
}

const more = (client: RawPeer): void => void client.send('x'.repeat(20));
const rest = (client: RawPeer): void => void client.send('x'.repeat(996));
const leave = (client: RawPeer): void => void client.reset();
const wait = (): void => {};

const cases: Readonly<Record<string, Case>> = {
	'a sink that throws at a later piece of the body': { app: reading({ write: late }), sends: PART, after: more },
	'a sink that throws at the end of the body': { app: reading({ end: broken }), sends: PART, after: rest },
	'a sink that throws when the client leaves': { app: reading({ fail: broken }), sends: PART, after: leave },
	'a sink that throws when the body is late': { app: reading({ fail: broken }), sends: PART, after: wait },
	'a source that throws when it may go on': {
		app: answering({ resume: broken }),
		sends: GET,
		after: (client) => void client.resume(),
	},
	'a source that throws when the client leaves': { app: answering({ cancel: broken }), sends: GET, after: leave },
	'a listener that throws when the client leaves': {
		app: (_request, context) => {
			context.onClosed({ exchangeClosed: broken });
			return never;
		},
		sends: GET,
		after: leave,
	},
	'a reader of a tunnel that throws': {
		app: tunnelling((tunnel) => tunnel.readable.start({ ...quiet, write: broken })),
		sends: UPGRADE,
		after: more,
	},
	'a reader of a tunnel that throws at its end': {
		app: tunnelling((tunnel) => tunnel.readable.start({ ...quiet, end: broken })),
		sends: UPGRADE,
		after: (client) => void client.finish(),
	},
	'a writer to a tunnel that throws when it may go on': {
		app: tunnelling((tunnel) => {
			tunnel.writable.ondrain = broken;
			tunnel.writable.write(Buffer.alloc(8 * 1024 * 1024));
		}),
		sends: UPGRADE,
		after: (client) => void client.resume(),
	},
};

function watchStray(t: TestContext): unknown[] {
	const stray: unknown[] = [];
	const keep = (error: unknown) => stray.push(error);
	process.on('uncaughtException', keep).on('unhandledRejection', keep);
	t.after(() => process.off('uncaughtException', keep).off('unhandledRejection', keep));
	return stray;
}

for (const [name, { app, sends, after }] of Object.entries(cases)) {
	test(name, async (t) => {
		const stray = watchStray(t);
		const logged: string[] = [];
		const log = ({ level, error }: { level: string; error?: unknown }) =>
			logged.push(`${level}: ${error instanceof Error ? error.message : String(error)}`);
		let begun = 0;
		const both: App = (request, context) => {
			if (raw(request).target === '/fine') return respond(200, {}, 'fine');
			begun++;
			return app(request, context);
		};
		const listener = await listen(t, both, { log, timeouts: { bodyIdle: 300 } });
		const client = (await connect(t, portOf(listener))).pause().send(sends);
		await until(() => begun === 1, 'the app is at work');
		await pause(30);
		after(client);
		await until(() => logged.length > 0, 'something is logged');
		client.destroy();
		await until(() => listener.statistics().connections === 0, 'the connection has gone');
		assert.equal(listener.statistics().active, 0);
		assert.deepEqual(stray, []);
		assert.ok(logged.includes('error: the app is broken'), `what was logged: ${logged.join(', ')}`);
		const other = (await connect(t, portOf(listener))).send('GET /fine HTTP/1.1\r\nHost: a\r\n\r\n');
		assert.equal((await other.message()).body, 'fine');
	});
}
