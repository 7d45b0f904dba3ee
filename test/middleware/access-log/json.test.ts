/** Lines in JSON: pino's form, ASCII alone, nothing that a client sends can break them, and no secret is in them. */
import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { type TestContext, test } from 'node:test';
import pino from 'pino';
import { Abort, type App, HttpError, respond, stack } from '../../../src/convention/index.ts';
import { ask, exchange, type MemoryRequest } from '../../../src/engine/memory/index.ts';
import { type AccessLogger, type AccessLogOptions, accessLog } from '../../../src/middleware/access-log/index.ts';
import * as keys from '../../../src/middleware/keys.ts';
import { requestId } from '../../../src/middleware/request-id/index.ts';
import { reverse } from '../../../src/proxy/index.ts';
import { listen, portOf } from '../../support/engines.ts';
import { connect } from '../../support/raw-client.ts';
import { until } from '../../support/until.ts';

type Line = Readonly<Record<string, unknown>>;

const hello: App = () => respond(200, null, 'Hello, world!');

function logging(options: AccessLogOptions = {}) {
	const texts: string[] = [];
	const log = accessLog({ format: 'json', to: (line) => void texts.push(line), ...options });
	return { log, texts, lines: () => texts.map((text) => JSON.parse(text) as Line) };
}

async function lineFor(request: MemoryRequest, app: App = hello, options: AccessLogOptions = {}): Promise<Line> {
	const { log, lines } = logging(options);
	await (await ask(log(app), request)).bytes();
	const [line, ...more] = lines();
	assert.deepEqual(more, []);
	return line as Line;
}

test('a line has the parts of pino, and what there is to say of the exchange', async () => {
	const before = Date.now();
	const { time, responseTime, ...line } = await lineFor({
		method: 'POST',
		url: 'http://example.com/page?x=1',
		remote: { kind: 'ip', host: '192.0.2.7', port: 4711 },
		fields: { Referer: 'http://a.example/', 'User-Agent': 'curl/8.0' },
		body: 'nobody reads it',
	});
	assert.deepEqual(line, {
		level: 30,
		pid: process.pid,
		hostname: hostname(),
		client: '192.0.2.7',
		method: 'POST',
		host: 'example.com',
		url: '/page?x=1',
		version: '1.1',
		referer: 'http://a.example/',
		userAgent: 'curl/8.0',
		status: 200,
		sent: 13,
		received: 0,
		msg: 'request completed',
	});
	assert.ok(Number(time) >= before - 1 && Number(time) <= Date.now() + 1);
	assert.ok(Number(responseTime) >= 0);
});

test('pino writes the same line, byte for byte', async () => {
	const { log, texts } = logging();
	await (await ask(log(hello), { fields: { 'User-Agent': 'a "quoted" \\ agent' } })).bytes();
	const ours = texts[0] as string;
	let theirs = '';
	const { level, time, pid, hostname: host, msg, ...rest } = JSON.parse(ours) as Line;
	const logger = pino(
		{ timestamp: () => `,"time":${String(time)}` },
		{ write: (text: string) => void (theirs += text) },
	);
	logger.info(rest, String(msg));
	assert.equal(`${ours}\n`, theirs);
	assert.deepEqual([level, pid, host], [30, process.pid, hostname()]);
});

test('a logger of pino is given the same as objects, by level', async () => {
	let written = '';
	const logger = pino({ base: { service: 'front' } }, { write: (text: string) => void (written += text) });
	const log = accessLog({ to: logger });
	const app = log((request) => {
		if (request.url.endsWith('/500')) throw new HttpError(500);
		if (request.url.endsWith('/drop')) throw new Abort();
		return respond(200, {}, 'fine');
	});
	for (const path of ['/ok?token=abc', '/500', '/drop'])
		await ask(app, path).then(
			(answer) => answer.bytes(),
			() => {},
		);
	const lines = written
		.split('\n')
		.slice(0, -1)
		.map((text) => JSON.parse(text) as Line);
	assert.deepEqual(
		lines.map(({ level, service, url, status, msg, cutShort }) => [level, service, url, status, msg, cutShort]),
		[
			[30, 'front', '/ok?token=***', 200, 'request completed', undefined],
			[50, 'front', '/500', 500, 'request completed', undefined],
			[40, 'front', '/drop', 499, 'request cut short', 'ABORT'],
		],
	);
	assert.equal(log.statistics().lines, 3);
});

test('the id, the client and the user are those that layers have proved, wherever they stand', async () => {
	const { log, lines } = logging();
	const app: App = (_, context) => {
		context.set(keys.client, { address: '198.51.100.1', scheme: 'https', host: null });
		context.set(keys.identity, { name: 'ann "x"', by: 'basic', claims: {} });
		return respond(200);
	};
	const answer = await ask(stack(log, requestId())(app));
	const [{ requestId: id, client, user } = {} as Line] = lines();
	assert.deepEqual([id, client, user], [answer.fields.get('x-request-id'), '198.51.100.1', 'ann "x"']);
});

