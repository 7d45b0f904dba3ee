import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FieldList, type FieldsInit } from '../../../src/fields/index.ts';
import {
	CHUNKED,
	type Framing,
	H1Connection,
	type H1Events,
	h1Limits,
	NONE,
	type RequestHead,
	type ResponseHead,
	stateNames,
	UNTIL_CLOSE,
} from '../../../src/protocol/h1/index.ts';
import { requestOf } from './recorder.ts';

const silent: H1Events<RequestHead | ResponseHead> = { head() {}, body() {}, complete() {}, violation() {} };
const empty = FieldList.empty();

/** A server that has read `request`. */
function server(request: string = requestOf()): H1Connection<RequestHead> {
	const codec = new H1Connection<RequestHead>('server', silent as H1Events<RequestHead>, h1Limits);
	const bytes = Buffer.from(request, 'latin1');
	codec.receive(bytes, 0, bytes.length);
	return codec;
}

function client(): H1Connection<ResponseHead> {
	return new H1Connection<ResponseHead>('client', silent as H1Events<ResponseHead>, h1Limits);
}

function answered(request: string, status: number, framing: Framing, fields: FieldsInit = {}): string {
	return server(request).responseHead(status, 'R', FieldList.of(fields), framing, '');
}

const get = requestOf();
const old = requestOf([], 'GET / HTTP/1.0');

test('a response head is the status line, the fields, what is ready-made, and the framing', () => {
	const fields = FieldList.of([
		['B', '1'],
		['a', '2'],
	]);
	assert.equal(
		server().responseHead(200, 'OK', fields, 13, 'Date: now\r\n'),
		'HTTP/1.1 200 OK\r\nB: 1\r\na: 2\r\nDate: now\r\nContent-Length: 13\r\n\r\n',
	);
	assert.equal(
		server().responseHead(404, 'Not Found', empty, CHUNKED, ''),
		'HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n',
	);
});

test('framing and connection fields in the list are replaced by those of the codec', () => {
	const lies: FieldsInit = {
		'Content-Length': '99',
		'transfer-encoding': 'chunked',
		Connection: 'close, X',
		'Keep-Alive': 'timeout=5',
		'Proxy-Connection': 'close',
		Upgrade: 'x',
		X: 'y',
	};
	assert.equal(answered(get, 200, 2, lies), 'HTTP/1.1 200 R\r\nX: y\r\nContent-Length: 2\r\n\r\n');
	const head = client().requestHead('POST', '/', FieldList.of({ Host: 'h', 'Content-Length': '99' }), CHUNKED, '');
	assert.equal(head, 'POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n');
});

const heads: readonly (readonly [what: string, request: string, status: number, framing: Framing, lines: string])[] = [
	['no framing becomes length 0 where a body could be', get, 200, NONE, 'Content-Length: 0\r\n'],
	['until close says that it closes', get, 200, UNTIL_CLOSE, 'Connection: close\r\n'],
	['204 has no framing', get, 204, 5, ''],
	['304 may say the length', get, 304, 5, 'Content-Length: 5\r\n'],
	['304 may say chunked', get, 304, CHUNKED, 'Transfer-Encoding: chunked\r\n'],
	['304 need say nothing', get, 304, NONE, ''],
	['HEAD is told the length', requestOf([], 'HEAD / HTTP/1.1'), 200, 5, 'Content-Length: 5\r\n'],
	['HEAD need be told nothing', requestOf([], 'HEAD / HTTP/1.1'), 200, NONE, ''],
	['HEAD need not close to show an end', requestOf([], 'HEAD / HTTP/1.1'), 200, UNTIL_CLOSE, ''],
	['HEAD in 1.0 is not told chunked', requestOf([], 'HEAD / HTTP/1.0'), 200, CHUNKED, 'Connection: close\r\n'],
	['a 1.0 client is told that it closes', old, 200, 2, 'Content-Length: 2\r\nConnection: close\r\n'],
	[
		'a 1.0 client that asked is told that it does not',
		requestOf(['Connection: keep-alive'], 'GET / HTTP/1.0'),
		200,
		2,
		'Content-Length: 2\r\nConnection: keep-alive\r\n',
	],
	['a client that closes is told so, too', requestOf(['Connection: close']), 204, NONE, 'Connection: close\r\n'],
	['2xx to CONNECT has no framing', requestOf([], 'CONNECT h:1 HTTP/1.1'), 200, 5, ''],
	['2xx to CONNECT in 1.0 has none either', requestOf([], 'CONNECT h:1 HTTP/1.0'), 200, NONE, ''],
	[
		'a refused CONNECT closes, because of what may be on its way',
		requestOf([], 'CONNECT h:1 HTTP/1.1'),
		403,
		0,
		'Content-Length: 0\r\nConnection: close\r\n',
	],
	['a status nobody asked for closes', '', 408, 0, 'Content-Length: 0\r\nConnection: close\r\n'],
	['so does one to a part of a head', 'GET / HT', 408, 0, 'Content-Length: 0\r\nConnection: close\r\n'],
];

