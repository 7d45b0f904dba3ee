import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
	Abort,
	Disconnected,
	errorResponse,
	errorVerdict,
	HttpError,
	LintError,
	ProtocolError,
	type ProxyStatusError,
	proxyStatusErrors,
	respond,
	UpstreamError,
} from '../../src/convention/index.ts';
import { exchange } from '../../src/engine/memory/index.ts';

const answerTo = (error: unknown): ReturnType<typeof errorResponse> =>
	errorResponse(error, exchange(() => respond(204)).context);

const samples = [
	new HttpError(404),
	new ProtocolError({ side: 'remote', code: 'TARGET_TOO_LONG', status: 414 }),
	new UpstreamError('connection_refused'),
	new Disconnected(),
	new Abort(),
	new LintError(4, 'for example'),
];
const classes = [HttpError, ProtocolError, UpstreamError, Disconnected, Abort, LintError];

test('each error is an instance of its class and Error, and of no other class', () => {
	samples.forEach((error, i) => {
		assert.ok(error instanceof Error);
		classes.forEach((one, j) => assert.equal(error instanceof one, i === j, `${error.name}, ${one.name}`));
		assert.equal(error.name, classes[i]?.name);
	});
});

test('instanceof recognises errors of another copy of the package', () => {
	const foreign = Object.assign(new Error('x'), { [Symbol.for('turnabout.HttpError')]: true });
	assert.ok(foreign instanceof HttpError);
	assert.ok(!(foreign instanceof UpstreamError));
	for (const other of [null, undefined, 1, 'x', {}, new Error('x')])
		assert.ok(!((other as unknown) instanceof HttpError));
});

test('subclasses made elsewhere keep their own instanceof', () => {
	class Mine extends HttpError {}
	assert.ok(new Mine(400) instanceof Mine);
	assert.ok(new Mine(400) instanceof HttpError);
	assert.ok(!(new HttpError(400) instanceof Mine));
});

test('codes are stable', () => {
	assert.deepEqual(
		samples.map((error) => error.code),
		['HTTP_404', 'TARGET_TOO_LONG', 'UPSTREAM_CONNECTION_REFUSED', 'DISCONNECTED', 'ABORT', 'LINT_4'],
	);
});

test('causes are kept', () => {
	const cause = new Error('below');
	assert.equal(new HttpError(500, { cause }).cause, cause);
	assert.equal(new UpstreamError('dns_error', { cause }).cause, cause);
	assert.equal(new ProtocolError({ side: 'local', code: 'X', cause }).cause, cause);
	assert.equal('cause' in new HttpError(500), false);
});

test('only error statuses make an HttpError', () => {
	for (const status of [200, 302, 399, 600, 404.5]) assert.throws(() => new HttpError(status), RangeError);
});

test('the table holds every error type of RFC 9209, each with a status and a phase', () => {
	const types = Object.keys(proxyStatusErrors) as ProxyStatusError[];
	assert.equal(types.length, 32);
	for (const type of types) {
		const error = new UpstreamError(type);
		assert.equal(error.status, proxyStatusErrors[type].status);
		assert.equal(error.phase, proxyStatusErrors[type].phase);
		assert.equal(error.retryable, false);
		assert.ok(error.status >= 400 && error.status <= 504, type);
		assert.equal(type.endsWith('timeout'), error.status === 504, type);
	}
	const told = new UpstreamError('http_protocol_error', { phase: 'body', status: 500, retryable: true, details: 'd' });
	assert.deepEqual([told.phase, told.status, told.retryable, told.details], ['body', 500, true, 'd']);
});

test('each class is answered and logged as the table says', () => {
	const rows: [unknown, number | null, string | null][] = [
		[new HttpError(404), 404, null],
		[new HttpError(503), 503, 'error'],
		[new ProtocolError({ side: 'remote', code: 'X', status: 431 }), 431, 'debug'],
		[new ProtocolError({ side: 'remote', code: 'X' }), 400, 'debug'],
		[new ProtocolError({ side: 'local', code: 'X' }), 500, 'error'],
		[new UpstreamError('http_response_timeout'), 504, 'warn'],
		[new UpstreamError('destination_unavailable'), 503, 'warn'],
		[new Disconnected(), null, null],
		[new Abort(), null, null],
		[new TypeError('x'), 500, 'error'],
		['a string', 500, 'error'],
		[undefined, 500, 'error'],
	];
	for (const [error, status, level] of rows) {
		assert.deepEqual(errorVerdict(error), { status, level });
		assert.equal(answerTo(error)?.status ?? null, status);
	}
});

test('nothing but an exposed message reaches the client', async () => {
	const text = async (error: unknown): Promise<string | undefined> => answerTo(error)?.text();
	assert.equal(await text(new Error('secret')), '500 Internal Server Error\n');
	assert.equal(await text(new HttpError(500, { message: 'secret' })), '500 Internal Server Error\n');
	assert.equal(await text(new HttpError(500, { message: 'known', expose: true })), 'known\n');
	assert.equal(await text(new HttpError(400, { message: 'no such colour' })), 'no such colour\n');
	assert.equal(await text(new HttpError(400, { message: 'secret', expose: false })), '400 Bad Request\n');
	assert.equal(await text(new HttpError(404)), '404 Not Found\n');
	assert.equal(await text(new UpstreamError('dns_error', { message: 'secret' })), '502 Bad Gateway\n');
});

test('fields of an HttpError are answered, and the error keeps its own', () => {
	const error = new HttpError(401, { fields: { 'WWW-Authenticate': 'Basic realm="x"' } });
	const response = answerTo(error);
	assert.equal(response?.headers.get('www-authenticate'), 'Basic realm="x"');
	response?.headers.set('x-more', '1');
	assert.equal(error.fields.has('x-more'), false);
	const typed = new HttpError(400, { fields: { 'Content-Type': 'application/problem+json' }, message: '{}' });
	assert.deepEqual(answerTo(typed)?.fields.all('content-type'), ['application/problem+json']);
});

test('an upstream that has failed is told in Proxy-Status, by its type and nothing else', () => {
	const fields = answerTo(new UpstreamError('connection_refused', { details: 'secret' }))?.fields;
	assert.equal(fields?.get('proxy-status'), 'turnabout; error=connection_refused');
	assert.equal(answerTo(new HttpError(502))?.fields.get('proxy-status'), null);
});
