import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageOf, record, responseOf, violationOf } from './recorder.ts';

const refused: readonly (readonly [start: string, code: string])[] = [
	['HTTP/2.0 200 OK', 'VERSION'],
	['HTTP/0.9 200 OK', 'VERSION'],
	['http/1.1 200 OK', 'STATUS_LINE'],
	['HTTP/1.10 200 OK', 'STATUS_LINE'],
	['HTTP/1.x 200 OK', 'STATUS_LINE'],
	['HTTP/1.1  200 OK', 'STATUS_LINE'],
	['HTTP/1.1\t200 OK', 'STATUS_LINE'],
	['HTTP/1.1 20 OK', 'STATUS_LINE'],
	['HTTP/1.1 2000 OK', 'STATUS_LINE'],
	['HTTP/1.1 099 OK', 'STATUS_LINE'],
	['HTTP/1.1 +20 OK', 'STATUS_LINE'],
	['HTTP/1.1 2x0 OK', 'STATUS_LINE'],
	['HTTP/1.1 OK', 'STATUS_LINE'],
	['HTTP/1.1', 'STATUS_LINE'],
	['ICY 200 OK', 'STATUS_LINE'],
	[' HTTP/1.1 200 OK', 'STATUS_LINE'],
	['\r\nHTTP/1.1 200 OK', 'STATUS_LINE'],
	['<html>', 'STATUS_LINE'],
	['HTTP/1.1 200 a\x00b', 'STATUS_LINE'],
	['HTTP/1.1 200 a\rb', 'LINE_ENDING'],
	['HTTP/1.1 200 OK\nX: y', 'LINE_ENDING'],
	['HTTP/1.1 200\nX: y', 'LINE_ENDING'],
];

for (const [start, code] of refused) {
	test(`the status line ${JSON.stringify(start)} is refused: ${code}`, () => {
		assert.equal(violationOf('client', responseOf([], start), { end: true }), code);
	});
}

const accepted: readonly (readonly [start: string, version: number, status: number, reason: string])[] = [
	['HTTP/1.1 200 OK', 11, 200, 'OK'],
	['HTTP/1.1 200 KO', 11, 200, 'KO'],
	['HTTP/1.1 200 Very well, thanks', 11, 200, 'Very well, thanks'],
	['HTTP/1.1 200 ', 11, 200, ''],
	['HTTP/1.1 200', 11, 200, ''],
	['HTTP/1.0 404 \tNot\xe9 Found ', 10, 404, '\tNot\xe9 Found '],
	['HTTP/1.3 599 x', 11, 599, 'x'],
	['HTTP/1.1 999 beyond', 11, 999, 'beyond'],
];

for (const [start, version, status, reason] of accepted) {
	test(`the status line ${JSON.stringify(start)} is accepted`, () => {
		const { head } = messageOf('client', responseOf(['Content-Length: 0'], start));
		assert.deepEqual([head.version, head.status, head.reason], [version, status, reason]);
	});
}

test('informational heads come before the final one, any number of them', () => {
	const early = responseOf(['Link: </a>'], 'HTTP/1.1 103 Early Hints');
	const proceed = responseOf([], 'HTTP/1.1 100 Continue');
	const final = responseOf(['Content-Length: 2'], undefined, 'ok');
	const { messages } = record('client', `${early}${early}${proceed}${final}`);
	assert.equal(messages.length, 1);
	assert.deepEqual(
		messages[0]?.heads.map(({ status }) => status),
		[103, 103, 100, 200],
	);
	assert.deepEqual([messages[0]?.body, messages[0]?.complete], ['ok', true]);
});

test('101 to a request that offered nothing is refused', () => {
	const switching = responseOf(['Upgrade: x', 'Connection: upgrade'], 'HTTP/1.1 101 Switching Protocols');
	assert.equal(violationOf('client', switching), 'STATUS_LINE');
	assert.equal(violationOf('client', switching, { methods: ['CONNECT'] }), 'STATUS_LINE');
	assert.equal(messageOf('client', switching, { upgrade: 'x' }).head.status, 101);
});

test('bytes that answer no request are refused', () => {
	const answer = responseOf(['Content-Length: 0']);
	assert.equal(violationOf('client', answer, { methods: [] }), 'UNEXPECTED_BYTES');
	assert.equal(violationOf('client', 'x', { methods: [] }), 'UNEXPECTED_BYTES');
	const { messages, consumed } = record('client', `${answer}${answer}`);
	assert.deepEqual([messages.length, consumed], [1, answer.length], 'bytes behind an answer are left to the owner');
});
