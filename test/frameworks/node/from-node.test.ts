/** What any app written for node's http server is given, and what becomes of what it does. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import { fromIterable } from '../../../src/bytes/index.ts';
import { type App, derive, HttpError, lint, mount, rawResponse, respond } from '../../../src/convention/index.ts';
import { ask, exchange } from '../../../src/engine/memory/index.ts';
import { fromNode, type NodeHandler } from '../../../src/frameworks/node/index.ts';
import { listen, portOf } from '../../support/engines.ts';
import { connect } from '../../support/raw-client.ts';
import type { RawPeer } from '../../support/raw-peer.ts';
import { until } from '../../support/until.ts';

const app = (handler: NodeHandler): App => lint(fromNode(handler));

async function peerOf(t: TestContext, handler: NodeHandler): Promise<RawPeer> {
	return connect(t, portOf(await listen(t, app(handler), { log: () => {} })));
}

test('a response keeps order, case and duplicates of its fields', async () => {
	const answer = await ask(
		app((_, response) => {
			response.setHeader('X-Odd-CASE', '1');
			response.setHeader('Set-Cookie', ['a=1', 'b=2']);
			response.appendHeader('x-dup', 'one');
			response.appendHeader('x-dup', 'two');
			response.statusMessage = 'Fine';
			response.end('hello');
		}),
	);
	assert.deepEqual([...answer.fields].map(String), [
		'X-Odd-CASE,1',
		'Set-Cookie,a=1',
		'Set-Cookie,b=2',
		'x-dup,one',
		'x-dup,two',
	]);
	assert.equal(answer.reason, 'Fine');
	assert.equal(await answer.text(), 'hello');
});

for (const [form, fields] of [
	['a record', { 'X-A': ['1', '2'], 'X-B': 3 }],
	['a flat list', ['X-A', '1', 'X-A', '2', 'X-B', '3']],
	[
		'pairs',
		[
			['X-A', '1'],
			['X-A', '2'],
			['X-B', '3'],
		],
	],
] as const) {
	test(`writeHead takes fields as ${form}`, async () => {
		const answer = await ask(app((_, response) => void response.writeHead(201, fields as never).end()));
		assert.equal(answer.status, 201);
		assert.deepEqual([...answer.fields].map(String), ['X-A,1', 'X-A,2', 'X-B,3']);
	});
}

test('a request is what node would make of it', async () => {
	let seen: IncomingMessage | null = null;
	await ask(
		app((request, response) => {
			seen = request;
			response.end();
		}),
		{
			url: 'http://example.com/a?b',
			fields: ['Host', 'example.com', 'Cookie', 'a=1', 'cookie', 'b=2', 'X-Case', 'Kept'],
			remote: { kind: 'ip', host: '192.0.2.1', port: 1234 },
		},
	);
	const { method, url, headers, rawHeaders, httpVersion, socket } = seen as unknown as IncomingMessage;
	assert.deepEqual([method, url, httpVersion], ['GET', '/a?b', '1.1']);
	assert.equal(headers.cookie, 'a=1; b=2');
	assert.deepEqual(rawHeaders.slice(-2), ['X-Case', 'Kept']);
	assert.deepEqual([socket.remoteAddress, socket.remotePort, socket.remoteFamily], ['192.0.2.1', 1234, 'IPv4']);
	assert.equal((socket as { encrypted?: boolean }).encrypted, false);
});

test('that a body of unknown length is there is told by a field, where no field came', async () => {
	const seen: (string | undefined)[] = [];
	const telling = fromNode(({ headers }, response) => {
		seen.push(headers['transfer-encoding'], headers['content-length']);
		response.end();
	});
	// As over HTTP/2: the body is there, and nothing is said of it.
	const bare: App = (request, context) => telling(derive(request, { fields: [] }), context);
	await ask(bare, { body: fromIterable(['one', 'two']) });
	await ask(bare);
	await ask(telling, { body: 'three' });
	assert.deepEqual(seen, ['chunked', undefined, undefined, undefined, undefined, '5']);
});

test('that the client claims https in its target makes no connection secure', async () => {
	const handler: NodeHandler = (request, response) =>
		response.end(String((request.socket as { encrypted?: boolean }).encrypted));
	const claimed = await ask(app(handler), {
		target: 'https://example.com/',
		authority: 'example.com',
		scheme: 'https',
	});
	assert.equal(await claimed.text(), 'false');
	const derived = await ask(app(handler), { url: 'https://example.com/' });
	assert.equal(await derived.text(), 'true');
});

test('below a mount url is relative, and originalUrl and baseUrl tell the rest', async () => {
	const inner = fromNode((request, response) => {
		const { url, originalUrl, baseUrl } = request as IncomingMessage & { originalUrl: string; baseUrl: string };
		response.end(JSON.stringify([url, originalUrl, baseUrl]));
	});
	const answer = await ask(lint(mount('/cms', inner)(() => respond(404))), '/cms/page?x=1');
	assert.deepEqual(await answer.json(), ['/page?x=1', '/cms/page?x=1', '/cms']);
});

test('a large body streams through both ways, over sockets', async (t) => {
	const listener = await listen(
		t,
		app((request, response) => void request.pipe(response)),
	);
	const body = Buffer.alloc(5_000_000, 'abcdefg');
	const answer = await fetch(listener.url, { method: 'POST', body });
	assert.ok(Buffer.from(await answer.arrayBuffer()).equals(body));
});

test('a writer is held back while nobody reads, and goes on', async () => {
	let written = 0;
	const one = exchange(
		app((_, response) => {
			const more = (): void => {
				while (written < 100) {
					written++;
					if (!response.write(Buffer.alloc(16_384))) return void response.once('drain', more);
				}
				response.end();
			};
			more();
		}),
	);
	const answer = await one.answer;
	await new Promise(setImmediate);
	assert.ok(written < 30, `${written} pieces were written`);
	assert.equal((await answer.bytes()).length, 100 * 16_384);
});

test('a request body waits while it is not read', async () => {
	let given = 0;
	const pieces = (function* () {
		for (; given < 100; given++) yield Buffer.alloc(16_384);
	})();
	let incoming: IncomingMessage | null = null;
	const one = exchange(
		app((request, response) => {
			incoming = request;
			request.once('readable', () => response.write('seen'));
			request.on('end', () => response.end());
		}),
		{ method: 'POST', body: fromIterable(pieces) },
	);
	const answer = await one.answer;
	assert.ok(given < 30, `${given} pieces were taken`);
	(incoming as unknown as IncomingMessage).resume();
	assert.equal(await answer.text(), 'seen');
	assert.equal(given, 100);
});

test('informational responses come before the head', async () => {
	const { informational } = await ask(
		app((_, response) => {
			response.writeProcessing();
			response.writeEarlyHints({ link: '</style.css>; rel=preload' });
			response.end();
		}),
	);
	assert.deepEqual(
		informational.map(({ status, fields }) => [status, fields.get('link')]),
		[
			[102, null],
			[103, '</style.css>; rel=preload'],
		],
	);
});

test('trailers go both ways', async () => {
	const answer = await ask(
		app((request, response) => {
			request.resume().on('end', () => {
				response.write('body');
				response.addTrailers({ 'X-Back': String(request.trailers['x-there']) });
				response.end();
			});
		}),
		{ method: 'POST', body: fromIterable(['piece']), trailers: { 'X-There': 'yes' } },
	);
	assert.equal(await answer.text(), 'body');
	assert.equal((await answer.trailers)?.get('x-back'), 'yes');
});

test('HEAD, 204 and 304 carry no body, whatever is written', async () => {
	const handler: NodeHandler = (request, response) => {
		response.statusCode = Number(request.url?.slice(1));
		response.write('what');
		response.end('ever');
	};
	for (const [method, status] of [
		['HEAD', 200],
		['GET', 204],
		['GET', 304],
	] as const) {
		const answer = await ask(app(handler), { method, target: `/${status}` });
		assert.equal(answer.status, status);
		assert.equal(await answer.text(), '');
	}
});

test('events come in the order of node: prefinish, finish, close', async () => {
	const events: string[] = [];
	const one = exchange(
		app((request, response) => {
			for (const name of ['prefinish', 'finish', 'close']) response.on(name, () => events.push(name));
			for (const name of ['end', 'close']) request.on(name, () => events.push(`request ${name}`));
			response.end('x', () => events.push('callback'));
		}),
	);
	await (await one.answer).text();
	await until(() => events.includes('close') && events.includes('request close'), 'close');
	assert.equal(events[0], 'prefinish');
	assert.ok(events.indexOf('finish') < events.indexOf('close'));
	assert.ok(events.includes('request end'));
});

test('a client that leaves aborts the request and closes the response, without finish', async (t) => {
	const events: string[] = [];
	let kept: [IncomingMessage, ServerResponse] | null = null;
	const peer = await peerOf(t, (request, response) => {
		kept = [request, response];
		for (const name of ['aborted', 'close']) request.on(name, () => events.push(`request ${name}`));
		for (const name of ['finish', 'close']) response.on(name, () => events.push(name));
		response.write('beginning');
	});
	peer.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
	await peer.read('beginning');
	peer.reset();
	await until(() => events.includes('close') && events.includes('request close'), 'close');
	const [request, response] = kept as unknown as [IncomingMessage, ServerResponse];
	assert.ok(events.includes('request aborted') && !events.includes('finish'), events.join());
	assert.ok(request.destroyed && response.destroyed);
});

test('destroying the response drops the exchange: before the head and after it', async (t) => {
	for (const begin of [false, true]) {
		const peer = await peerOf(t, (_, response) => {
			if (begin) response.write('beginning', () => setImmediate(() => response.destroy()));
			else response.destroy();
		});
		peer.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
		if (begin) await peer.read('beginning');
		await peer.closed();
		assert.doesNotMatch(peer.received, /\r\n0\r\n/);
		assert.equal(peer.received === '', !begin);
	}
});

test('what a handler throws or rejects with is the exchange’s error', async () => {
	const thrown = new HttpError(418);
	for (const handler of [
		() => {
			throw thrown;
		},
		async () => {
			await new Promise(setImmediate);
			throw thrown;
		},
	]) {
		const answer = await ask(app(handler));
		assert.equal(answer.status, 418);
		assert.equal(answer.error, thrown);
	}
});

test('a failure behind the head cuts the response short', async () => {
	const answer = await ask(
		app(async (_, response) => {
			response.write('beginning');
			await new Promise(setImmediate);
			throw new Error('half way');
		}),
	);
	await assert.rejects(answer.text(), /half way/);
});

test('a write after the end harms nobody', async (t) => {
	const peer = await peerOf(t, (request, response) => {
		response.end('done');
		if (request.url === '/late') response.write('more');
		response.end('again');
	});
	for (const path of ['/late', '/next']) {
		peer.send(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
		assert.equal((await peer.message()).body, 'done');
	}
});

test('a false Content-Length costs its own exchange only', async (t) => {
	const listener = await listen(
		t,
		app((request, response) => {
			response.setHeader('Content-Length', request.url === '/whole' ? 10 : 3);
			if (request.url === '/stream') response.write('ab', () => response.end('cd'));
			else response.end('abc');
		}),
		{ log: () => {} },
	);
	assert.equal((await fetch(`${listener.url}/whole`)).status, 500);
	await assert.rejects(fetch(`${listener.url}/stream`).then((answer) => answer.text()));
	assert.equal(await (await fetch(`${listener.url}/right`)).text(), 'abc');
});

test('an app that hangs is told when the exchange is over, and can no longer write', async () => {
	let response: ServerResponse | null = null;
	const one = exchange(app((_, outgoing) => void (response = outgoing)));
	const closed = once(response as unknown as ServerResponse, 'close');
	one.abort();
	await closed;
	await assert.rejects(one.answer);
	assert.equal((response as unknown as ServerResponse).write('late'), false);
});

test('outer middleware sees the answer and may replace it', async () => {
	const inner = fromNode((_, response) => void response.end('inner'));
	const outer: App = async (request, context) => {
		const response = rawResponse(await inner(request, context, context));
		return respond(200, { 'X-Inner': String(response.status) }, `outer ${await response.text()}`);
	};
	const answer = await ask(lint(outer));
	assert.equal(await answer.text(), 'outer inner');
});

test('bad options are refused with their name and the reason', () => {
	assert.throws(() => fromNode({} as never), /handler is neither a function/);
	assert.throws(
		() => fromNode(() => {}, { highWaterMark: 0 }),
		/fromNode: highWaterMark must be a whole number from 1/,
	);
	assert.throws(() => fromNode(() => {}, { water: 1 } as never), /there is no option water/);
});
