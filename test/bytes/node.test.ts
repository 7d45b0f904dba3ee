import assert from 'node:assert/strict';
import { connect, createServer, type Socket } from 'node:net';
import { Duplex, PassThrough, Readable, Writable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import * as fc from 'fast-check';
import {
	CutShortError,
	fromDuplex,
	fromReadable,
	join,
	type Tunnel,
	toDuplex,
	toReadable,
	toWritable,
	writableSource,
} from '../../src/bytes/index.ts';
import { FieldList } from '../../src/fields/index.ts';
import { bytes, drained, LendingSource, StrictSink } from './lending.ts';

const pieces = fc.array(fc.uint8Array({ minLength: 1, maxLength: 8 }), { maxLength: 8 });
const pauses = fc.array(fc.boolean(), { maxLength: 4 });
const flat = (given: Uint8Array[]): number[] => given.flatMap((piece) => [...piece]);

/** The writable half of a tunnel over a strict sink. */
function drainingSink(script: boolean[]): { sink: StrictSink; writable: Tunnel['writable'] } {
	const sink: StrictSink = new StrictSink(script, () => ({
		length: null,
		start() {},
		cancel() {},
		resume: () => writable.ondrain?.(),
	}));
	const writable: Tunnel['writable'] = {
		ondrain: null,
		write: (chunk) => sink.write(chunk),
		end: (trailers) => sink.end(trailers),
		fail: (reason) => sink.fail(reason),
	};
	return { sink, writable };
}

test('a node stream delivers its bytes and text under back-pressure', { timeout: 20_000 }, async () => {
	await fc.assert(
		fc.asyncProperty(pieces, pauses, async (given, script) => {
			const sink = await drained(fromReadable(Readable.from(given, { objectMode: false })), script);
			assert.deepEqual(sink.taken, flat(given));
			assert.equal(sink.ends, 1);
		}),
		{ numRuns: 60 },
	);
	const text = Readable.from([Buffer.from('é')]);
	text.setEncoding('utf8');
	assert.deepEqual((await drained(fromReadable(text))).taken, [0xc3, 0xa9]);
});

test('trailers of a node stream are asked for when it has ended', async () => {
	const trailers = FieldList.of(['T', '1']);
	const source = fromReadable(Readable.from(['a']), { length: 1, trailers: () => trailers });
	assert.equal(source.length, 1);
	assert.equal((await drained(source)).trailers, trailers);
});

test('errors of a node stream fail the sink, before the start and after it', { timeout: 5000 }, async () => {
	const error = new Error('broken');
	const early = new PassThrough();
	const source = fromReadable(early);
	early.destroy(error);
	await turn();
	assert.equal((await drained(source)).error, error);

	const late = new PassThrough();
	const sink = new StrictSink();
	fromReadable(late).start(sink);
	late.write('a');
	await turn();
	late.destroy(error);
	await sink.done;
	assert.deepEqual([sink.text, sink.error], ['a', error]);
});

test('a node stream that closes before its end, or has ended before the start, is cut short', {
	timeout: 5000,
}, async () => {
	const closed = new PassThrough();
	const sink = new StrictSink();
	fromReadable(closed).start(sink);
	closed.destroy();
	await sink.done;
	assert.ok(sink.error instanceof CutShortError);

	const read = Readable.from(['a']);
	await read.toArray();
	assert.ok((await drained(fromReadable(read))).error instanceof CutShortError);
});

test('objects in a node stream are refused', { timeout: 5000 }, async () => {
	const readable = Readable.from([{ a: 1 }]);
	const sink = await drained(fromReadable(readable));
	assert.ok(sink.error instanceof TypeError);
	assert.equal(readable.destroyed, true);
});

test('cancel destroys the node stream, before and after the start', async () => {
	const early = new PassThrough();
	const source = fromReadable(early);
	source.cancel();
	source.cancel();
	assert.equal(early.destroyed, true);
	assert.throws(() => source.start(new StrictSink()), TypeError);

	const late = new PassThrough();
	const sink = new StrictSink();
	const started = fromReadable(late);
	late.write('a');
	started.start(sink);
	started.cancel();
	await turn();
	assert.deepEqual([sink.text, sink.over, late.destroyed], ['', false, true]);
});

test('toReadable keeps bytes that were only lent', { timeout: 20_000 }, async () => {
	await fc.assert(
		fc.asyncProperty(pieces, fc.boolean(), async (given, later) => {
			const trailers = FieldList.of(['T', '1']);
			const told: unknown[] = [];
			const readable = toReadable(new LendingSource(given, { later, trailers }), (fields) => told.push(fields));
			const seen = (await readable.toArray()) as Uint8Array[];
			assert.deepEqual(flat(seen), flat(given));
			assert.deepEqual(told, [trailers]);
		}),
		{ numRuns: 60 },
	);
});

test('toReadable holds a fast source back', { timeout: 5000 }, async () => {
	const source = new LendingSource(Array.from({ length: 100 }, () => new Uint8Array(16_384)));
	const readable = toReadable(source);
	readable.once('readable', () => {});
	await turn();
	assert.equal(source.finished, false);
	let total = 0;
	for await (const chunk of readable) total += (chunk as Uint8Array).length;
	assert.equal(total, 100 * 16_384);
});

test('toReadable hands failures on, and destroying it cancels the source', { timeout: 5000 }, async () => {
	const error = new Error('cut');
	await assert.rejects(toReadable(new LendingSource([bytes('a')], { error })).toArray(), error);
	const source = new LendingSource([bytes('a')], { later: true });
	const readable = toReadable(source);
	readable.destroy();
	await turn();
	assert.equal(source.cancelled.length, 1);
});

test('toReadable of a source in use fails without cancelling it for its user', { timeout: 5000 }, async () => {
	const source = fromReadable(Readable.from(['a']));
	const sink = new StrictSink();
	source.start(sink);
	await assert.rejects(toReadable(source).toArray(), TypeError);
	await sink.done;
	assert.equal(sink.text, 'a');
});

test('toWritable waits for ondrain, ends and fails the sink', { timeout: 20_000 }, async () => {
	await fc.assert(
		fc.asyncProperty(pieces, pauses, async (given, script) => {
			const { sink, writable } = drainingSink(script);
			Readable.from(given, { objectMode: false }).pipe(toWritable(writable));
			await sink.done;
			assert.deepEqual(sink.taken, flat(given));
			assert.equal(sink.ends, 1);
		}),
		{ numRuns: 60 },
	);
	const { sink, writable } = drainingSink([]);
	const stream = toWritable(writable);
	stream.write('a');
	stream.destroy();
	await sink.done;
	assert.ok(sink.error instanceof CutShortError);
});

test('what is written comes out as a source, started early or late', { timeout: 20_000 }, async () => {
	await fc.assert(
		fc.asyncProperty(pieces, pauses, fc.boolean(), async (given, script, late) => {
			const { writable, source } = writableSource();
			Readable.from(given, { objectMode: false }).pipe(writable);
			if (late) await turn();
			const sink = await drained(source, script);
			assert.deepEqual(sink.taken, flat(given));
			assert.equal(sink.ends, 1);
		}),
		{ numRuns: 60 },
	);
});

test('a written chunk calls back when it was taken', async () => {
	const { writable, source } = writableSource(3);
	assert.equal(source.length, 3);
	const calls: string[] = [];
	writable.write('abc', () => calls.push('taken'));
	await turn();
	assert.deepEqual(calls, []);
	const sink = new StrictSink([true]);
	source.start(sink);
	await turn();
	assert.deepEqual(calls, []);
	sink.release(source);
	await turn();
	assert.deepEqual(calls, ['taken']);
	source.cancel();
	assert.equal(writable.destroyed, true);
});

test('a writer destroyed before its end fails the source, started or not', { timeout: 5000 }, async () => {
	const error = new Error('broken');
	const early = writableSource();
	early.writable.destroy(error);
	await turn();
	assert.equal((await drained(early.source)).error, error);
	const late = writableSource();
	const sink = new StrictSink();
	late.source.start(sink);
	late.writable.write('a');
	late.writable.destroy();
	await sink.done;
	assert.deepEqual([sink.text, sink.error instanceof CutShortError], ['a', true]);
});

/** Two connected sockets of this machine. */
async function socketPair(t: TestContext): Promise<[Socket, Socket]> {
	const server = createServer({ allowHalfOpen: true });
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as { port: number };
	const near = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
	const far = await new Promise<Socket>((resolve) => server.once('connection', resolve));
	t.after(() => {
		near.destroy();
		far.destroy();
		server.close();
	});
	return [near, far];
}

/** Everything up to the end; unlike `toArray` it leaves the other direction open. */
function allOf(socket: Socket): Promise<Buffer> {
	const seen: Buffer[] = [];
	socket.on('data', (chunk: Buffer) => seen.push(chunk));
	return new Promise((resolve, reject) => {
		socket.once('end', () => resolve(Buffer.concat(seen)));
		socket.once('error', reject);
	});
}

test('tunnels over sockets are joined both ways and keep half-close', { timeout: 10_000 }, async (t) => {
	const [client, inner] = await socketPair(t);
	const [outer, server] = await socketPair(t);
	const joined = new Promise((resolve) => {
		join(fromDuplex(inner), fromDuplex(outer), (...told) => resolve(told));
	});
	const question = Buffer.alloc(300_000, 'q');
	const answer = Buffer.alloc(400_000, 'a');
	client.end(question);
	const heard = await allOf(server);
	assert.equal(heard.equals(question), true);
	server.end(answer);
	assert.equal((await allOf(client)).equals(answer), true);
	assert.deepEqual(await joined, [null, question.length, answer.length]);
});

test('a reset on one socket destroys the other', { timeout: 10_000 }, async (t) => {
	const [client, inner] = await socketPair(t);
	const [outer, server] = await socketPair(t);
	const joined = new Promise<unknown[]>((resolve) => {
		join(fromDuplex(inner), fromDuplex(outer), (...told) => resolve(told));
	});
	const gone = new Promise((resolve) => server.once('close', resolve));
	server.on('error', () => {});
	server.resume();
	client.resetAndDestroy();
	assert.ok((await joined)[0] instanceof Error);
	await turn();
	assert.deepEqual([inner.destroyed, outer.destroyed], [true, true]);
	server.destroy();
	await gone;
});

test('a tunnel as a duplex stream speaks both ways, and destroying it drops the tunnel', {
	timeout: 10_000,
}, async () => {
	const destroyed: (Error | undefined)[] = [];
	const { sink, writable } = drainingSink([true, false]);
	const tunnel = (readable: LendingSource): Tunnel => ({
		readable,
		writable,
		destroy: (reason) => void destroyed.push(reason),
	});
	const duplex = toDuplex(tunnel(new LendingSource([bytes('ab'), bytes('c')], { later: true })));
	duplex.write('x');
	duplex.end('yz');
	assert.equal(Buffer.concat((await duplex.toArray()) as Buffer[]).toString(), 'abc');
	await sink.done;
	assert.deepEqual([sink.text, sink.ends], ['xyz', 1]);
	await turn();
	assert.deepEqual(destroyed, []);

	const cut = toDuplex(tunnel(new LendingSource([bytes('ab')], { later: true })));
	cut.destroy();
	await turn();
	assert.equal(destroyed.length, 1);
});

test('a cancelled half of a duplex stream leaves the other half', { timeout: 5000 }, async () => {
	const written: string[] = [];
	const duplex = new Duplex({
		read() {},
		write(chunk: Buffer, _, callback) {
			written.push(chunk.toString());
			callback();
		},
	});
	const tunnel = fromDuplex(duplex);
	tunnel.readable.cancel();
	assert.equal(tunnel.writable.write(bytes('a')), true);
	assert.deepEqual([written, duplex.destroyed], [['a'], false]);
	tunnel.destroy();
	assert.equal(tunnel.writable.write(bytes('b')), false);
	assert.ok(duplex.destroyed && duplex instanceof Writable);
});