for (const [what, request, status, framing, lines] of heads) {
	test(what, () => assert.equal(answered(request, status, framing), `HTTP/1.1 ${status} R\r\n${lines}\r\n`));
}

test('101 and 426 keep Upgrade and name it in Connection; others lose it', () => {
	const offer = requestOf(['Upgrade: x', 'Connection: upgrade']);
	const lines = 'Upgrade: x\r\nConnection: Upgrade\r\n';
	assert.equal(answered(offer, 101, NONE, { Upgrade: 'x' }), `HTTP/1.1 101 R\r\n${lines}\r\n`);
	assert.equal(answered(get, 426, 0, { Upgrade: 'x' }), `HTTP/1.1 426 R\r\nContent-Length: 0\r\n${lines}\r\n`);
	assert.equal(answered(offer, 200, 0, { Upgrade: 'x' }), 'HTTP/1.1 200 R\r\nContent-Length: 0\r\n\r\n');
	assert.match(
		answered(requestOf(['Connection: close']), 426, 0, { Upgrade: 'x' }),
		/Upgrade: x\r\nConnection: Upgrade, close\r\n/,
	);
});

test('a request names in Connection what concerns this connection alone', () => {
	const head = (fields: FieldsInit, close = false): string => {
		const codec = client();
		if (close) codec.close();
		return codec.requestHead('GET', '/', FieldList.of(fields), NONE, '').slice('GET / HTTP/1.1\r\n'.length, -2);
	};
	assert.equal(head({}), '');
	assert.equal(head({}, true), 'Connection: close\r\n');
	assert.equal(head({ TE: 'trailers' }), 'TE: trailers\r\nConnection: TE\r\n');
	assert.equal(head({ Upgrade: 'a, b' }), 'Upgrade: a, b\r\nConnection: Upgrade\r\n');
	assert.equal(
		head({ Upgrade: 'a', TE: 'trailers' }, true),
		'TE: trailers\r\nUpgrade: a\r\nConnection: Upgrade, TE, close\r\n',
	);
});

test('what is ready-made comes first in a request', () => {
	const head = client().requestHead('GET', '/', FieldList.of({ A: 'b' }), NONE, 'Host: h\r\n');
	assert.equal(head, 'GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n\r\n');
});

test('a reason that could not be sent is left out', () => {
	for (const reason of ['a\r\nX: y', 'a\nb', 'a\x00', 'a\x7f', 'Ā']) {
		assert.equal(server().responseHead(500, reason, empty, 0, ''), 'HTTP/1.1 500 \r\nContent-Length: 0\r\n\r\n');
	}
	assert.match(server().responseHead(500, 'sch\xf6n', empty, 0, ''), /^HTTP\/1\.1 500 sch\xf6n\r\n/);
});

test('a method or target that could not be sent is refused, and nothing has changed', () => {
	const codec = client();
	for (const [method, target] of [
		['', '/'],
		['G ET', '/'],
		['GET\r\n', '/'],
		['GET', ''],
		['GET', '/ HTTP/1.1\r\nX: y'],
		['GET', '/a b'],
		['GET', '/#f'],
		['GET', '/\x00'],
		['GET', '/\xe9'],
		['GET', '/Ā'],
	] as const) {
		assert.throws(() => codec.requestHead(method, target, empty, NONE, ''), { code: 'START_LINE' }, method + target);
	}
	assert.equal(stateNames[codec.outgoing], 'IDLE');
	assert.equal(codec.requestHead('GET', '/"<>\\^`{|}', empty, NONE, ''), 'GET /"<>\\^`{|} HTTP/1.1\r\n\r\n');
});

