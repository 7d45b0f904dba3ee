/** One request and its answer over a real socket: what goes out, what comes back, and what a broken answer becomes. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { bytesSource, fromIterable } from '../../../src/bytes/index.ts';
import { type App, derive, mount, raw, respond } from '../../../src/convention/index.ts';
import { ask, exchange } from '../../../src/engine/memory/index.ts';
import { end, record, stderr, stdout } from '../../protocol/fastcgi/recorder.ts';
import { listen, portOf } from '../../support/engines.ts';
import { connect } from '../../support/raw-client.ts';
import { pause, until } from '../../support/until.ts';
import { bodyOf, errorOf } from '../asking.ts';
import { app, page, records, responder } from './responder.ts';

const root = `${import.meta.dirname}/scripts`;
const remote = { kind: 'ip', host: '192.0.2.7', port: 4711 } as const;
const local = { kind: 'ip', host: '192.0.2.1', port: 8080 } as const;

test('the variables, as nginx and Caddy set them', async (t) => {
	const php = await responder(t, () => page('fine'));
	await ask(app(t, php), {
		...{ method: 'POST', target: '/info.php/a%20b?x=%20y&z', authority: 'example.com:8080', remote, local },
		fields: {
			'Content-Type': 'text/plain',
			'X-One': '1',
			Proxy: 'evil',
			X_Real_IP: '6.6.6.6',
			'X!': 'odd',
			TE: 'trailers',
		},
		body: 'four',
	});
	const { params, body, keep } = php.asked[0] ?? assert.fail();
	assert.equal(body, 'four');
	assert.equal(keep, true);
	assert.deepEqual(params, {
		GATEWAY_INTERFACE: 'CGI/1.1',
		SERVER_SOFTWARE: 'turnabout',
		REDIRECT_STATUS: '200',
		DOCUMENT_ROOT: root,
		SCRIPT_FILENAME: `${root}/info.php`,
		SCRIPT_NAME: '/info.php',
		DOCUMENT_URI: '/info.php/a b',
		PATH_INFO: '/a b',
		PATH_TRANSLATED: `${root}/a b`,
		REQUEST_URI: '/info.php/a%20b?x=%20y&z',
		QUERY_STRING: 'x=%20y&z',
		REQUEST_METHOD: 'POST',
		REQUEST_SCHEME: 'http',
		SERVER_PROTOCOL: 'HTTP/1.1',
		CONTENT_TYPE: 'text/plain',
		CONTENT_LENGTH: '4',
		SERVER_NAME: 'example.com',
		SERVER_PORT: '8080',
		SERVER_ADDR: '192.0.2.1',
		REMOTE_ADDR: '192.0.2.7',
		REMOTE_PORT: '4711',
		HTTP_HOST: 'example.com:8080',
		HTTP_X_ONE: '1',
	});
});

test('under a mount: SCRIPT_NAME and REQUEST_URI have it, the file has not; https says so; lines of one name are joined', async (t) => {
	const php = await responder(t, () => page('fine'));
	const mounted = mount('/blog', app(t, php))(() => respond(404));
	await ask(mounted, {
		target: '/blog/info.php?a',
		scheme: 'https',
		fields: [
			['Cookie', 'a=1'],
			['cookie', 'b=2'],
			['X-A', '1'],
			['x-a', '2'],
		],
	});
	const { params } = php.asked[0] ?? assert.fail();
	assert.equal(params.SCRIPT_NAME, '/blog/info.php');
	assert.equal(params.REQUEST_URI, '/blog/info.php?a');
	assert.equal(params.SCRIPT_FILENAME, `${root}/info.php`);
	assert.equal(params.HTTPS, 'on');
	assert.equal(params.SERVER_PORT, '443');
	assert.equal(params.HTTP_COOKIE, 'a=1; b=2');
	assert.equal(params.HTTP_X_A, '1, 2');
	const folder = await ask(mounted, '/blog/sub?q');
	assert.deepEqual([folder.status, folder.fields.get('location')], [308, '/blog/sub/?q']);
	const twice = await ask(app(t, php), '//sub');
	assert.equal(twice.fields.get('location'), '/sub/', 'which names no other host');
});

test('an absolute-form target is its path and query', async (t) => {
	const php = await responder(t, () => page('fine'));
	await ask(app(t, php), { target: 'http://example.com/info.php?q', form: 'absolute', authority: 'example.com' });
	assert.equal(php.asked[0]?.params.REQUEST_URI, '/info.php?q');
});

test('variables of the operator stand in place of ours, and of the client’s', async (t) => {
	const php = await responder(t, () => page('fine'));
	await ask(app(t, php, { env: { SERVER_NAME: 'mine', HTTP_X_ROLE: 'none', GREETING: 'ä' } }), {
		fields: { 'X-Role': 'admin' },
	});
	const { params } = php.asked[0] ?? assert.fail();
	assert.deepEqual([params.SERVER_NAME, params.HTTP_X_ROLE, params.GREETING], ['mine', 'none', '\xc3\xa4']);
	await ask(app(t, php, { env: (request) => ({ REMOTE_ADDR: '203.0.113.9', ASKED: request.target }) }), '/info.php');
	assert.equal(php.asked[1]?.params.REMOTE_ADDR, '203.0.113.9');
	assert.equal(php.asked[1]?.params.ASKED, '/info.php');
	const broken = await ask(
		app(t, php, {
			env: () => {
				throw new Error('no');
			},
		}),
		'/',
	);
	assert.equal(broken.status, 500);
});

test('what is no script: 404, or whoever answers otherwise; what is refused: 400', async (t) => {
	const php = await responder(t, () => page('fine'));
	const strict = app(t, php, { front: false });
	for (const path of ['/photo.jpg', '/none', '/photo.jpg/x.php', '/none.php/x'])
		assert.equal((await ask(strict, path)).status, 404);
	for (const path of ['/a/%2e%2e/b', '/a%00.php', '/%'])
		assert.equal((await ask(strict, { target: path, form: 'origin' })).status, 400);
	assert.equal((await ask(strict, { method: 'OPTIONS', target: '*' })).status, 404);
	const both = app(t, php, { otherwise: (request) => respond(200, {}, `file ${raw(request).target}`) });
	assert.equal(await (await ask(both, '/photo.jpg?1')).text(), 'file /photo.jpg?1');
	assert.equal(php.asked.length, 0);
});

test('a small answer has its length; status, reason and fields as the script says', async (t) => {
	const php = await responder(t, () => stdout('Status: 418 Short\nSet-Cookie: a\nSet-Cookie: b\n\nstout') + end());
	const answer = await ask(app(t, php), '/');
	assert.deepEqual([answer.status, answer.reason, answer.fields.all('set-cookie')], [418, 'Short', ['a', 'b']]);
	assert.equal(await answer.text(), 'stout');
});

test('HEAD, 204 and 304 have no body, and leave the connection for the next', async (t) => {
	let head = 'Content-Length: 9\n\n';
	const php = await responder(t, () => stdout(`${head}unwanted!`) + end());
	const one = app(t, php);
	const told = await ask(one, { method: 'HEAD' });
	assert.deepEqual([told.status, told.fields.get('content-length'), await told.text()], [200, '9', '']);
	for (const status of [204, 304]) {
		head = `Status: ${status}\n\n`;
		const answer = await ask(one, '/');
		assert.deepEqual([answer.status, await answer.text()], [status, '']);
	}
	assert.equal(one.statistics().dialled, 1);
});

test('a local redirect is answered as if it had been asked for; one that never ends is not', async (t) => {
	const php = await responder(t, ({ params }) => {
		if (params.SCRIPT_NAME === '/info.php')
			return page(`${params.REQUEST_METHOD} ${params.QUERY_STRING} ${params.CONTENT_LENGTH}`);
		if (params.QUERY_STRING === 'away') return stdout('Location: https://example.com/\n\n') + end();
		return stdout(`Location: ${params.QUERY_STRING === 'loop' ? '/?loop' : '/info.php?there'}\n\n`) + end();
	});
	const one = app(t, php);
	assert.equal(await (await ask(one, { method: 'POST', body: 'text' })).text(), 'GET there ');
	const away = await ask(one, '/?away');
	assert.deepEqual([away.status, away.fields.get('location')], [302, 'https://example.com/']);
	assert.equal(errorOf(await ask(one, '/?loop')).type, 'http_protocol_error');
	const mounted = mount('/m', one)(() => respond(404));
	const outside = await ask(mounted, '/m/');
	assert.deepEqual(
		[outside.status, outside.fields.get('location')],
		[302, '/info.php?there'],
		'which is not ours to answer',
	);
});

const failures: [what: string, bytes: string, type: string, status: number][] = [
	['no head', end(), 'http_response_incomplete', 502],
	['a head that smuggles', stdout('A: b\rX: y\n\n') + end(), 'http_protocol_error', 502],
	['an overloaded application', end(2), 'connection_limit_reached', 503],
	['an application in another role', end(3), 'http_protocol_error', 502],
	['another protocol', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'http_protocol_error', 502],
	[
		'a head without end',
		stdout(`A: ${'x'.repeat(65_000)}`) + stdout('x'.repeat(1_000)),
		'http_response_header_section_size',
		502,
	],
	['a record of another request', record(6, '\n', 0, 9), 'http_protocol_error', 502],
];

for (const [what, bytes, type, status] of failures) {
	test(`${what}: ${type}, ${status}, and the connection is dropped`, async (t) => {
		const php = await responder(t, () => bytes);
		const one = app(t, php);
		const answer = await ask(one, '/');
		assert.equal(errorOf(answer).type, type);
		assert.equal(answer.status, status);
		await (await php.server.peer()).closed();
		await until(() => one.statistics().connections === 0, 'no connection');
	});
}

test('an answer that is cut short never looks complete', async (t) => {
	const php = await responder(t, (_asked, peer) => void peer.send(stdout('\nhalf')).finish());
	assert.equal(await bodyOf(await ask(app(t, php), '/')), '!http_response_incomplete');
	const listener = await listen(t, app(t, php), { log: () => {} });
	const client = await connect(t, portOf(listener));
	client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
	await client.closed();
	assert.ok(!client.received.endsWith('0\r\n\r\n'), client.received);
});

test('output of any size arrives as it was sent, whoever is slow', async (t) => {
	const piece = 'x'.repeat(65_000);
	const php = await responder(
		t,
		() =>
			stdout('\n') + Array.from({ length: 60 }, (_none, index) => stdout(`${index} ${piece}`, index)).join('') + end(),
	);
	const answer = await ask(app(t, php), { window: 1_000 });
	assert.equal(await answer.text(), Array.from({ length: 60 }, (_none, index) => `${index} ${piece}`).join(''));
});

/** The same app, told that its bodies have that length. */
const knowing =
	(one: App, length: number): App =>
	(request, context) =>
		one(derive(raw(request), { payload: withLength(raw(request).payload, length) }), context);

