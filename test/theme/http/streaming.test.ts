/** Pages that leave while their content comes in: at the pace of the client, and never complete when they are not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as zlib from 'node:zlib';
import { fromIterable, type Sink, type Source } from '../../../src/bytes/index.ts';
import { lint } from '../../../src/convention/index.ts';
import { ask, exchange } from '../../../src/engine/memory/index.ts';
import { listen, portOf } from '../../support/engines.ts';
import { connect } from '../../support/raw-client.ts';
import { until } from '../../support/until.ts';
import { fakeThemer, page, streamingThemer, watched } from './fake-themer.ts';

class Hand implements Source {
	readonly length = null;
	sink: Sink | null = null;
	flowing = true;
	cancels = 0;
	start(sink: Sink): void {
		this.sink = sink;
	}
	resume(): void {
		this.flowing = true;
	}
	cancel(): void {
		this.cancels += 1;
		this.sink = null;
	}
	say(text: string): void {
		this.flowing = (this.sink as Sink).write(Buffer.from(text));
	}
}

test('what is settled leaves before the content is complete, compressed or not', async () => {
	for (const coding of ['identity', 'gzip', 'br', 'zstd']) {
		const hand = new Hand();
		const { layer } = watched(streamingThemer(), { encode: 'always' });
		const answering = ask(layer(page(hand)), { fields: { 'Accept-Encoding': coding } });
		hand.say('<p>one');
		const answer = await answering;
		const chunks = answer.chunks();
		const first = (await chunks.next()).value as Uint8Array;
		if (coding === 'gzip') {
			const out = zlib.gunzipSync(first, { finishFlush: zlib.constants.Z_SYNC_FLUSH });
			assert.equal(out.toString(), '[theme]<p>one');
		} else if (coding === 'identity') assert.equal(Buffer.from(first).toString(), '[theme]<p>one');
		assert.ok(first.length > 0);
		await until(() => hand.flowing, 'the source is asked for more');
		hand.say(' two');
		hand.sink?.end();
		const rest: Uint8Array[] = [first];
		for await (const chunk of chunks) rest.push(chunk);
		const bytes = Buffer.concat(rest);
		const decode = {
			identity: (b: Buffer) => b,
			gzip: zlib.gunzipSync,
			br: zlib.brotliDecompressSync,
			zstd: zlib.zstdDecompressSync,
		};
		const plain = (decode as Record<string, (b: Buffer) => Buffer>)[coding]?.(bytes);
		assert.equal(plain?.toString(), '[theme]<p>one two[/theme]', coding);
		assert.equal(answer.fields.has('content-length'), false);
	}
});

test('a client that does not read holds the upstream back', async () => {
	let given = 0;
	const body = (function* () {
		for (; given < 1_000; given++) yield 'x'.repeat(1_000);
	})();
	const answer = await ask(lint(watched(streamingThemer()).layer(page(fromIterable(body)))), { window: 4_000 });
	await new Promise((resolve) => setImmediate(resolve));
	assert.ok(given < 30, `${given} pieces were taken`);
	assert.equal((await answer.text()).length, 1_000_000 + '[theme][/theme]'.length);
});

test('a client that leaves in the middle cancels the upstream, and nothing is logged', async () => {
	const hand = new Hand();
	const { layer, lines } = watched(streamingThemer());
	const one = exchange(layer(page(hand)));
	hand.say('<p>');
	await one.answer;
	one.abort();
	await new Promise((resolve) => setImmediate(resolve));
	assert.deepEqual([hand.cancels, lines.length], [1, 0]);
});

test('a plan that fails after bytes have left cuts the page off, on the wire, too', async (t) => {
	let writes = 0;
	const themer = fakeThemer({
		streams: true,
		page: {
			write: (text) => {
				if (++writes % 2 === 0) throw new Error('in the middle');
				return text;
			},
		},
	});
	const { layer, lines } = watched(themer);
	const app = layer(() =>
		page(fromIterable(['<p>one', '<p>two', '<p>three']))(new Request('http://x/'), undefined as never),
	);
	const answer = await ask(app);
	await assert.rejects(answer.text(), /in the middle/);
	const peer = await connect(t, portOf(await listen(t, app)));
	peer.send('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
	await peer.read('<p>one');
	await peer.closed();
	assert.ok(!peer.received.includes('0\r\n\r\n'), peer.received);
	assert.deepEqual(
		lines.map(({ level }) => level),
		['error', 'error'],
	);
});

test('a page that grows past the limit after bytes have left is cut off', async () => {
	const { layer, lines } = watched(streamingThemer(), { maxBytes: 20 });
	const answer = await ask(layer(page(fromIterable(['<p>0123456789', '<p>0123456789']))));
	await assert.rejects(answer.text());
	assert.equal(lines.length, 1);
});

test('a page whose rules settle only at the end is a whole page', async () => {
	const answer = await ask(lint(watched(fakeThemer({ streams: true })).layer(page(fromIterable(['<p>', 'x'])))));
	assert.equal(await answer.text(), '[theme]<p>x[/theme]');
});

test('an upstream that breaks off in the middle breaks the page off', async () => {
	const body = (function* () {
		yield '<p>';
		throw new Error('broke off');
	})();
	const { layer, lines } = watched(streamingThemer());
	const answer = await ask(layer(page(fromIterable(body))));
	await assert.rejects(answer.text(), /broke off/);
	assert.equal(lines.length, 0);
});
