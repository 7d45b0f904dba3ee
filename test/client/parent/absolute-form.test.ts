/** Plain http origins asked for at a parent in absolute form. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseParent, publicAddresses, upstream, viaParent } from '../../../src/client/index.ts';
import { ask, type MemoryRequest } from '../../../src/engine/memory/index.ts';
import { authority, server } from '../../support/certificates.ts';
import { ok, origin as originOf } from '../../support/raw-server.ts';
import { errorOf, to, told } from '../asking.ts';
import { absoluteParent, httpParent, socksParent } from './parents.ts';

const at = (url: string, more: MemoryRequest = {}): MemoryRequest => ({ url, ...more });

test('the target in absolute form, Host the same, credentials with it, on one connection', async (t) => {
	const parent = await absoluteParent(t);
	const url = `http://ada:secret@127.0.0.1:${parent.port}`;
	const app = to(t, 'http://origin.example:8080', { parent: url });
	for (const path of ['/a?b=c', '/%2e%2e//x'])
		assert.equal(
			await told(app, at(`http://origin.example:8080${path}`, { target: path })),
			`GET http://origin.example:8080${path} HTTP/1.1|Host: origin.example:8080|Proxy-Authorization: Basic ${btoa('ada:secret')}`,
		);
	assert.equal(parent.peers.length, 1);
	assert.equal(app.statistics().connections, 1);
});

test('what a client sent as Proxy-Authorization was for somebody else; its own request stays as it was', async (t) => {
	const parent = await absoluteParent(t);
	const request = at('http://origin.example/', { fields: { 'Proxy-Authorization': 'Basic eDp5' } });
	const without = to(t, 'http://origin.example', { parent: `http://127.0.0.1:${parent.port}` });
	assert.doesNotMatch(await told(without, request), /proxy-authorization/i);
	const seen: string[] = [];
	const app = to(t, 'http://origin.example', { parent: `http://a:b@127.0.0.1:${parent.port}` });
	await ask(async (given, context) => {
		const answer = await app(given, context);
		seen.push(given.headers.get('proxy-authorization') ?? '');
		return answer;
	}, request);
	assert.deepEqual(seen, ['Basic eDp5']);
});

test('OPTIONS for the server as a whole has no path', async (t) => {
	const parent = await absoluteParent(t);
	const app = to(t, 'http://origin.example', { parent: `http://127.0.0.1:${parent.port}` });
	const answer = await told(app, { method: 'OPTIONS', target: '*', authority: 'origin.example' });
	assert.match(answer, /^OPTIONS http:\/\/origin\.example HTTP\/1\.1\|/);
});

test('an https parent is spoken to under TLS', async (t) => {
	const parent = await absoluteParent(t, { tls: server });
	const through = parseParent(`https://localhost:${parent.port}`, { tls: { ca: authority } });
	assert.match(
		await told(to(t, 'http://origin.example', { parent: through }), at('http://origin.example/')),
		/^GET http:/,
	);
});

test('what absolute form cannot say goes by CONNECT: an upgrade, a Host of its own, another target', async (t) => {
	const origin = await originOf(t, (request) => ok(`${request.startLine} ${request.get('host')}`));
	const parent = await httpParent(t);
	const app = to(t, `http://origin.example:${origin.port}`, { parent: `http://a:b@127.0.0.1:${parent.port}` });
	const here = `origin.example:${origin.port}`;
	const asked: MemoryRequest[] = [
		{ authority: here, target: '/u', fields: { Upgrade: 'websocket', Connection: 'upgrade' } },
		{ authority: 'other.example', target: '/h' },
		{ authority: here, target: 'http://other.example/' },
	];
	const answers: string[] = [];
	for (const request of asked) answers.push(await told(app, request));
	assert.deepEqual(answers, [
		`GET /u HTTP/1.1 ${here}`,
		'GET /h HTTP/1.1 other.example',
		`GET http://other.example/ HTTP/1.1 ${here}`,
	]);
	assert.equal(parent.asked.length, 1);
	assert.match(parent.asked[0] as string, new RegExp(`^CONNECT ${here} `));
	assert.equal(app.statistics().requests, 3);
});

test('a 407 of the parent is ours: the client sees none', async (t) => {
	const parent = await originOf(
		t,
		() => 'HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm="p"\r\nContent-Length: 2\r\n\r\nno',
	);
	const app = to(t, 'http://origin.example', { parent: `http://ada:hush@127.0.0.1:${parent.port}` });
	const answer = await ask(app, at('http://origin.example/'));
	assert.equal(errorOf(answer).type, 'proxy_configuration_error');
	assert.match(errorOf(answer).message, /does not take our user and password$/);
	assert.doesNotMatch(String(errorOf(answer).stack), /hush/);
});

test('a guard refuses literal addresses before the parent hears of them', async (t) => {
	const parent = await absoluteParent(t);
	const options = { parent: `http://127.0.0.1:${parent.port}`, guard: publicAddresses() };
	for (const host of [
		'127.0.0.1',
		'[::1]',
		'[::ffff:10.0.0.1]',
		'169.254.169.254',
		'localhost',
		'0x7f.1',
		'2130706433',
	])
		assert.equal(
			await told(to(t, `http://${host}`, options), at(`http://${host}/`)),
			'!destination_ip_prohibited',
			host,
		);
	assert.equal(parent.requests.length, 0);
	assert.match(await told(to(t, 'http://8.8.8.8', options), at('http://8.8.8.8/')), /^GET http:\/\/8\.8\.8\.8\//);
});

test('one app for all origins, on the same connections', async (t) => {
	const parent = await absoluteParent(t);
	const app = viaParent(`http://127.0.0.1:${parent.port}`, { guard: publicAddresses() });
	t.after(() => app.close());
	for (const host of ['one.example', 'two.example:81'])
		assert.match(
			await told(app, at(`http://${host}/x`)),
			new RegExp(`^GET http://${host}/x HTTP/1.1\\|Host: ${host}$`),
		);
	const absolute = { authority: 'liar.example', target: 'http://three.example/y?z' };
	assert.match(await told(app, absolute), /^GET http:\/\/three\.example\/y\?z HTTP\/1\.1\|Host: three\.example$/);
	assert.equal(parent.peers.length, 1);
	for (const target of ['http://127.0.0.1:80/', 'http://[::1]/', 'HTTP://0x7f000001?x'])
		assert.equal(await told(app, { target, form: 'absolute' }), '!destination_ip_prohibited', target);
	for (const target of ['http://u@a.example/', 'https://a.example/', 'http:///x'])
		assert.equal(await told(app, { target, form: 'absolute' }), '!http_request_error', target);
	assert.equal(parent.requests.length, 3);
});

test('a parent that is not asked in absolute form is no upstream by itself', async (t) => {
	const socks = await socksParent(t);
	assert.throws(() => viaParent(`socks5://127.0.0.1:${socks.port}`), /not asked in absolute form/);
	for (const options of [{ tunnel: true }, { names: 'here' }] as const)
		assert.throws(() => viaParent(parseParent('http://p', options)), /use upstream/);
});

test('a unix socket is reached through nobody', () => {
	assert.throws(() => upstream('unix:/run/x', { parent: 'http://p' }), /parent: unix:\/run\/x is not reached/);
});