test('a body of any length arrives with its length, whole or streamed', async (t) => {
	const php = await responder(t, ({ body, params }) => page(`${params.CONTENT_LENGTH} ${body.length}`));
	const big = Array.from({ length: 40 }, () => new Uint8Array(70_000));
	const one = app(t, php, { requestBody: { memory: 100 } });
	const streaming = app(t, php, { requestBody: { whole: false } });
	for (const known of [knowing(one, 2_800_000), knowing(streaming, 2_800_000)])
		assert.equal(await (await ask(known, { method: 'PUT', body: fromIterable(big) })).text(), '2800000 2800000');
	assert.equal(await (await ask(one, { method: 'PUT', body: fromIterable(big) })).text(), '2800000 2800000');
	assert.equal(await (await ask(one, { method: 'PUT', body: fromIterable(['a', 'b']) })).text(), '2 2');
	assert.equal(await (await ask(one, { method: 'PUT', body: fromIterable([]) })).text(), '0 0');
});

function withLength(source: ReturnType<typeof fromIterable> | null, length: number): ReturnType<typeof fromIterable> {
	if (source === null) throw new Error('No body');
	return {
		length,
		start: (sink) => source.start(sink),
		resume: () => source.resume(),
		cancel: (reason) => source.cancel(reason),
	};
}

