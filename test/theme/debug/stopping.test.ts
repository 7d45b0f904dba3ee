/** Browsers that wait for news of the theme do not keep a server from stopping. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serve } from '../../../src/serve/index.ts';
import { connect } from '../../support/raw-client.ts';
import { app, developed } from './debug-page.ts';

test('a server that stops ends the events first, and waits for no browser', { timeout: 60_000 }, async (t) => {
	const layer = developed(t);
	const options = { listen: ['127.0.0.1:0'], resources: [layer], drain: 600_000 };
	const running = await serve({ app: layer(app()), ...options });
	t.after(() => running.close());
	const peer = await connect(t, Number(new URL(running.urls[0] as string).port));
	peer.send('GET /.turnabout/theme-events HTTP/1.1\r\nHost: a\r\n\r\n');
	await peer.read('event: changed');
	const stopped = running.stop();
	assert.equal(await peer.closed(), 'finished');
	assert.match(peer.received, /\r\n0\r\n\r\n$/, 'the stream is complete');
	peer.finish();
	await stopped;
});
