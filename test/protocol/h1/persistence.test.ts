import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageOf, record, requestOf, responseOf, violationOf } from './recorder.ts';

const cases: readonly (readonly [version: string, connection: string | null, persistent: boolean])[] = [
	['1.1', null, true],
	['1.1', 'keep-alive', true],
	['1.1', 'close', false],
	['1.1', 'Close', false],
	['1.1', 'keep-alive, CLOSE', false],
	['1.1', ' foo ,\tclose', false],
	['1.1', 'closed', true],
	['1.1', 'close\xa0', true],
	['1.0', null, false],
	['1.0', 'keep-alive', true],
	['1.0', 'Keep-Alive, x', true],
	['1.0', 'keep-alive, close', false],
];

for (const [version, connection, persistent] of cases) {
	test(`a ${version} message with Connection: ${JSON.stringify(connection)} ${persistent ? 'keeps' : 'ends'} it`, () => {
		const lines = connection === null ? [] : [`Connection: ${connection}`];
		assert.equal(record('server', requestOf(lines, `GET / HTTP/${version}`)).persistent, persistent);
		const response = responseOf(['Content-Length: 0', ...lines], `HTTP/${version} 200 OK`);
		assert.equal(record('client', response).persistent, persistent);
	});
}

test('several Connection lines are one list', () => {
	assert.equal(record('server', requestOf(['Connection: x', 'Connection: close'])).persistent, false);
});

test('Proxy-Connection keeps nothing', () => {
	assert.equal(record('server', requestOf(['Proxy-Connection: keep-alive'], 'GET / HTTP/1.0')).persistent, false);
});

test('nothing behind a message that closes is read', () => {
	const closing = requestOf(['Connection: close']);
	const { messages, consumed } = record('server', `${closing}${requestOf(['X : y'])}`);
	assert.deepEqual([messages.length, messages[0]?.violation, consumed], [1, null, closing.length]);
});

test('Expect: 100-continue is told, in any case, but not in 1.0', () => {
	const expects = (value: string, version = '1.1'): boolean =>
		messageOf('server', requestOf(['Content-Length: 0', `Expect: ${value}`], `POST / HTTP/${version}`)).head
			.expectsContinue;
	assert.deepEqual(
		[expects('100-continue'), expects('100-Continue'), expects('100-continue', '1.0')],
		[true, true, false],
	);
	assert.equal(messageOf('server', requestOf()).head.expectsContinue, false);
});

test('anything else that is expected is refused', () => {
	for (const value of ['', '200-ok', '100-continue, x', '100-continue;x', 'x100-continue']) {
		assert.equal(violationOf('server', requestOf([`Expect: ${value}`])), 'EXPECT', value);
	}
	assert.equal(violationOf('server', requestOf(['Expect: 100-continue', 'Expect: 100-continue'])), 'EXPECT');
});

test('a tunnel is offered by CONNECT, or by Upgrade when Connection names it', () => {
	const offers = (lines: readonly string[], start?: string): boolean =>
		messageOf('server', requestOf(lines, start)).head.offersTunnel;
	assert.equal(offers(['Upgrade: websocket', 'Connection: Upgrade']), true);
	assert.equal(offers(['Upgrade: websocket', 'Connection: keep-alive, upgrade']), true);
	assert.equal(offers([], 'CONNECT h:1 HTTP/1.1'), true);
	assert.equal(offers([], 'CONNECT h:1 HTTP/1.0'), true);
	assert.equal(offers(['Upgrade: websocket']), false);
	assert.equal(offers(['Connection: upgrade']), false);
	assert.equal(offers(['Upgrade: websocket', 'Connection: upgrade'], 'GET / HTTP/1.0'), false);
	assert.equal(offers(['Upgrade: websocket', 'Connection: upgrades']), false);
});

test('an offer to upgrade does not change the framing', () => {
	const lines = ['Upgrade: x', 'Connection: upgrade', 'Content-Length: 2'];
	const { body, head } = messageOf('server', requestOf(lines, 'POST / HTTP/1.1', 'ok'));
	assert.deepEqual([body, head.framing, head.offersTunnel], ['ok', 2, true]);
});
