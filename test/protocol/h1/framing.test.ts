import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHUNKED, NONE, UNTIL_CLOSE } from '../../../src/protocol/h1/index.ts';
import { messageOf, record, requestOf, responseOf, violationOf } from './recorder.ts';

const POST = 'POST / HTTP/1.1';

test('a request with neither field has no body, whatever its method', () => {
	for (const method of ['GET', 'POST', 'PUT', 'DELETE']) {
		const { head, body } = messageOf('server', requestOf([], `${method} / HTTP/1.1`));
		assert.deepEqual([head.framing, body], [NONE, '']);
	}
});

test('Content-Length says how long a body is, with any method and in 1.0, too', () => {
	for (const start of [POST, 'GET / HTTP/1.1', 'DELETE / HTTP/1.1', 'POST / HTTP/1.0']) {
		const { head, body } = messageOf('server', requestOf(['Content-Length: 5'], start, 'hello'));
		assert.deepEqual([head.framing, body], [5, 'hello']);
	}
	assert.equal(messageOf('server', requestOf(['Content-Length: 0'], POST)).head.framing, 0);
	assert.equal(messageOf('server', requestOf(['Content-Length: 0005'], POST, 'hello')).head.framing, 5);
});

test('chunked in any case frames a request', () => {
	for (const value of ['chunked', 'Chunked', 'CHUNKED', '\tchunked ']) {
		const { head, body } = messageOf(
			'server',
			requestOf([`Transfer-Encoding:${value}`], POST, '3\r\nabc\r\n0\r\n\r\n'),
		);
		assert.deepEqual([head.framing, body], [CHUNKED, 'abc']);
	}
});

const lengths = [
	'',
	'-1',
	'+1',
	'1.0',
	'1e1',
	'0x1',
	'a',
	'1 1',
	'1\t1',
	'1a',
	'1,',
	',1',
	'1;q',
	'"1"',
	'\xb2',
	'\xa01',
];
const tooLong = ['9007199254740992', '99999999999999999999', '18446744073709551617'];

for (const value of [...lengths, ...tooLong]) {
	test(`Content-Length: ${JSON.stringify(value)} is refused`, () => {
		assert.equal(violationOf('server', requestOf([`Content-Length: ${value}`], POST)), 'CONTENT_LENGTH');
		assert.equal(violationOf('client', responseOf([`Content-Length: ${value}`])), 'CONTENT_LENGTH');
	});
}

test('the largest length that can be counted is accepted', () => {
	const { messages } = record('server', requestOf(['Content-Length: 9007199254740991'], POST));
	assert.equal(messages[0]?.heads[0]?.framing, Number.MAX_SAFE_INTEGER);
});

for (const lines of [['5', '5'], ['5', '6'], ['5, 5'], ['5,5'], ['5, 6']]) {
	const both = lines.map((value) => `Content-Length: ${value}`);
	test(`a request with Content-Length ${lines.join(' and ')} is refused`, () => {
		assert.equal(violationOf('server', requestOf(both, POST, 'hello')), 'CONTENT_LENGTH');
	});
}

test('equal lengths in a response are one; different ones are refused', () => {
	for (const lines of [['Content-Length: 5', 'Content-Length: 5'], ['Content-Length: 5, 5,5']]) {
		assert.equal(messageOf('client', responseOf(lines, undefined, 'hello')).head.framing, 5);
	}
	for (const lines of [['Content-Length: 5', 'Content-Length: 6'], ['Content-Length: 5, 05'], ['Content-Length: 5,']]) {
		assert.equal(violationOf('client', responseOf(lines, undefined, 'hello')), 'CONTENT_LENGTH', lines.join());
	}
});

const codings: readonly (readonly [value: string, code: string])[] = [
	['', 'TRANSFER_ENCODING'],
	['identity', 'TRANSFER_ENCODING'],
	['identity, chunked', 'TRANSFER_ENCODING'],
	['chunked, identity', 'TRANSFER_ENCODING'],
	['gzip', 'TRANSFER_ENCODING'],
	['chunked, gzip', 'TRANSFER_ENCODING'],
	['chunked, chunked', 'TRANSFER_ENCODING'],
	['chunked,', 'TRANSFER_ENCODING'],
	[',chunked', 'TRANSFER_ENCODING'],
	['chunked;q=1', 'TRANSFER_ENCODING'],
	['gzip;q=1, chunked', 'TRANSFER_ENCODING'],
	['"chunked"', 'TRANSFER_ENCODING'],
	['xchunked', 'TRANSFER_ENCODING'],
	['chunkedx', 'TRANSFER_ENCODING'],
	['chunked x', 'TRANSFER_ENCODING'],
	['\xa0chunked', 'TRANSFER_ENCODING'],
	['chun\u004bed'.replace('K', '\xea'), 'TRANSFER_ENCODING'],
	['gzip, chunked', 'UNKNOWN_CODING'],
	['GZIP , Chunked', 'UNKNOWN_CODING'],
	['deflate,compress,chunked', 'UNKNOWN_CODING'],
	['private-coding, chunked', 'UNKNOWN_CODING'],
];

for (const [value, code] of codings) {
	test(`Transfer-Encoding: ${JSON.stringify(value)} is refused both ways: ${code}`, () => {
		assert.equal(violationOf('server', requestOf([`Transfer-Encoding: ${value}`], POST)), code);
		assert.equal(violationOf('client', responseOf([`Transfer-Encoding: ${value}`])), code);
	});
}

