/** A connection that is dropped while its FIN is on the way is gone all the same. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type App, respond } from '../../src/convention/index.ts';
import { listen, portOf } from '../support/engines.ts';
import { connect } from '../support/raw-client.ts';
import { until } from '../support/until.ts';

for (const ticks of [0, 1, 2, 3, 4]) {
	test(`a tunnel that fails ${ticks} ticks behind its end`, async (t) => {
		const app: App = () =>
			respond(101, { Upgrade: 'x' }, null, {
				tunnel: ({ writable }) => {
					writable.end();
					const fail = (left: number): void => {
						if (left === 0) writable.fail(new Error('all of it is off'));
						else process.nextTick(fail, left - 1);
					};
					fail(ticks);
				},
			});
		const listener = await listen(t, app, { log: () => {} });
		const client = await connect(t, portOf(listener));
		client.send('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
		await client.closed();
		await until(() => listener.statistics().connections === 0, 'the connection has gone');
		assert.equal(listener.statistics().active, 0);
	});
}
