/** Themed pages on sockets: what a client reads, byte for byte. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { fromIterable } from '../../../src/bytes/index.ts';
import { listen, portOf } from '../../support/engines.ts';
import { connect } from '../../support/raw-client.ts';
import { fakeThemer, page, streamingThemer, watched } from './fake-themer.ts';

test('a whole page has its own length, HEAD has none, and the connection goes on', async (t) => {
	const { layer } = watched(fakeThemer());
	const peer = await connect(t, portOf(await listen(t, layer(page('<p>é</p>', { 'Content-Length': '9' })))));
	peer.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
	const get = await peer.read('[/theme]');
	assert.match(get, /\r\nContent-Length: 24\r\n/i);
	peer.send('HEAD / HTTP/1.1\r\nHost: x\r\n\r\n');
	const head = await peer.read('\r\n\r\n');
	assert.match(head, /^HTTP\/1\.1 200 /);
	assert.doesNotMatch(head, /content-length|transfer-encoding/i);
});

test('a compressed page is compressed again, and a streamed one is chunked and complete', async (t) => {
	const { layer } = watched(fakeThemer());
	const app = layer(page(gzipSync('<p>x</p>'), { 'Content-Encoding': 'gzip' }));
	const peer = await connect(t, portOf(await listen(t, app)));
	peer.send('GET / HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n');
	await peer.closed();
	const [, body = ''] = peer.received.split('\r\n\r\n');
	assert.equal(
		gunzipSync(Buffer.from(peer.received.slice(-body.length), 'latin1')).toString(),
		'[theme]<p>x</p>[/theme]',
	);
	const streamed = watched(streamingThemer()).layer(page(fromIterable(['<p>', 'x'])));
	const other = await connect(t, portOf(await listen(t, streamed)));
	other.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
	const got = await other.read('0\r\n\r\n');
	assert.match(got, /\r\nTransfer-Encoding: chunked\r\n/i);
	assert.ok(got.endsWith('\r\na\r\n[theme]<p>\r\n1\r\nx\r\n8\r\n[/theme]\r\n0\r\n\r\n'), got);
});