test('a body that is not as long as it was said to be is an error, and no application is asked', async (t) => {
	const php = await responder(t, () => page('fine'));
	for (const length of [7, 9]) {
		const answer = await ask(knowing(app(t, php), length), { method: 'POST', body: fromIterable(['1234', '5678']) });
		assert.equal(errorOf(answer).type, 'http_request_error', String(length));
	}
	assert.equal(php.asked.length, 0);
});

test('a body that is cut short reaches no application; one that is streamed is aborted and never ended', async (t) => {
	for (const whole of [true, false]) {
		const php = await responder(t, () => page('fine'));
		const listener = await listen(t, app(t, php, { requestBody: { whole } }), { log: () => {} });
		for (const framing of ['Content-Length: 100', 'Transfer-Encoding: chunked']) {
			const client = await connect(t, portOf(listener));
			client.send(`POST / HTTP/1.1\r\nHost: a\r\n${framing}\r\n\r\n4\r\nhalf\r\n`);
			const streamed = !whole && framing.startsWith('Content');
			const peer = streamed ? await php.server.peer() : null;
			await peer?.read('half');
			await until(() => listener.statistics().active === 1, 'the request under way');
			client.finish();
			await until(() => listener.statistics().active === 0, 'the exchange over');
			await peer?.closed();
			if (peer !== null)
				assert.deepEqual(
					records(peer.received)
						.slice(-2)
						.map(({ type }) => type),
					[5, 2],
				);
		}
		assert.equal(php.asked.length, 0, 'no request was complete');
		assert.equal(php.server.peers.length, whole ? 0 : 1);
	}
});