test('the user is a word of the common formats, whatever it is called', async () => {
	const names: readonly [name: string, logged: string][] = [
		['ann', 'ann'],
		['ann smith', 'ann\\x20smith'],
		['a] "GET / HTTP/1.1" 200', 'a]\\x20\\x22GET\\x20/\\x20HTTP/1.1\\x22\\x20200'],
		['-', '\\x2D'],
		['', '-'],
		['é😀', '\\xE9\\xF0\\x9F\\x98\\x80'],
		['a\nb', 'a\\x0Ab'],
	];
	for (const [name, logged] of names) {
		const { log, texts } = logging({ format: 'common' });
		const app: App = (_, context) => {
			context.set(keys.identity, { name, by: 'basic', claims: {} });
			return respond(200);
		};
		await ask(log(app), { remote: { kind: 'ip', host: '192.0.2.1', port: 1 } });
		assert.match(texts[0] ?? '', /^192\.0\.2\.1 - \S+ \[[^\]]+\] "GET \/ HTTP\/1\.1" 200 0$/);
		assert.equal((texts[0] ?? '').split(' ')[2], logged);
	}
});

test('nothing that a client sends breaks a line, and every line is ASCII', async () => {
	const nasty = '","level":60,"x":"\\ \t\xe9\x80\xff{}';
	const { log, texts, lines } = logging();
	await ask(log(hello), {
		target: '/"\\\x1b[31m\x00\n\xff',
		fields: { 'User-Agent': nasty, Referer: nasty },
	});
	assert.doesNotMatch(texts[0] ?? '', /[^\x20-\x7e]/);
	const { url, userAgent, referer, level } = lines()[0] as Line;
	assert.deepEqual([url, userAgent, referer, level], ['/"\\\x1b[31m\x00\n\xff', nasty, nasty, 30]);
});

test('credentials are nowhere in a line', async () => {
	const line = await lineFor({
		target: '/?access_token=hunter2&page=2',
		fields: {
			Authorization: 'Basic hunter2',
			Cookie: 'sid=hunter2',
			'Proxy-Authorization': 'hunter2',
			Referer: 'https://a:hunter2@b/?code=hunter2',
		},
	});
	assert.doesNotMatch(JSON.stringify(line), /hunter2/);
	assert.equal(line['url'], '/?access_token=***&page=2');
});

test('further parameters are redacted by name, or whole queries', async () => {
	const target = '/?Mail=a@b&page=2&m%61il=c&token=x';
	assert.equal(
		(await lineFor({ target }, hello, { redact: ['mail'] }))['url'],
		'/?Mail=***&page=2&m%61il=***&token=***',
	);
	const line = await lineFor({ target, fields: { Referer: 'http://u:p@a/x?y#z' } }, hello, { redact: 'query' });
	assert.deepEqual([line['url'], line['referer']], ['/?***', 'http://***@a/x?***']);
});

test('fields add to a line, but replace nothing, and what fails costs no line', async () => {
	const line = await lineFor({}, hello, {
		fields: (request, context, outcome) => ({
			host: request.authority,
			tenant: 'a\n\u2028b',
			'"odd" name': 'é',
			['__proto__']: 1,
			level: 60,
			status: 0,
			msg: 'forged',
			mount: context.mount,
			double: outcome.bytes * 2,
			nothing: undefined,
			nested: { list: ['é', 1] },
		}),
	});
	const { tenant, mount, double, nested, level, status, msg } = line;
	assert.deepEqual([level, status, msg, mount, double], [30, 200, 'request completed', '', 26]);
	assert.equal(tenant, 'a\n\u2028b');
	assert.equal(line['"odd" name'], 'é');
	assert.deepEqual(nested, { list: ['é', 1] });
	assert.ok(!('nothing' in line));
	for (const fields of [
		() => {
			throw new Error('x');
		},
		() => ({ big: 1n }),
	]) {
		const { log, lines } = logging({ fields });
		await ask(log(hello));
		assert.equal(lines()[0]?.['status'], 200);
	}
});

test('a share is logged; errors and what was cut short are logged always', async () => {
	const app: App = (request) => {
		if (request.url.endsWith('/500')) throw new HttpError(503);
		if (request.url.endsWith('/drop')) throw new Abort();
		return respond(request.url.endsWith('/404') ? 404 : 200);
	};
	const paths = ['/', '/404', '/500', '/drop'];
	const logged = async (sample: NonNullable<AccessLogOptions['sample']>) => {
		const { log, lines } = logging({ sample });
		for (const path of paths) await ask(log(app), path).catch(() => {});
		return { statuses: lines().map(({ status }) => status), statistics: log.statistics() };
	};
	assert.deepEqual(await logged(0), { statuses: [503, 499], statistics: { lines: 2, dropped: 0, sampledOut: 2 } });
	assert.deepEqual((await logged(1)).statuses, [200, 404, 503, 499]);
	assert.deepEqual((await logged((_request, _context, { status }) => status === 404)).statuses, [404, 503, 499]);
	const failing = (): never => {
		throw new Error('x');
	};
	assert.deepEqual((await logged(failing)).statuses, [200, 404, 503, 499]);
	const { log, lines } = logging({ sample: 0.5 });
	const layered = log(() => respond(204));
	for (let i = 0; i < 2_000; i++) await ask(layered);
	assert.ok(lines().length > 700 && lines().length < 1_300, `${lines().length} of 2000`);
});

