/** curl, as people use it, against an app behind `reverse`: engine, proxy, client and engine again. */
import assert from 'node:assert/strict';
import { execFile, spawn, spawnSync } from 'node:child_process';
import { type TestContext, test } from 'node:test';
import { type App, raw, respond } from '../../src/convention/index.ts';
import { reverse } from '../../src/proxy/reverse/index.ts';
import { listen, portOf } from '../support/engines.ts';
import { wireApps } from '../support/wire-apps.ts';

const present = spawnSync('curl', ['--version']).status === 0;
const skip = present ? false : 'curl is not on this machine';

const app: App = async (request, context) => {
	const { target, fields } = raw(request);
	if (target === '/fields') return respond(200, {}, [...fields].map(([name, value]) => `${name}: ${value}`).join('\n'));
	if (target === '/large') return respond(200, {}, Buffer.alloc(3_000_000, 'x'));
	return (wireApps[target.slice(1)] as App)(request, context);
};

async function front(t: TestContext): Promise<string> {
	const origin = await listen(t, app);
	const proxy = reverse(origin.url);
	t.after(() => proxy.close());
	return `http://127.0.0.1:${portOf(await listen(t, proxy))}`;
}

interface Said {
	readonly out: string;
	/** With `-v`: the dialogue. */
	readonly log: string;
}

function curl(args: readonly string[], input = ''): Promise<Said> {
	return new Promise((resolve, reject) => {
		const child = execFile(
			'curl',
			['-sS', '--max-time', '10', '--noproxy', '*', ...args],
			{ encoding: 'latin1', maxBuffer: 8e6 },
			(error, out, log) => (error === null ? resolve({ out, log }) : reject(new Error(`${error.message}\n${log}`))),
		);
		child.stdin?.end(input);
	});
}

test('curl: keep-alive', { skip }, async (t) => {
	const url = await front(t);
	const { out, log } = await curl(['-v', `${url}/hello`, `${url}/hello`]);
	assert.equal(out, 'hellohello');
	assert.match(log, /Re-using existing connection/);
});

test('curl: POST that expects 100', { skip }, async (t) => {
	const url = await front(t);
	const { out, log } = await curl([
		'-v',
		'-H',
		'Expect: 100-continue',
		'--expect100-timeout',
		'8',
		'-d',
		'some=form',
		`${url}/collect`,
	]);
	assert.equal(out, 'some=form');
	assert.equal(log.match(/< HTTP\/1\.1 100 Continue/g)?.length, 1);
});

test('curl: POST that expects 100 and is refused', { skip }, async (t) => {
	const url = await front(t);
	const { out, log } = await curl([
		'-v',
		'-H',
		'Expect: 100-continue',
		'--expect100-timeout',
		'8',
		'-d',
		'some=form',
		`${url}/refuse`,
	]);
	assert.equal(out, 'refused');
	assert.doesNotMatch(log, /100 Continue/);
});

test('curl: upload from a pipe, in chunks', { skip }, async (t) => {
	const url = await front(t);
	const body = 'line of text\n'.repeat(20_000);
	const { out, log } = await curl(['-v', '-T', '-', `${url}/collect`], body);
	assert.match(log, /> Transfer-Encoding: chunked/i);
	assert.ok(out === body);
});

test('curl: HEAD', { skip }, async (t) => {
	const url = await front(t);
	const { out } = await curl(['-I', `${url}/hello`]);
	assert.match(out, /^HTTP\/1\.1 200 OK\r\n/);
	assert.match(out, /content-length: 5\r\n/i);
	assert.match(out, /\r\n\r\n$/);
});

test('curl: HTTP/1.0', { skip }, async (t) => {
	const url = await front(t);
	const { out } = await curl(['--http1.0', '-i', `${url}/trailers`]);
	assert.match(out, /\r\n\r\none two three$/);
	assert.doesNotMatch(out, /transfer-encoding/i);
});

test('curl: trailers', { skip }, async (t) => {
	const url = await front(t);
	const { out } = await curl(['-D', '-', '-H', 'TE: trailers', '-H', 'Connection: TE', `${url}/trailers`]);
	assert.match(out, /one two three/);
	assert.match(out, /X-Sum: 42/i);
});

test('curl: early hints', { skip }, async (t) => {
	const url = await front(t);
	const { out, log } = await curl(['-v', `${url}/inform`]);
	assert.equal(out, 'informed');
	assert.match(log, /< HTTP\/1\.1 103 Early Hints/);
});

test('curl: a large body, whole', { skip }, async (t) => {
	const url = await front(t);
	const { out } = await curl([`${url}/large`]);
	assert.equal(out.length, 3_000_000);
});

test('curl: a body cut short is an error', { skip }, async (t) => {
	const url = await front(t);
	await assert.rejects(curl([`${url}/failing`]), /transfer closed|Recv failure|reset/i);
});

test('curl: compressed content is left to the client', { skip }, async (t) => {
	const url = await front(t);
	const { out } = await curl(['--compressed', `${url}/fields`]);
	assert.match(out, /accept-encoding: .*gzip/i);
	assert.match(out, /via: 1\.1 turnabout/i);
	assert.match(out, /x-forwarded-for: 127\.0\.0\.1/i);
});

test('curl: through CONNECT, refused by a gateway', { skip }, async (t) => {
	const url = await front(t);
	const child = spawn(
		'curl',
		['-sS', '--max-time', '5', '--noproxy', '', '--proxytunnel', '-x', url, 'http://a.invalid/'],
		{ stdio: 'ignore' },
	);
	const status = await new Promise((resolve) => child.on('exit', resolve));
	assert.notEqual(status, 0);
});