test('the file of a long body is gone when it was sent, refused or given up', async (t) => {
	const folder = mkdtempSync(join(tmpdir(), 'turnabout-bodies-'));
	t.after(() => rmSync(folder, { recursive: true, force: true }));
	let during: string[] = [];
	const php = await responder(t, ({ body }) => page(`${body.length}`));
	const one = app(t, php, { requestBody: { memory: 10, most: 100, folder } });
	const body = async function* (pieces: number) {
		for (let i = 0; i < pieces; i++) {
			yield 'x'.repeat(20);
			await pause(1);
			during = readdirSync(folder);
		}
	};
	assert.equal(await (await ask(one, { method: 'POST', body: body(4) })).text(), '80');
	assert.equal(during.length, 1, 'a file, while it was being measured');
	await until(() => readdirSync(folder).length === 0, 'no file');
	assert.equal((await ask(one, { method: 'POST', body: body(9) })).status, 413);
	await until(() => readdirSync(folder).length === 0, 'no file');
	const left = exchange(one, { method: 'POST', body: body(1_000) });
	await until(() => readdirSync(folder).length === 1, 'a file');
	left.abort();
	await until(() => readdirSync(folder).length === 0, 'no file');
});

test('411 where no unknown length is taken, 413 beyond the limit; the application is not asked', async (t) => {
	const php = await responder(t, () => page('fine'));
	const body = () => fromIterable(['1234', '5678']);
	const folder = `${import.meta.dirname}/none`;
	const streaming = app(t, php, { requestBody: { whole: false, most: 0 } });
	assert.equal((await ask(streaming, { method: 'POST', body: body() })).status, 411);
	assert.equal((await ask(app(t, php, { requestBody: { most: 7 } }), { method: 'POST', body: body() })).status, 413);
	assert.equal(
		(await ask(app(t, php, { requestBody: { memory: 1, folder } }), { method: 'POST', body: body() })).status,
		500,
	);
	assert.equal(
		(await ask(knowing(app(t, php, { requestBody: { most: 7 } }), 8), { method: 'POST', body: body() })).status,
		413,
	);
	assert.equal((await ask(app(t, php, { requestBody: { most: 8 } }), { method: 'POST', body: body() })).status, 200);
	assert.equal(php.asked.length, 1);
});

test('what scripts say on standard error is logged by lines, and only so many a second', async (t) => {
	const lines: string[] = [];
	const php = await responder(t, () => stderr('PHP Warn') + stderr('ing: \x1b[1mx\nsecond') + page('fine'));
	const one = app(t, php, { log: ({ message, request }) => lines.push(`${message} [${request}]`) });
	await ask(one, '/?secret=1');
	assert.deepEqual(lines, ['PHP Warning: ?[1mx [GET /]', 'second [GET /]']);
	for (let i = 0; i < 20; i++) await ask(one, '/');
	assert.ok(lines.length < 42, 'not all of them');
	const failing = app(t, php, {
		log: () => {
			throw new Error('full');
		},
	});
	assert.equal((await ask(failing, '/')).status, 200);
});

test('more than its Content-Length: the rest is dropped, and the log says so', async (t) => {
	const lines: string[] = [];
	const php = await responder(t, () => stdout('Content-Length: 4\n\nfour and more') + end());
	const answer = await ask(app(t, php, { log: ({ message }) => lines.push(message) }), '/');
	assert.equal(await answer.text(), 'four');
	assert.match(lines.join(), /longer than its Content-Length/);
});

test('what is written behind the end of an answer takes nothing from it, and costs its connection', async (t) => {
	const php = await responder(t, () => page('whole') + stdout('and more'));
	const one = app(t, php);
	for (let i = 0; i < 3; i++) assert.equal(await (await ask(one, '/')).text(), 'whole');
	const { dialled, failed } = one.statistics();
	assert.deepEqual({ dialled, failed }, { dialled: 3, failed: 0 });
});

test('a body complete in memory goes out in one piece with its variables', async (t) => {
	const php = await responder(t, ({ body }) => page(`${body.length}`));
	const one = app(t, php);
	const whole: App = (request, context) =>
		one(derive(raw(request), { payload: bytesSource('x'.repeat(70_000)) }), context);
	assert.equal(await (await ask(whole, { method: 'POST', body: 'x' })).text(), '70000');
});
