/** RFC 9110 section 7.7 and RFC 9112 section 3.2: targets go on byte for byte, and Host says what the target said. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exchange, get, plainGateway } from '../support/gateway.ts';

for (const target of [
	'/',
	'//',
	'/a/../b//c%2F?x=%zz',
	'/%',
	'/?',
	'/??&&==',
	'/a;b=c/./d',
	'/|"<>\\^`{}[]',
	'/%e4%bd%a0',
	'/a?b=http://c/../d',
	"/'()*!$&,;=:@~",
]) {
	test(`goes on byte for byte: ${target}`, async (t) => {
		const g = await plainGateway(t);
		const { seen } = await exchange(g, get(target));
		assert.equal(seen?.target, target);
	});
}

test('Host can be the upstream', async (t) => {
	const g = await plainGateway(t, { reverse: { host: 'upstream' } });
	const { seen } = await exchange(g, get('/'));
	assert.deepEqual(seen?.all('host'), [`127.0.0.1:${g.origin.port}`]);
});

test('Host is kept by default', async (t) => {
	const g = await plainGateway(t);
	const { seen } = await exchange(g, 'GET / HTTP/1.1\r\nhOST: Front.Example:81\r\n\r\n');
	assert.deepEqual(seen?.all('host'), ['Front.Example:81']);
});

test('an HTTP/1.0 request without Host gets one', async (t) => {
	for (const host of ['keep', 'upstream'] as const) {
		const g = await plainGateway(t, { reverse: { host } });
		const { seen, answer } = await exchange(g, 'GET / HTTP/1.0\r\n\r\n');
		assert.equal(answer.status, 200);
		assert.equal(seen?.all('host').length, 1, host);
	}
});

for (const [target, path, host] of [
	['http://b.example', '/', 'b.example'],
	['http://b.example?q', '/?q', 'b.example'],
	['HTTP://B.example:80/x//y/../z?', '/x//y/../z?', 'B.example:80'],
	['http://[::1]:8080/%2F', '/%2F', '[::1]:8080'],
] as const) {
	test(`absolute-form becomes origin-form and Host is regenerated: ${target}`, async (t) => {
		const g = await plainGateway(t, { reverse: { host: 'keep' } });
		const { seen } = await exchange(g, `GET ${target} HTTP/1.1\r\nHost: liar.example\r\n\r\n`);
		assert.equal(seen?.target, path);
		assert.deepEqual(seen?.all('host'), [host]);
	});
}

test('OPTIONS * goes on as *', async (t) => {
	const g = await plainGateway(t);
	const { seen } = await exchange(g, 'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n');
	assert.equal(seen?.target, '*');
});

test('OPTIONS with an absolute-form target without a path goes on as *', async (t) => {
	const g = await plainGateway(t);
	assert.equal((await exchange(g, 'OPTIONS http://b.example HTTP/1.1\r\nHost: b.example\r\n\r\n')).seen?.target, '*');
	assert.equal((await exchange(g, 'OPTIONS http://b.example/ HTTP/1.1\r\nHost: b.example\r\n\r\n')).seen?.target, '/');
});

test('an unknown method goes on', async (t) => {
	const g = await plainGateway(t);
	const { seen } = await exchange(g, 'MKCALENDAR /x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi');
	assert.equal(seen?.method, 'MKCALENDAR');
	assert.equal(seen?.body, 'hi');
});

test('the case of a method is kept', async (t) => {
	const g = await plainGateway(t);
	assert.equal((await exchange(g, 'get / HTTP/1.1\r\nHost: a\r\n\r\n')).seen?.method, 'get');
});

test('CONNECT is not for a gateway', async (t) => {
	const g = await plainGateway(t);
	const client = (await g.client()).send('CONNECT b.example:443 HTTP/1.1\r\nHost: b.example:443\r\n\r\n');
	const answer = await client.message();
	assert.ok(answer.status >= 400, `status ${answer.status}`);
	assert.equal(g.origin.peers.length, 0);
});

test('a prefix is taken off and another put on', async (t) => {
	const g = await plainGateway(t, { reverse: { prefix: { strip: '/cms', add: '/v1' } } });
	assert.equal((await exchange(g, get('/cms/a/../b?x'))).seen?.target, '/v1/a/../b?x');
	assert.equal((await exchange(g, get('/cms'))).seen?.target.replace(/\/$/, ''), '/v1');
	assert.equal((await exchange(g, get('/cmsx'))).seen?.target.startsWith('/v1x'), false, 'only whole segments');
});
