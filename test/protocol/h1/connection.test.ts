import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FieldList } from '../../../src/fields/index.ts';
import {
	H1Connection,
	type H1Events,
	h1Limits,
	LocalViolation,
	NONE,
	type RequestHead,
	type ResponseHead,
	stateNames,
} from '../../../src/protocol/h1/index.ts';
import { requestOf, responseOf } from './recorder.ts';

type Step = 'head' | 'body' | 'complete' | 'violation';

/** A connection whose owner does `on[event]` from within the event. */
function open<Head extends RequestHead | ResponseHead>(
	role: 'server' | 'client',
	on: Partial<Record<Step, (codec: H1Connection<Head>) => void>> = {},
): { codec: H1Connection<Head>; steps: string[]; feed: (text: string) => string } {
	const steps: string[] = [];
	const happened = (step: Step, text: string): void => {
		steps.push(text);
		on[step]?.(codec);
	};
	const events: H1Events<Head> = {
		head: (head) => happened('head', 'target' in head ? `head ${head.target}` : `head ${head.status}`),
		body: (bytes, start, end) => happened('body', `body ${Buffer.from(bytes.slice(start, end)).toString('latin1')}`),
		complete: () => happened('complete', 'complete'),
		violation: (violation) => happened('violation', violation.code),
	};
	const codec = new H1Connection<Head>(role, events, h1Limits);
	const feed = (text: string): string => {
		const bytes = Buffer.from(text, 'latin1');
		return text.slice(codec.receive(bytes, 0, bytes.length));
	};
	return { codec, steps, feed };
}

const empty = FieldList.empty();
const none = new Uint8Array(0);

function answer(codec: H1Connection<RequestHead>): void {
	codec.responseHead(200, 'OK', empty, 0, '');
	codec.end(null);
}

test('a pipelined request waits until next is called', () => {
	const { codec, steps, feed } = open<RequestHead>('server');
	const second = requestOf([], 'GET /2 HTTP/1.1');
	const rest = feed(requestOf([], 'GET /1 HTTP/1.1') + second);
	assert.equal(rest, second);
	assert.deepEqual(steps, ['head /1', 'complete']);
	assert.equal(codec.reusable, false);
	answer(codec);
	assert.equal(codec.reusable, true);
	assert.equal(feed(rest), second, 'nothing is read before next');
	codec.next();
	assert.equal(feed(rest), '');
	assert.deepEqual(steps.slice(2), ['head /2', 'complete']);
});

test('an owner that answers from within complete goes through pipelined requests in one call', () => {
	const { steps, feed } = open<RequestHead>('server', {
		complete: (codec) => {
			answer(codec);
			codec.next();
		},
	});
	assert.equal(feed(['/1', '/2', '/3'].map((target) => requestOf([], `GET ${target} HTTP/1.1`)).join('')), '');
	assert.deepEqual(steps, ['head /1', 'complete', 'head /2', 'complete', 'head /3', 'complete']);
});

test('pause in any event stops before the next one, and nothing is lost', () => {
	const input = requestOf(['Transfer-Encoding: chunked'], 'POST / HTTP/1.1', '2\r\nab\r\n1\r\nc\r\n0\r\n\r\n');
	const { codec, steps, feed } = open<RequestHead>('server', {
		head: (codec) => codec.pause(),
		body: (codec) => codec.pause(),
	});
	let rest = feed(input);
	for (const seen of [['head /'], ['head /', 'body ab'], ['head /', 'body ab', 'body c']]) {
		assert.deepEqual(steps, seen);
		assert.equal(feed(rest), rest, 'nothing is read while paused');
		codec.resume();
		rest = feed(rest);
	}
	assert.deepEqual([rest, steps.at(-1)], ['', 'complete']);
});

test('an event that needs no more bytes comes after resume without any', () => {
	const { codec, steps, feed } = open<RequestHead>('server', { head: (codec) => codec.pause() });
	assert.equal(feed(requestOf()), '');
	assert.deepEqual(steps, ['head /']);
	codec.receiveEnd();
	assert.deepEqual(steps, ['head /'], 'the end of the stream changes nothing in a message that is all there');
	codec.resume();
	codec.receive(none, 0, 0);
	assert.deepEqual(steps, ['head /', 'complete']);
	assert.equal(codec.persistent, false, 'but none will follow');
});

test('the end between messages says nothing, and no other message follows', () => {
	const { codec, steps, feed } = open<RequestHead>('server');
	codec.receiveEnd();
	assert.deepEqual([steps, stateNames[codec.incoming]], [[], 'ENDED']);
	assert.equal(feed(requestOf()), requestOf());
	const second = open<RequestHead>('server');
	second.feed(requestOf());
	second.codec.receiveEnd();
	answer(second.codec);
	assert.equal(second.codec.reusable, false);
	assert.throws(() => second.codec.next(), LocalViolation);
});

test('after a violation nothing is read, and the connection ends with the answer', () => {
	const { codec, steps, feed } = open<RequestHead>('server');
	assert.notEqual(feed('GET / HTTP/1.1\r\nHost : h\r\n\r\n'), '');
	assert.equal(feed(requestOf()), requestOf());
	codec.receiveEnd();
	assert.deepEqual(steps, ['FIELD_NAME']);
	const head = codec.responseHead(400, 'Bad Request', empty, 0, '');
	assert.match(head, /\r\nConnection: close\r\n/);
	codec.end(null);
	assert.equal(codec.reusable, false);
});

