/** The access log: one line for every exchange, which anybody can read and nobody can forge. */
import assert from 'node:assert/strict';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Abort, type App, HttpError, respond } from '../../../src/convention/index.ts';
import { ask, exchange, type MemoryRequest } from '../../../src/engine/memory/index.ts';
import { type AccessLog, accessLog } from '../../../src/middleware/access-log/index.ts';
import { clientAddress } from '../../../src/middleware/client-address/index.ts';
import { listen, portOf } from '../../support/engines.ts';
import { connect } from '../../support/raw-client.ts';
import { pause, until } from '../../support/until.ts';

function fileOf(t: TestContext): string {
	const folder = mkdtempSync(join(tmpdir(), 'turnabout-'));
	t.after(() => rmSync(folder, { recursive: true }));
	return join(folder, 'access.log');
}

interface Logging {
	readonly log: AccessLog;
	readonly file: string;
	/** The lines so far. */
	lines(): string[];
}

function logging(t: TestContext, file = fileOf(t)): Logging {
	const log = accessLog({ to: file });
	t.after(() => log.close());
	const lines = () => {
		log.flush();
		return readFileSync(file, 'latin1').split('\n').slice(0, -1);
	};
	return { log, file, lines };
}

const hello: App = () => respond(200, null, 'Hello, world!');

const LINE =
	/^(\S+) - - \[(\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000)\] "((?:[^"\\]|\\x[0-9A-F]{2})*)" (\d{3}) (\d+) "((?:[^"\\]|\\x[0-9A-F]{2})*)" "((?:[^"\\]|\\x[0-9A-F]{2})*)" (\d+\.\d)(?: received=(\d+))?( cut-short)?$/;

/** The parts of a line, which must be one. */
function parts(line: string | undefined) {
	const match = LINE.exec(line ?? '');
	assert.ok(match !== null, `not a line: ${JSON.stringify(line)}`);
	const [, from, time, request, status, bytes, referer, agent, took, received, cut] = match;
	return { from, time, request, status, bytes, referer, agent, took, received, cut: cut !== undefined };
}

async function lineFor(t: TestContext, request: MemoryRequest, app: App = hello) {
	const { log, lines } = logging(t);
	const answer = await ask(log(app), request);
	await answer.bytes();
	const all = lines();
	assert.equal(all.length, 1);
	return parts(all[0]);
}

test('a line says who, when, what, with what outcome, from where, by what, and how long', async (t) => {
	const before = Math.floor(Date.now() / 1000) * 1000;
	const { time, took, ...rest } = await lineFor(t, {
		target: '/page?x=1',
		remote: { kind: 'ip', host: '192.0.2.7', port: 4711 },
		fields: { Referer: 'http://a.example/', 'User-Agent': 'curl/8.0' },
	});
	assert.deepEqual(rest, {
		from: '192.0.2.7',
		request: 'GET /page?x=1 HTTP/1.1',
		status: '200',
		bytes: '13',
		referer: 'http://a.example/',
		agent: 'curl/8.0',
		received: undefined,
		cut: false,
	});
	const [day, ...clock] = (time as string).split(':');
	const at = Date.parse(`${day?.replaceAll('/', ' ')} ${clock.join(':')}`);
	assert.ok(at >= before && at <= Date.now(), `${time} is now`);
	assert.ok(Number(took) >= 0);
});

test('what is not known is a dash', async (t) => {
	const { from, referer, agent } = await lineFor(t, { remote: { kind: 'memory' } });
	assert.deepEqual([from, referer, agent], ['-', '-', '-']);
});

test('a client by a unix socket is unix:, in every format, with clientAddress around or without', async (t) => {
	const remote = { kind: 'unix', path: '/run/x' } as const;
	assert.equal((await lineFor(t, { remote })).from, 'unix:');
	const trusting = (app: App) => clientAddress({ trust: ['loopback'], field: 'Forwarded' })(app) as App;
	const { log, lines } = logging(t);
	const lined: string[] = [];
	const json = accessLog({ format: 'json', to: (line) => lined.push(line) });
	await (await ask(trusting(json(log(hello))), { remote })).bytes();
	assert.equal(parts(lines()[0]).from, 'unix:');
	assert.equal((JSON.parse(lined[0] as string) as { client: unknown }).client, 'unix:');
});

