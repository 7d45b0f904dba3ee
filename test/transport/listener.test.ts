/** What apps and slow clients cannot do to a listener. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collectText } from '../../src/bytes/index.ts';
import { type App, raw, respond } from '../../src/convention/index.ts';
import { listen, portOf } from '../support/engines.ts';
import { connect } from '../support/raw-client.ts';
import { pause, until } from '../support/until.ts';

test('a listener for the end of an exchange that throws is logged, and harms nobody', async (t) => {
	const logged: unknown[] = [];
	const others: number[] = [];
	const app: App = (_request, context) => {
		context.onFinished({
			exchangeFinished() {
				throw new Error('a listener broke');
			},
		});
		context.onFinished({ exchangeFinished: (outcome) => void others.push(outcome.status) });
		return respond(200, null, 'fine');
	};
	const listener = await listen(t, app, { log: ({ error }) => logged.push(error) });
	const client = await connect(t, portOf(listener));
	for (let i = 0; i < 2; i++)
		assert.equal((await client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n').message()).body, 'fine');
	assert.deepEqual(others, [200, 200]);
	assert.deepEqual(
		logged.map((error) => (error as Error).message),
		['a listener broke', 'a listener broke'],
	);
	assert.equal(listener.statistics().active, 0);
});

test('the total time ends an upload that keeps trickling in', async (t) => {
	const app: App = async (request) => {
		const { payload } = raw(request);
		return respond(200, null, payload === null ? '' : await collectText(payload));
	};
	const listener = await listen(t, app, { timeouts: { total: 300, bodyIdle: 5_000 }, log: () => {} });
	const client = await connect(t, portOf(listener));
	client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n');
	const answer = new AbortController();
	const trickle = async (answered: AbortSignal) => {
		for (let i = 0; i < 800 && !answered.aborted; i++) {
			client.send('x');
			await pause(15);
		}
	};
	const trickling = trickle(answer.signal);
	assert.equal((await client.message()).status, 503);
	answer.abort();
	await trickling;
	client.destroy();
	await until(() => listener.statistics().connections === 0, 'no connection');
});
