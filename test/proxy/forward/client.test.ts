/** Who a policy is told is asking. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Address, type App, raw, respond } from '../../../src/convention/index.ts';
import { ask } from '../../../src/engine/memory/index.ts';
import { clientAddress } from '../../../src/middleware/client-address/index.ts';
import { questionOf } from '../../../src/proxy/forward/decide.ts';

const to = { host: 'a.example', port: 443, address: null } as never;

async function told(remote: Address, said: string | null, around: boolean): Promise<string | null> {
	let client: string | null = '';
	const app: App = (request, context) => {
		({ client } = questionOf(raw(request), context, to));
		return respond(204);
	};
	const whole = around ? (clientAddress({ trust: ['10.0.0.1', 'unix'], field: 'X-Forwarded-For' })(app) as App) : app;
	await ask(whole, { remote, fields: said === null ? {} : { 'X-Forwarded-For': said } });
	return client;
}

test('a policy is told an IP address that somebody answers for, or null', async () => {
	const ip: Address = { kind: 'ip', host: '10.0.0.1', port: 1 };
	const unix: Address = { kind: 'unix', path: '/s' };
	assert.equal(await told(ip, '6.6.6.6', false), '10.0.0.1');
	assert.equal(await told(ip, '6.6.6.6', true), '6.6.6.6');
	assert.equal(await told(ip, null, true), '10.0.0.1');
	assert.equal(await told(ip, 'unknown', true), null);
	assert.equal(await told(unix, '6.6.6.6', true), '6.6.6.6');
	for (const around of [true, false]) assert.equal(await told(unix, null, around), null);
});