const secrets: [given: string, logged: string][] = [
	['/?token=abc', '/?token=***'],
	['/?a=1&access_token=abc&b=2', '/?a=1&access_token=***&b=2'],
	['/?a=1;PASSWORD=abc', '/?a=1;PASSWORD=***'],
	['/?api_key=abc&apikey=def&api-key=ghi', '/?api_key=***&apikey=***&api-key=***'],
	['/?X-Amz-Signature=abc', '/?X-Amz-Signature=***'],
	['/?session=&code=abc', '/?session=***&code=***'],
	['/?client_secret=a=b', '/?client_secret=***'],
	['/?x?token=abc', '/?x?token=***'],
	['/token=abc', '/token=abc'],
	['/?page=token', '/?page=token'],
	['/?token', '/?token'],
	['/?%74oken=abc', '/?%74oken=***'],
	['/?a%3D=abc', '/?a%3D=abc'],
];

for (const [given, logged] of secrets) {
	test(`secrets are left out: ${given} is logged as ${logged}`, async (t) => {
		const { request, referer } = await lineFor(t, { target: given, fields: { Referer: `http://a.example${given}#f` } });
		assert.equal(request, `GET ${logged} HTTP/1.1`);
		assert.equal(referer, `http://a.example${logged}#f`);
	});
}

test('a password before a host is left out', async (t) => {
	const { referer } = await lineFor(t, { fields: { Referer: 'https://user:secret@a.example/x@y' } });
	assert.equal(referer, 'https://***@a.example/x@y');
});

test('credentials in fields are nowhere in a line', async (t) => {
	const { log, lines } = logging(t);
	await ask(log(hello), {
		fields: { Authorization: 'Basic c2VjcmV0', Cookie: 'sid=secret', 'Proxy-Authorization': 'x-secret' },
	});
	assert.doesNotMatch(lines().join(), /secret|c2VjcmV0/);
});

test('nothing that a client sends can end a line or a part of it', async (t) => {
	const nasty = 'a"b\\c\td\xe9" 200 "';
	const { agent, referer, request, status } = await lineFor(t, {
		target: '/"\\\x1b[31m\xff',
		fields: { 'User-Agent': nasty, Referer: nasty },
	});
	const escaped = 'a\\x22b\\x5Cc\\x09d\\xE9\\x22 200 \\x22';
	assert.equal(request, 'GET /\\x22\\x5C\\x1B[31m\\xFF HTTP/1.1');
	assert.deepEqual([agent, referer, status], [escaped, escaped, '200']);
});

test('references made to take long do not take long', async (t) => {
	const { log, lines } = logging(t);
	const began = process.cpuUsage();
	for (const piece of ['?code', '&token', 'auth', '?', '&', '?token=', 'session']) {
		const value = `http://a.example/?${piece.repeat(Math.floor(60_000 / piece.length))}`;
		await ask(log(hello), { target: '/', fields: { Referer: value } });
	}
	const { user } = process.cpuUsage(began);
	assert.equal(lines().length, 7);
	assert.ok(user < 3_000_000, `${user / 1000} ms of processor time`);
});

test('errors that the engine answers for the app are logged with their status', async (t) => {
	const { log, lines } = logging(t);
	const failing = (error: unknown): App =>
		log(() => {
			throw error;
		});
	await ask(failing(new HttpError(418)), '/');
	await ask(failing(new Error('x')), '/');
	await ask(failing(new Abort()), '/').catch(() => {});
	const [teapot, broken, dropped] = lines().map(parts);
	assert.deepEqual([teapot?.status, broken?.status], ['418', '500']);
	assert.deepEqual([dropped?.status, dropped?.cut], ['499', true], 'nobody was answered');
});

test('a client that leaves before its answer is a line with 499', async (t) => {
	const { log, lines } = logging(t);
	const one = exchange(
		log(() => new Promise<Response>(() => {})),
		'/slow',
	);
	one.abort();
	const { status, bytes, cut } = parts(lines()[0]);
	assert.deepEqual({ status, bytes, cut }, { status: '499', bytes: '0', cut: true });
});

test('an answer that is cut short says so, and how far it came', async (t) => {
	const { log, lines } = logging(t);
	const payload = {
		length: 100,
		start(sink: { write(chunk: Uint8Array): boolean; fail(reason: Error): void }) {
			sink.write(Buffer.from('half'));
			sink.fail(new Error('broke'));
		},
		resume() {},
		cancel() {},
	};
	const listener = await listen(
		t,
		log(() => respond(200, null, payload)),
		{ log: () => {} },
	);
	const client = (await connect(t, portOf(listener))).send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
	await client.closed();
	await until(() => lines().length === 1, 'the line');
	const { status, bytes, cut, from } = parts(lines()[0]);
	assert.deepEqual({ status, bytes, cut, from }, { status: '200', bytes: '4', cut: true, from: '127.0.0.1' });
});