test('informational heads have no framing and go before the final one, but not to 1.0', () => {
	const codec = server();
	const fields = FieldList.of({ Link: '</a>', 'Content-Length': '5' });
	assert.equal(codec.informational(103, 'Early Hints', fields), 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n');
	assert.equal(codec.informational(100, 'Continue', empty), 'HTTP/1.1 100 Continue\r\n\r\n');
	for (const status of [101, 99, 200]) {
		assert.throws(() => codec.informational(status, '', empty), { code: 'STATUS' });
	}
	codec.responseHead(200, 'OK', empty, 0, '');
	assert.throws(() => codec.informational(103, '', empty), { code: 'STATE' });
	assert.equal(server(old).informational(103, 'Early Hints', fields), '');
	assert.throws(() => server('').informational(103, '', empty), { code: 'STATE' });
});

test('a chunked body is chunks, a last chunk and trailers, without those that must not be there', () => {
	const codec = server();
	codec.responseHead(200, 'OK', empty, CHUNKED, '');
	assert.equal(codec.bodyHead(26), '1a\r\n');
	assert.equal(codec.bodyTail(), '\r\n');
	assert.equal(codec.bodyHead(0) + codec.bodyTail(), '', 'an empty chunk would be the last one');
	assert.equal(codec.end(FieldList.of({ 'X-Sum': '1', 'Content-Length': '5', Cookie: 'c' })), '0\r\nX-Sum: 1\r\n\r\n');
	const plain = server();
	plain.responseHead(200, 'OK', empty, CHUNKED, '');
	assert.equal(plain.end(null), '0\r\n\r\n');
});

test('a body with a length goes out bare, and its trailers are dropped', () => {
	const codec = server();
	codec.responseHead(200, 'OK', empty, 5, '');
	assert.equal(codec.bodyHead(2) + codec.bodyTail() + codec.bodyHead(3) + codec.bodyTail(), '');
	assert.equal(codec.end(FieldList.of({ X: 'y' })), '');
	assert.equal(stateNames[codec.outgoing], 'DONE');
});

test('a body that disagrees with its length is refused, and never looks complete', () => {
	const codec = server();
	codec.responseHead(200, 'OK', empty, 5, '');
	codec.bodyHead(3);
	assert.throws(() => codec.bodyHead(3), { name: 'LocalViolation', code: 'LENGTH' });
	assert.throws(() => codec.end(null), { code: 'LENGTH' });
	assert.equal(stateNames[codec.outgoing], 'BODY');
	assert.equal(codec.reusable, false);
	codec.bodyHead(2);
	codec.end(null);
	assert.equal(codec.reusable, true);
});

test('no body goes where there must be none', () => {
	for (const [request, status, framing] of [
		[requestOf([], 'HEAD / HTTP/1.1'), 200, 5],
		[requestOf([], 'HEAD / HTTP/1.1'), 200, CHUNKED],
		[get, 204, CHUNKED],
		[get, 304, 5],
		[get, 200, NONE],
		[requestOf([], 'CONNECT h:1 HTTP/1.1'), 200, 5],
	] as const) {
		const codec = server(request);
		codec.responseHead(status, '', empty, framing, '');
		assert.throws(() => codec.bodyHead(1), { code: 'LENGTH' });
		assert.equal(codec.end(null), '', `${status} is complete without one`);
	}
});

test('framings that a message cannot have are refused', () => {
	assert.throws(() => server(old).responseHead(200, '', empty, CHUNKED, ''), { code: 'FRAMING' });
	assert.throws(() => client().requestHead('POST', '/', empty, UNTIL_CLOSE, ''), { code: 'FRAMING' });
	assert.throws(() => client().requestHead('CONNECT', 'h:1', empty, 0, ''), { code: 'FRAMING' });
	for (const framing of [-4, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
		assert.throws(() => server().responseHead(200, '', empty, framing, ''), { code: 'FRAMING' }, String(framing));
	}
});

test('statuses that a final response cannot have are refused', () => {
	for (const status of [100, 103, 199, 99, 1000, 200.5, Number.NaN]) {
		assert.throws(() => server().responseHead(status, '', empty, 0, ''), { code: 'STATUS' }, String(status));
	}
});

test('calls out of order are refused', () => {
	const codec = server();
	assert.throws(() => codec.bodyHead(1), { code: 'STATE' });
	assert.throws(() => codec.end(null), { code: 'STATE' });
	codec.responseHead(200, 'OK', empty, CHUNKED, '');
	assert.throws(() => codec.responseHead(200, 'OK', empty, 0, ''), { code: 'STATE' });
	codec.bodyHead(1);
	assert.throws(() => codec.bodyHead(1), { code: 'STATE' }, 'a chunk in a chunk');
	assert.throws(() => codec.end(null), { code: 'STATE' }, 'the end in a chunk');
	codec.bodyTail();
	codec.end(null);
	assert.throws(() => codec.end(null), { code: 'STATE' });
	assert.throws(() => codec.bodyHead(1), { code: 'STATE' });
	assert.throws(() => codec.requestHead('GET', '/', empty, NONE, ''), { code: 'STATE' });
	assert.throws(() => client().responseHead(200, '', empty, 0, ''), { code: 'STATE' });
	assert.throws(() => client().informational(103, '', empty), { code: 'STATE' });
});
