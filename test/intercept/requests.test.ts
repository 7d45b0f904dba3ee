/** What is in an intercepted tunnel: requests of HTTP/1.1 and HTTP/2, exchanges as any other. */
import assert from 'node:assert/strict';
import { connect as connectHttp2 } from 'node:http2';
import { test } from 'node:test';
import type { Sink, Source } from '../../src/bytes/index.ts';
import { deadline, key, raw, respond } from '../../src/convention/index.ts';
import { pause, until } from '../support/until.ts';
import { all, asked, secured, standing, tells, tunnel } from './standing.ts';

const GET = 'GET /a/../b?c HTTP/1.1\r\nHost: api.example\r\nConnection: close\r\n\r\n';

test('a request inside is an exchange like any other, of the client that is outside', async (t) => {
	const stand = await standing(t, tells);
	const tls = await secured(t, stand, 'api.example:443');
	const answer = await asked(tls, GET);
	assert.match(answer, /^HTTP\/1\.1 200 /);
	assert.deepEqual(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)), {
		method: 'GET',
		target: '/a/../b?c',
		authority: 'api.example',
		scheme: 'https',
		version: '1.1',
		to: { scheme: 'https', host: 'api.example', port: 443, authority: 'api.example', intercepted: true },
		where: '/a/../b?c',
		remote: '127.0.0.1',
		sni: 'api.example',
		alpn: null,
		protocol: '1.1',
	});
});

test('HTTP/2 is spoken with those who can', async (t) => {
	const stand = await standing(t, tells);
	const tls = await secured(t, stand, 'api.example:8443', { ALPNProtocols: ['h2', 'http/1.1'] });
	assert.equal(tls.alpnProtocol, 'h2');
	const session = connectHttp2('https://api.example:8443', { createConnection: () => tls });
	t.after(() => session.destroy());
	const ask = (path: string): Promise<Record<string, unknown>> =>
		new Promise((resolve, reject) => {
			let text = '';
			session
				.request({ ':path': path })
				.setEncoding('utf8')
				.on('data', (chunk: string) => {
					text += chunk;
				})
				.on('end', () => resolve(JSON.parse(text)))
				.on('error', reject);
		});
	const [one, two] = await Promise.all([ask('/one'), ask('/two')]);
	assert.deepEqual(
		[one?.['target'], two?.['target'], one?.['version'], one?.['alpn'], one?.['remote']],
		['/one', '/two', '2', 'h2', '127.0.0.1'],
	);
	assert.deepEqual(one?.['to'], {
		scheme: 'https',
		host: 'api.example',
		port: 8443,
		authority: 'api.example:8443',
		intercepted: true,
	});
});

test('what is known of the CONNECT is known inside, and what is set inside stays there', async (t) => {
	const who = key<string>('who');
	const own = key<string>('own');
	const seen: unknown[] = [];
	const stand = await standing(
		t,
		(_request, context) => {
			seen.push(context.get(who), context.has(own));
			assert.deepEqual(
				[context.get(deadline), context.has(deadline)],
				[undefined, false],
				'the deadline is the CONNECT’s',
			);
			context.set(who, 'somebody else');
			context.set(own, 'mine');
			seen.push(context.get(who));
			return respond(204);
		},
		{},
		null,
		{},
		(context) => {
			context.set(who, 'Ada');
			context.set(deadline, performance.now() + 1);
		},
	);
	const tls = await secured(t, stand, 'api.example:443');
	const one = 'GET / HTTP/1.1\r\nHost: api.example\r\n\r\n';
	await asked(tls, one + GET);
	assert.deepEqual(seen, ['Ada', false, 'somebody else', 'Ada', false, 'somebody else']);
});