test('a tunnel is one line, when it is over, with what went to the client and came from it', async (t) => {
	const { log, lines } = logging(t);
	const app: App = () =>
		respond(101, { upgrade: 'echo' }, null, {
			tunnel(stream) {
				stream.readable.start({
					write: (chunk) => stream.writable.write(Buffer.from(`${Buffer.from(chunk).toString().toUpperCase()}!`)),
					end: () => stream.writable.end(),
					fail() {},
				});
			},
		});
	const listener = await listen(t, log(app));
	const client = await connect(t, portOf(listener));
	client.send('GET /chat HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n');
	await client.head();
	client.send('hello');
	await client.read('HELLO!');
	assert.equal(log.statistics().lines, 0, 'not before it is over');
	client.finish();
	await client.closed();
	await until(() => lines().length === 1, 'the line');
	const { status, bytes, received, request, from, cut } = parts(lines()[0]);
	assert.deepEqual(
		{ status, bytes, received, request, from, cut },
		{ status: '101', bytes: '6', received: '5', request: 'GET /chat HTTP/1.1', from: '127.0.0.1', cut: false },
	);
});

test('every request of a connection has its line, in order', async (t) => {
	const { log, lines } = logging(t);
	const listener = await listen(t, log(hello));
	const client = await connect(t, portOf(listener));
	client.send([1, 2, 3].map((n) => `GET /${n} HTTP/1.1\r\nHost: a\r\n\r\n`).join(''));
	for (let n = 1; n <= 3; n++) await client.message();
	assert.deepEqual(
		lines().map((line) => parts(line).request),
		['GET /1 HTTP/1.1', 'GET /2 HTTP/1.1', 'GET /3 HTTP/1.1'],
	);
});

test('HEAD has no bytes', async (t) => {
	const { log, lines } = logging(t);
	const listener = await listen(t, log(hello));
	await (await connect(t, portOf(listener))).send('HEAD / HTTP/1.1\r\nHost: a\r\n\r\n').message('HEAD');
	assert.equal(parts(lines()[0]).bytes, '0');
});

test('lines wait a little for others, not for ever', async (t) => {
	const { log, file } = logging(t);
	for (let i = 0; i < 3; i++) await ask(log(hello), '/');
	assert.equal(readFileSync(file, 'utf8'), '');
	await until(() => readFileSync(file, 'utf8').split('\n').length === 4, 'three lines');
});

test('many lines do not wait', async (t) => {
	const { log, file } = logging(t);
	const target = `/${'x'.repeat(2_000)}`;
	for (let i = 0; i < 60; i++) await ask(log(hello), target);
	assert.ok(readFileSync(file, 'utf8').length > 60_000);
});

test('a file is appended to', async (t) => {
	const file = fileOf(t);
	writeFileSync(file, 'before\n');
	const { log, lines } = logging(t, file);
	await ask(log(hello), '/');
	assert.equal(lines()[0], 'before');
	assert.equal(lines().length, 2);
});

test('a file that cannot be opened is said when the server starts, with the option, and when it is checked', () => {
	const to = join(tmpdir(), 'no', 'such', 'folder', 'log');
	const log = accessLog({ to });
	for (const attempt of [log.start, log.check]) {
		assert.throws(attempt, { code: 'ENOENT', message: /^accessLog: to: ".*folder.log" cannot be opened: ENOENT/ });
	}
	assert.throws(accessLog({ to: tmpdir() }).check, { code: 'EISDIR', message: /^accessLog: to: .*it is a folder/ });
});

test('a file is made by the start or the first line, and by nothing else', async (t) => {
	const to = join(mkdtempSync(join(tmpdir(), 'turnabout-')), 'access.log');
	t.after(() => rmSync(dirname(to), { recursive: true }));
	const log = accessLog({ to });
	const app = log(hello);
	log.check();
	log.flush();
	log.close();
	assert.equal(existsSync(to), false);
	log.start();
	assert.equal(existsSync(to), true);
	log.check();
	log.close();
	rmSync(to);
	const other = accessLog({ to });
	await ask(other(hello), '/');
	assert.equal(existsSync(to), true);
	other.close();
	assert.match(readFileSync(to, 'utf8'), /GET \/ HTTP/);
	assert.equal(typeof app, 'function');
});

test('close writes what waits; what ends later writes nowhere, least of all into a file opened since', async (t) => {
	const { log, file } = logging(t);
	await ask(log(hello), '/early');
	const late = exchange(
		log(() => new Promise<Response>(() => {})),
		'/late',
	);
	log.close();
	assert.match(readFileSync(file, 'utf8'), /GET \/early/);
	// The system gives the lowest free number, which is that of the log's file.
	const other = fileOf(t);
	const descriptor = openSync(other, 'a');
	t.after(() => closeSync(descriptor));
	late.abort();
	log.flush();
	await pause(250);
	assert.equal(readFileSync(other, 'utf8'), '');
	assert.doesNotMatch(readFileSync(file, 'utf8'), /late/);
	log.close();
});