test('a destination that throws costs its lines alone', async () => {
	const failing = (): never => {
		throw new Error('full');
	};
	const loggers: readonly (AccessLogger | (() => never))[] = [
		failing,
		{ info: failing, warn: failing, error: failing },
	];
	for (const to of loggers) {
		const log = accessLog({ format: 'json', to });
		const one = exchange(log(hello));
		await (await one.answer).bytes();
		await one.context.finished;
		assert.deepEqual(one.context.failures, []);
		assert.deepEqual(log.statistics(), { lines: 0, dropped: 1, sampledOut: 0 });
	}
});

test('the bytes of a request are counted as far as they came', async (t) => {
	const { log, lines } = logging();
	const listener = await listen(
		t,
		log(async (request) => respond(200, {}, String((await request.text()).length))),
	);
	const client = await connect(t, portOf(listener));
	client.send('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nsome\r\n');
	setTimeout(() => client.send('5\r\nbytes\r\n0\r\n\r\n'), 20);
	assert.equal((await client.message()).body, '9');
	await client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n').message();
	const half = await connect(t, portOf(listener));
	half.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf');
	await new Promise((resolve) => setTimeout(resolve, 30));
	half.reset();
	await until(() => lines().length === 3, 'three lines');
	assert.deepEqual(
		lines().map(({ received, sent, status, cutShort, client: from }) => [received, sent, status, cutShort, from]),
		[
			[9, 1, 200, undefined, '127.0.0.1'],
			[0, 1, 200, undefined, '127.0.0.1'],
			[4, 0, 499, 'DISCONNECTED', '127.0.0.1'],
		],
	);
});

async function proxied(t: TestContext, app: App) {
	const { log, lines } = logging();
	const upstream = await listen(t, app);
	const proxy = reverse(`http://127.0.0.1:${portOf(upstream)}`, { log: () => {} });
	t.after(() => proxy.close());
	const client = await connect(t, portOf(await listen(t, log(proxy))));
	return { client, lines, upstream };
}

test('the time spent on an upstream is told apart: until its head, and until its end', async (t) => {
	const { client, lines } = await proxied(t, async () => {
		await new Promise((resolve) => setTimeout(resolve, 40));
		return respond(
			200,
			{},
			{
				length: null,
				start(sink) {
					sink.write(Buffer.from('first'));
					setTimeout(() => sink.end(), 60);
				},
				resume() {},
				cancel() {},
			},
		);
	});
	await client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n').message();
	await until(() => lines().length === 1, 'the line');
	const { upstreamHeadTime, upstreamTime, responseTime } = lines()[0] as Record<string, number>;
	assert.ok(Number(upstreamHeadTime) >= 30, `${upstreamHeadTime}`);
	assert.ok(Number(upstreamTime) >= Number(upstreamHeadTime) + 40, `${upstreamTime}`);
	assert.ok(Number(responseTime) >= Number(upstreamTime) - 1, `${responseTime}`);
});

test('a short answer of an upstream has both times, an app that asks none has neither, and one that fails has the whole', async (t) => {
	const { client, lines, upstream } = await proxied(t, hello);
	await client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n').message();
	await upstream.close();
	assert.equal((await client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n').message()).status, 502);
	const [answered, failed] = lines();
	assert.ok(Number(answered?.['upstreamTime']) >= 0 && Number(answered?.['upstreamHeadTime']) >= 0);
	assert.deepEqual([failed?.['status'], failed?.['level'], typeof failed?.['upstreamTime']], [502, 50, 'number']);
	assert.ok(!('upstreamHeadTime' in (failed as Line)));
	assert.ok(!('upstreamTime' in (await lineFor({}))));
});

test('a WebSocket through the proxy is one line at its end, with bytes both ways', async (t) => {
	const { client, lines } = await proxied(t, () =>
		respond(101, { upgrade: 'echo' }, null, {
			tunnel: ({ readable, writable }) => {
				writable.write(Buffer.from('welcome'));
				readable.start(writable);
			},
		}),
	);
	client.send('GET /chat HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n');
	await client.head();
	await client.read('welcome');
	client.send('hello');
	await client.read('hello');
	assert.deepEqual(lines(), []);
	client.finish();
	await until(() => lines().length === 1, 'the line');
	const { status, sent, received, msg, level } = lines()[0] as Line;
	assert.deepEqual([status, sent, received, msg, level], [101, 12, 5, 'tunnel closed', 30]);
});