test('bodies go both ways, and a slow reader makes the app wait', async (t) => {
	let pulled = 0;
	const stand = await standing(t, async (request) => {
		if (raw(request).method === 'POST') return respond(200, null, await request.text());
		return respond(
			200,
			null,
			flood(32 * 1024 * 1024, (bytes) => {
				pulled += bytes;
			}),
		);
	});
	const tls = await secured(t, stand, 'api.example:443');
	const body = 'x'.repeat(300_000);
	const posted = await asked(
		tls,
		`POST / HTTP/1.1\r\nHost: api.example\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
	);
	assert.ok(posted.endsWith(body.slice(0, 1_000)));
	assert.ok(posted.length > body.length);
	const slow = await secured(t, stand, 'api.example:443');
	slow.pause();
	slow.write(GET);
	await settled(() => pulled);
	assert.ok(pulled < 24 * 1024 * 1024, `${pulled} bytes were made that nobody reads`);
	let received = 0;
	for await (const chunk of slow) received += (chunk as Uint8Array).length;
	assert.ok(received > 32 * 1024 * 1024);
});

/** As many bytes as that, told as they are made. */
function flood(size: number, made: (bytes: number) => void): Source {
	let left = size;
	let to: Sink | null = null;
	const resume = (): void => {
		while (left > 0) {
			left -= 65_536;
			made(65_536);
			if (to?.write(new Uint8Array(65_536)) !== true) return;
		}
		to?.end();
		to = null;
	};
	return {
		length: null,
		start: (sink) => {
			to = sink;
			resume();
		},
		resume,
		cancel: () => {
			left = 0;
		},
	};
}

/** Waits until a number has stopped growing. */
async function settled(value: () => number): Promise<void> {
	let last = -1;
	while (last !== value() || last === 0) {
		last = value();
		await pause(100);
	}
}

test('a client that leaves is noticed inside, and a response that breaks off is cut for the client', async (t) => {
	const reasons: unknown[] = [];
	const stand = await standing(t, (request, context) => {
		if (raw(request).target === '/breaks') {
			return respond(
				200,
				{ 'Content-Length': '1000' },
				{
					length: 1000,
					start(sink) {
						sink.write(new Uint8Array(10));
						setTimeout(() => sink.fail(new Error('the source broke')), 20);
					},
					resume() {},
					cancel() {},
				},
			);
		}
		return new Promise<Response>(() => context.onClosed({ exchangeClosed: (reason) => reasons.push(reason) }));
	});
	const leaving = await secured(t, stand, 'api.example:443');
	leaving.write(GET);
	await pause(50);
	leaving.destroy();
	await until(() => reasons.length === 1, 'the app is told that the client has left');
	const cut = await secured(t, stand, 'api.example:443');
	const text = await asked(cut, 'GET /breaks HTTP/1.1\r\nHost: api.example\r\n\r\n');
	assert.match(text, /^HTTP\/1\.1 200 /);
	assert.ok(text.length < 500);
	await until(() => stand.interceptor.statistics().open === 0, 'nothing is open');
});

test('WebSockets are tunnels inside of the tunnel', async (t) => {
	const stand = await standing(t, (_request, context) => {
		assert.deepEqual([...context.offers], ['websocket']);
		return respond(101, { Upgrade: 'websocket', Connection: 'Upgrade' }, null, {
			tunnel: (inner) =>
				inner.readable.start({
					write: (chunk) => inner.writable.write(Uint8Array.from(chunk, (byte) => byte ^ 1)),
					end: () => inner.writable.end(),
					fail: () => {},
				}),
		});
	});
	const tls = await secured(t, stand, 'api.example:443');
	tls.write(
		'GET /ws HTTP/1.1\r\nHost: api.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\nabc',
	);
	const text = all(tls);
	await pause(50);
	tls.end('de');
	assert.match(await text, /^HTTP\/1\.1 101 [\s\S]*\r\n\r\n`cbed$/);
});

test('a tunnel without TLS is read as HTTP', async (t) => {
	const stand = await standing(t, tells);
	const plain = await tunnel(t, stand.port, 'api.example:8080');
	const answer = await asked(plain, 'GET /p HTTP/1.1\r\nHost: api.example:8080\r\nConnection: close\r\n\r\n');
	const told = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)) as Record<string, unknown>;
	assert.deepEqual([told['scheme'], told['remote'], told['target']], ['http', '127.0.0.1', '/p']);
	assert.deepEqual(told['to'], {
		scheme: 'http',
		host: 'api.example',
		port: 8080,
		authority: 'api.example:8080',
		intercepted: true,
	});
	const garbage = await tunnel(t, stand.port, 'api.example:8080');
	assert.match(await asked(garbage, 'SSH-2.0-OpenSSH\r\n\r\n'), /^HTTP\/1\.1 400 /);
	const big = await tunnel(t, stand.port, 'api.example:8080');
	const body = 'x'.repeat(3_000_000);
	const posted = await asked(
		big,
		`POST / HTTP/1.1\r\nHost: api.example:8080\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
	);
	assert.match(posted, /^HTTP\/1\.1 200 /);
	for (const client of [plain, garbage, big]) client.end();
	await until(() => stand.interceptor.statistics().open === 0, 'nothing is open');
});

test('without TLS, too, a slow reader makes the app wait, and one who leaves is noticed', async (t) => {
	let pulled = 0;
	const reasons: unknown[] = [];
	const stand = await standing(t, (request, context) => {
		if (raw(request).target === '/waits')
			return new Promise<Response>(() => context.onClosed({ exchangeClosed: (reason) => reasons.push(reason) }));
		const made = (bytes: number): void => {
			pulled += bytes;
		};
		return respond(200, null, flood(32 * 1024 * 1024, made));
	});
	const slow = await tunnel(t, stand.port, 'api.example:80');
	slow.pause();
	slow.write(GET);
	await settled(() => pulled);
	assert.ok(pulled < 24 * 1024 * 1024, `${pulled} bytes were made that nobody reads`);
	let received = 0;
	for await (const chunk of slow) received += (chunk as Uint8Array).length;
	assert.ok(received > 32 * 1024 * 1024);
	const leaving = await tunnel(t, stand.port, 'api.example:80');
	leaving.write('GET /waits HTTP/1.1\r\nHost: api.example\r\n\r\n');
	await pause(50);
	leaving.resetAndDestroy();
	await until(() => reasons.length === 1, 'the app is told that the client has left');
	await until(() => stand.interceptor.statistics().open === 0, 'nothing is open');
});

test('a client that ends its half behind a request is answered, with TLS and without', async (t) => {
	const stand = await standing(t, async () => {
		await pause(30);
		return respond(200, null, 'late');
	});
	const tls = await secured(t, stand, 'api.example:443');
	const one = all(tls);
	tls.end(GET);
	assert.match(await one, /late$/);
	const plain = await tunnel(t, stand.port, 'api.example:80');
	const two = all(plain);
	plain.end(GET);
	assert.match(await two, /late$/);
});
