/** Events for browsers: how things stand at first, then every change; nothing piles up, and nobody is kept after leaving. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Sink, Source } from '../../../src/bytes/index.ts';
import { EventStream } from '../../../src/theme/debug/event-stream.ts';

interface Reader extends Sink {
	text: string;
	ended: boolean;
	/** What the reader says to a chunk: false stops the stream. */
	takes: boolean;
}

function reader(source: Source | null, takes = true): Reader {
	const one: Reader = {
		text: '',
		ended: false,
		takes,
		write(chunk) {
			one.text += new TextDecoder().decode(chunk);
			return one.takes;
		},
		end: () => {
			one.ended = true;
		},
		fail: (error) => {
			throw error;
		},
	};
	source?.start(one);
	return one;
}

function streamOf(options: { mostListeners?: number; heartbeat?: number } = {}): { stream: EventStream; turn(): void } {
	let count = 1;
	const stream = new EventStream({ ...options, state: () => ({ event: 'changed', data: { count } }) });
	return {
		stream,
		turn: () => {
			count++;
			stream.tell();
		},
	};
}

const message = (count: number): string => `event: changed\ndata: {"count":${count}}\n\n`;

test('who comes is told how things stand, and of every change', (t) => {
	const { stream, turn } = streamOf();
	t.after(() => stream.close());
	const [one, two] = [reader(stream.open()), reader(stream.open())];
	turn();
	assert.equal(one.text, message(1) + message(2));
	assert.equal(two.text, one.text);
});

test('who does not read is told how things stand later, and nothing of what was between', (t) => {
	const { stream, turn } = streamOf();
	t.after(() => stream.close());
	const source = stream.open();
	const one = reader(source, false);
	for (let n = 0; n < 1000; n++) turn();
	assert.equal(one.text, message(1));
	one.takes = true;
	source?.resume();
	assert.equal(one.text, message(1) + message(1001));
});

test('who leaves is not counted, and there is a limit', (t) => {
	const { stream, turn } = streamOf({ mostListeners: 2 });
	t.after(() => stream.close());
	const [first, second] = [stream.open(), stream.open()];
	const gone = reader(first);
	reader(second);
	assert.equal(stream.open(), null);
	first?.cancel();
	assert.equal(stream.size, 1);
	turn();
	assert.equal(gone.text, message(1));
	assert.notEqual(stream.open(), null);
});

test('a body that was never started is not counted after it was given up', (t) => {
	const { stream } = streamOf();
	t.after(() => stream.close());
	stream.open()?.cancel();
	assert.equal(stream.size, 0);
});

test('comments keep what is silent alive', { timeout: 10_000 }, async (t) => {
	const { stream } = streamOf({ heartbeat: 1 });
	t.after(() => stream.close());
	const one = reader(stream.open());
	while (!one.text.endsWith(': \n\n: \n\n')) await new Promise((resolve) => setTimeout(resolve, 1));
	assert.ok(one.text.startsWith(message(1)));
});

test('a close ends every stream, and nobody comes after it', () => {
	const { stream } = streamOf();
	const one = reader(stream.open());
	stream.close();
	assert.equal(one.ended, true);
	assert.equal(stream.size, 0);
	assert.equal(stream.open(), null);
});
