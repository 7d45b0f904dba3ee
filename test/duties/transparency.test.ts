/** RFC 9110 sections 7.7, 13, 14 and 15.4.5: what is between client and origin goes through as it is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exchange, gateway, get, plainGateway } from '../support/gateway.ts';
import { ok } from '../support/raw-server.ts';

test('content under no-transform, with all that describes it, is left alone', async (t) => {
	const fields =
		'Content-Type: text/html; charset=latin1\r\nContent-Encoding: br\r\nContent-Language: de\r\nContent-Location: /x\r\nContent-MD5: Q2hlY2sgSW50ZWdyaXR5IQ==\r\nDigest: sha-256=x\r\nETag: W/"1"\r\nLast-Modified: Mon, 01 Jan 2024 00:00:00 GMT\r\nAllow: GET, HEAD\r\nServer: old/1\r\nWarning: 110 - "old"\r\nCache-Control: no-transform\r\nVary: Accept\r\nAge: 3\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\n';
	const g = await gateway(t, () => ok('<p>caf\xe9</p>', fields));
	const { answer } = await exchange(g, get('/', 'Cache-Control: no-transform\r\n'));
	assert.equal(answer.body, '<p>caf\xe9</p>');
	for (const line of fields.trim().split('\r\n')) {
		const colon = line.indexOf(':');
		assert.deepEqual(answer.all(line.slice(0, colon)), [line.slice(colon + 2)]);
	}
});

test('an answer without a date gets one, since it is ours to give', async (t) => {
	const g = await plainGateway(t);
	const { answer } = await exchange(g, get('/'));
	assert.equal(answer.all('date').length, 1);
});

test('conditions and ranges go through', async (t) => {
	const asked =
		'If-None-Match: "1", W/"2"\r\nIf-Modified-Since: Mon, 01 Jan 2024 00:00:00 GMT\r\nRange: bytes=0-1, 4-\r\nIf-Range: "1"\r\nAccept-Encoding: gzip;q=0.5, *;q=0\r\n';
	const g = await gateway(
		t,
		() => 'HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-1/4\r\nContent-Length: 2\r\n\r\nfi',
	);
	const { answer, seen } = await exchange(g, get('/', asked));
	for (const line of asked.trim().split('\r\n')) assert.ok(seen?.raw.includes(line), line);
	assert.equal(answer.status, 206);
	assert.equal(answer.get('content-range'), 'bytes 0-1/4');
	assert.equal(answer.body, 'fi');
});

test('304 goes through with the length it speaks of, and without a body', async (t) => {
	const g = await gateway(t, (request) =>
		request.target === '/304' ? 'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\nContent-Length: 100\r\n\r\n' : ok('fine'),
	);
	const { answer, client } = await exchange(g, get('/304'));
	assert.equal(answer.status, 304);
	assert.equal(answer.get('etag'), '"1"');
	assert.ok([null, '100'].includes(answer.get('content-length')));
	client.send(get('/'));
	assert.equal((await client.message()).body, 'fine');
	assert.equal(g.origin.peers.length, 1);
});

test('HEAD goes through with the length of the GET, and without a body', async (t) => {
	const g = await gateway(t, (request) =>
		request.method === 'HEAD' ? 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n' : ok('fine'),
	);
	const { answer, seen, client } = await exchange(g, 'HEAD / HTTP/1.1\r\nHost: a\r\n\r\n');
	assert.equal(seen?.method, 'HEAD');
	assert.equal(answer.get('content-length'), '100');
	client.send(get('/'));
	assert.equal((await client.message()).body, 'fine');
	assert.equal(g.origin.peers.length, 1);
});

test('HEAD of a chunked answer goes through', async (t) => {
	const g = await gateway(t, (request) =>
		request.method === 'HEAD' ? 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n' : ok('fine'),
	);
	const { answer, client } = await exchange(g, 'HEAD / HTTP/1.1\r\nHost: a\r\n\r\n');
	assert.equal(answer.status, 200);
	assert.equal(answer.get('content-length'), null);
	client.send(get('/'));
	assert.equal((await client.message()).body, 'fine');
});

test('204 goes through without framing fields', async (t) => {
	const g = await gateway(t, (request) =>
		request.target === '/204' ? 'HTTP/1.1 204 No Content\r\nX: y\r\n\r\n' : ok('fine'),
	);
	const { answer, client } = await exchange(g, get('/204'));
	assert.equal(answer.status, 204);
	assert.equal(answer.get('content-length'), null);
	assert.equal(answer.get('transfer-encoding'), null);
	client.send(get('/'));
	assert.equal((await client.message()).body, 'fine');
});

test('reason phrases and unknown statuses go through', async (t) => {
	const g = await gateway(t, () => 'HTTP/1.1 299 Rather \xe9odd\r\nContent-Length: 0\r\n\r\n');
	const { answer } = await exchange(g, get('/'));
	assert.equal(answer.startLine, 'HTTP/1.1 299 Rather \xe9odd');
});

test('an empty reason phrase goes through', async (t) => {
	const g = await gateway(t, () => 'HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n');
	const { answer } = await exchange(g, get('/'));
	assert.match(answer.startLine, /^HTTP\/1\.1 200 /);
});

test('many Set-Cookie lines stay apart and in order', async (t) => {
	const cookies = Array.from({ length: 12 }, (_none, index) => `c${index}=v, w; Expires=Mon, 01 Jan 2035 00:00:00 GMT`);
	const g = await gateway(t, () => ok('fine', cookies.map((cookie) => `Set-Cookie: ${cookie}\r\n`).join('')));
	const { answer } = await exchange(g, get('/'));
	assert.deepEqual(answer.all('set-cookie'), cookies);
});

test('425 and Early-Data, Priority and CDN-Loop go through', async (t) => {
	const g = await gateway(t, () => 'HTTP/1.1 425 Too Early\r\nContent-Length: 0\r\n\r\n');
	const { answer, seen } = await exchange(g, get('/', 'Early-Data: 1\r\nPriority: u=1\r\nCDN-Loop: other\r\n'));
	assert.equal(answer.status, 425);
	assert.equal(seen?.get('early-data'), '1');
	assert.equal(seen?.get('priority'), 'u=1');
	assert.match(seen?.get('cdn-loop') ?? '', /^other/);
});

test('Location and Set-Cookie are left alone unless asked', async (t) => {
	const g = await gateway(
		t,
		() =>
			'HTTP/1.1 302 Found\r\nLocation: http://elsewhere.example/x\r\nSet-Cookie: a=1; Domain=old.example; Path=/old\r\nContent-Length: 0\r\n\r\n',
	);
	const { answer } = await exchange(g, get('/'));
	assert.equal(answer.get('location'), 'http://elsewhere.example/x');
	assert.equal(answer.get('set-cookie'), 'a=1; Domain=old.example; Path=/old');
});

test('Location that names the upstream is mapped back when asked', async (t) => {
	const g = await gateway(
		t,
		(request) =>
			`HTTP/1.1 302 Found\r\nLocation: http://${request.get('host')}/login?next=%2F\r\nContent-Length: 0\r\n\r\n`,
		{ reverse: { location: 'map', host: 'upstream' } },
	);
	const { answer } = await exchange(g, get('/'));
	assert.match(answer.get('location') ?? '', /^(http:\/\/front\.example)?\/login\?next=%2F$/);
});

test('Location is kept as it is when asked', async (t) => {
	const g = await gateway(
		t,
		(request) => `HTTP/1.1 302 Found\r\nLocation: http://${request.get('host')}/login\r\nContent-Length: 0\r\n\r\n`,
		{ reverse: { location: 'keep', host: 'upstream' } },
	);
	const { answer } = await exchange(g, get('/'));
	assert.equal(answer.get('location'), `http://127.0.0.1:${g.origin.port}/login`);
});