test('a server that accepts an offer leaves the early bytes of the tunnel alone', () => {
	const { codec, steps, feed } = open<RequestHead>('server', {
		complete: (codec) => {
			codec.responseHead(101, 'Switching Protocols', FieldList.of({ Upgrade: 'x' }), NONE, '');
			codec.switchProtocols();
		},
	});
	const early = 'GET / HTTP/1.1\r\n\r\n';
	const request = requestOf(['Upgrade: x', 'Connection: upgrade', 'Content-Length: 1'], 'POST / HTTP/1.1', 'b');
	assert.equal(feed(request + early), early);
	assert.deepEqual(steps, ['head /', 'body b', 'complete']);
	assert.deepEqual([stateNames[codec.incoming], stateNames[codec.outgoing]], ['SWITCHED', 'SWITCHED']);
	codec.receiveEnd();
	assert.deepEqual([codec.reusable, steps.length], [false, 3]);
});

test('a tunnel can be accepted from within head, when no body follows', () => {
	const { steps, feed } = open<RequestHead>('server', {
		head: (codec) => {
			codec.responseHead(200, 'OK', empty, NONE, '');
			codec.switchProtocols();
		},
	});
	assert.equal(feed(`${requestOf([], 'CONNECT h:1 HTTP/1.1')}early`), 'early');
	assert.deepEqual(steps, ['head /'.replace('/', 'h:1')]);
});

test('nobody can switch before the request is there, or without an offer, or without accepting it', () => {
	const upgrade = FieldList.of({ Upgrade: 'x' });
	const plain = open<RequestHead>('server');
	plain.feed(requestOf());
	assert.throws(() => plain.codec.responseHead(101, '', upgrade, NONE, ''), { code: 'STATUS' });
	answer(plain.codec);
	assert.throws(() => plain.codec.switchProtocols(), { code: 'STATE' });
	const offered = open<RequestHead>('server');
	offered.feed(requestOf(['Upgrade: x', 'Connection: upgrade', 'Content-Length: 5'], 'POST / HTTP/1.1', 'hell'));
	assert.throws(() => offered.codec.responseHead(101, '', empty, NONE, ''), { code: 'STATUS' }, 'without Upgrade');
	offered.codec.responseHead(101, '', upgrade, NONE, '');
	assert.throws(() => offered.codec.switchProtocols(), { code: 'STATE' }, 'the body is not there yet');
	assert.equal(offered.feed('oearly'), 'early');
	offered.codec.switchProtocols();
	assert.equal(stateNames[offered.codec.incoming], 'SWITCHED');
});

test('a client takes the tunnel from within head, and its early bytes are left alone', () => {
	for (const [method, response] of [
		['GET', responseOf(['Upgrade: x', 'Connection: upgrade'], 'HTTP/1.1 101 Switching Protocols')],
		['CONNECT', responseOf([], 'HTTP/1.1 200 OK')],
	] as const) {
		const { codec, steps, feed } = open<ResponseHead>('client', { head: (codec) => codec.switchProtocols() });
		codec.requestHead(method, method === 'GET' ? '/' : 'h:1', FieldList.of({ Host: 'h', Upgrade: 'x' }), NONE, '');
		codec.end(null);
		assert.equal(feed(`${response}HTTP/1.1 early`), 'HTTP/1.1 early');
		assert.equal(steps.length, 1);
		assert.equal(codec.reusable, false);
	}
});

test('a client whose offer is declined goes on with HTTP', () => {
	const { codec, steps, feed } = open<ResponseHead>('client');
	codec.requestHead('GET', '/', FieldList.of({ Host: 'h', Upgrade: 'x' }), NONE, '');
	codec.end(null);
	assert.equal(feed(responseOf(['Content-Length: 2'], undefined, 'no')), '');
	assert.deepEqual(steps, ['head 200', 'body no', 'complete']);
	assert.throws(() => codec.switchProtocols(), { code: 'STATE' });
	codec.next();
});

test('a response may come before the request has been sent in full', () => {
	const { codec, feed } = open<ResponseHead>('client');
	codec.requestHead('POST', '/', FieldList.of({ Host: 'h' }), 5, '');
	feed(responseOf(['Content-Length: 0'], 'HTTP/1.1 413 Too Large'));
	assert.equal(codec.reusable, false);
	codec.bodyHead(5);
	codec.end(null);
	assert.equal(codec.reusable, true);
});

test('close ends the connection with the exchange under way, and its head says so', () => {
	const { codec, feed } = open<RequestHead>('server');
	feed(requestOf());
	codec.close();
	assert.match(codec.responseHead(200, 'OK', empty, 0, ''), /\r\nConnection: close\r\n/);
	codec.end(null);
	assert.equal(codec.reusable, false);
});

/** The least time of three, of feeding `input` byte by byte to `count` connections. */
function timeToDrip(input: string, count: number): number {
	const bytes = Buffer.from(input);
	const times = [1, 2, 3].map(() => {
		const start = performance.now();
		for (let i = 0; i < count; i++) {
			const { codec } = open<RequestHead>('server');
			for (let at = 0; at < bytes.length; at++) codec.receive(bytes, at, at + 1);
			assert.equal(stateNames[codec.incoming], 'DONE');
		}
		return performance.now() - start;
	});
	return Math.min(...times);
}

test('a head that drips in costs time in proportion to its length', () => {
	const long = timeToDrip(requestOf([`X: ${'y'.repeat(60_000)}`]), 1);
	const short = timeToDrip(requestOf([`X: ${'y'.repeat(600)}`]), 100);
	assert.ok(long < 15 * short, `${long} ms for one of 60,000 bytes, ${short} ms for a hundred of 600`);
});
