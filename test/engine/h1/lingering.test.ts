/** Lingering close: no reset may take the answer from a client that is still sending (RFC 9112 section 9.6). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { respond } from '../../../src/convention/index.ts';
import { listen, portOf } from '../../support/engines.ts';
import { connect } from '../../support/raw-client.ts';
import { pause, until } from '../../support/until.ts';

/** Longer than a silent client is waited for. */
const SLOW = 7;

test('a client that is refused in the middle of a slow request gets to the end of it, and to its answer', async (t) => {
	const listener = await listen(t, () => respond(200, {}, 'ok'));
	const client = (await connect(t, portOf(listener))).send('GET / HTTP/1.1\nHost: a\r\n');
	client.pause();
	for (let second = 0; second < SLOW; second++) {
		await pause(1000);
		client.send(`X-${second}: still sending\r\n`);
	}
	client.send('\r\n').finish();
	client.resume();
	const answer = await client.message();
	assert.equal(answer.status, 400);
	assert.equal(await client.closed(), 'finished');
	await until(() => listener.statistics().connections === 0, 'end of the connection on our side');
});