test('several Transfer-Encoding lines are one list', () => {
	const lines = (...values: string[]): string[] => values.map((value) => `Transfer-Encoding: ${value}`);
	assert.equal(violationOf('server', requestOf(lines('gzip', 'chunked'), POST)), 'UNKNOWN_CODING');
	assert.equal(violationOf('server', requestOf(lines('chunked', 'chunked'), POST)), 'TRANSFER_ENCODING');
	assert.equal(violationOf('server', requestOf(lines('chunked', 'gzip'), POST)), 'TRANSFER_ENCODING');
	assert.equal(violationOf('server', requestOf(lines('chunked', ''), POST)), 'TRANSFER_ENCODING');
});

test('Content-Length and Transfer-Encoding together are refused both ways, in any order and even when wrong', () => {
	for (const lines of [
		['Content-Length: 5', 'Transfer-Encoding: chunked'],
		['Transfer-Encoding: chunked', 'Content-Length: 5'],
		['Transfer-Encoding: chunked', 'Content-Length: x'],
		['Transfer-Encoding: identity', 'Content-Length: 0'],
	]) {
		assert.equal(violationOf('server', requestOf(lines, POST)), 'BOTH_FRAMINGS', lines.join());
		assert.equal(violationOf('client', responseOf(lines)), 'BOTH_FRAMINGS', lines.join());
	}
});

test('Transfer-Encoding in a 1.0 message is refused both ways', () => {
	assert.equal(
		violationOf('server', requestOf(['Transfer-Encoding: chunked'], 'POST / HTTP/1.0')),
		'TRANSFER_ENCODING',
	);
	assert.equal(
		violationOf('client', responseOf(['Transfer-Encoding: chunked'], 'HTTP/1.0 200 OK')),
		'TRANSFER_ENCODING',
	);
});

test('CONNECT with body framing is refused', () => {
	const start = 'CONNECT h:443 HTTP/1.1';
	assert.equal(violationOf('server', requestOf(['Content-Length: 0'], start)), 'CONTENT_LENGTH');
	assert.equal(violationOf('server', requestOf(['Transfer-Encoding: chunked'], start)), 'TRANSFER_ENCODING');
});

test('a response with neither field lasts until the connection ends', () => {
	const { head, body } = messageOf('client', responseOf(['X: y'], undefined, 'all of it'), { end: true });
	assert.deepEqual([head.framing, body], [UNTIL_CLOSE, 'all of it']);
	assert.equal(messageOf('client', responseOf([], undefined, ''), { end: true }).body, '');
	assert.equal(record('client', responseOf([], undefined, 'x')).persistent, false);
});

test('1xx, 204 and 2xx to CONNECT have no body, whatever their fields say', () => {
	for (const lines of [['Content-Length: 5'], ['Transfer-Encoding: chunked'], []]) {
		const { head, complete } = messageOf('client', responseOf(lines, 'HTTP/1.1 204 No Content'));
		assert.deepEqual([head.framing, complete], [NONE, true]);
		const connect = messageOf('client', responseOf(lines, 'HTTP/1.1 200 OK'), { methods: ['CONNECT'] });
		assert.equal(connect.head.framing, NONE);
		const both = `${responseOf(lines, 'HTTP/1.1 102 Processing')}${responseOf(['Content-Length: 0'])}`;
		assert.deepEqual(messageOf('client', both).head.framing, 0, 'what follows a 102 is the final head');
	}
});

test('a refused CONNECT has a body like any other', () => {
	const { head, body } = messageOf('client', responseOf(['Content-Length: 2'], 'HTTP/1.1 403 No', 'no'), {
		methods: ['CONNECT'],
	});
	assert.deepEqual([head.framing, body], [2, 'no']);
});

test('HEAD and 304 have no body; their heads say which framing the body would have', () => {
	const cases: readonly (readonly [lines: string[], framing: number])[] = [
		[['Content-Length: 5'], 5],
		[['Transfer-Encoding: chunked'], CHUNKED],
		[[], NONE],
	];
	for (const [lines, framing] of cases) {
		const head = record('client', responseOf(lines, 'HTTP/1.1 200 OK', responseOf(lines)), {
			methods: ['HEAD', 'HEAD'],
		});
		assert.deepEqual(
			head.messages.map((message) => [message.heads[0]?.framing, message.complete, message.violation]),
			[
				[framing, true, null],
				[framing, true, null],
			],
		);
		assert.equal(messageOf('client', responseOf(lines, 'HTTP/1.1 304 Not Modified')).head.framing, framing);
	}
});

test('bad framing fields are refused even where no body follows', () => {
	assert.equal(violationOf('client', responseOf(['Content-Length: x']), { methods: ['HEAD'] }), 'CONTENT_LENGTH');
	assert.equal(
		violationOf('client', responseOf(['Content-Length: 1', 'Content-Length: 2'], 'HTTP/1.1 304 Not Modified')),
		'CONTENT_LENGTH',
	);
});

test('a message that ends before its framing says so is cut short', () => {
	const cases: readonly (readonly ['server' | 'client', string])[] = [
		['server', requestOf(['Content-Length: 5'], POST, 'hell')],
		['server', requestOf(['Transfer-Encoding: chunked'], POST, '5\r\nhello\r\n0\r\n')],
		['server', requestOf(['Transfer-Encoding: chunked'], POST, '5\r\nhello\r\n')],
		['server', requestOf(['Transfer-Encoding: chunked'], POST, '5\r\nhel')],
		['server', requestOf(['Transfer-Encoding: chunked'], POST, '0\r\nX: y\r\n')],
		['server', 'GET / HTTP/1.1\r\nHost: h\r\n'],
		['server', 'G'],
		['client', responseOf(['Content-Length: 5'], undefined, 'hell')],
		['client', responseOf(['Transfer-Encoding: chunked'], undefined, '0\r\n')],
		['client', 'HTTP/1.1 200 OK\r\n'],
	];
	for (const [role, input] of cases) assert.equal(violationOf(role, input, { end: true }), 'CUT_SHORT', input);
});
