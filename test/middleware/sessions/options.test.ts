import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compositionFaults, explain, respond } from '../../../src/convention/index.ts';
import { exchange } from '../../../src/engine/memory/index.ts';
import {
	memorySessions,
	redisSessions,
	type SessionsOptions,
	sessions,
	sqliteSessions,
} from '../../../src/middleware/sessions/index.ts';
import { SECRET } from './sessions-apps.ts';

const secret = SECRET;
const refused: readonly [unknown, RegExp][] = [
	[null, /options are no object/],
	[{}, /secret is missing/],
	[{ secrets: secret }, /secrets: no such option.*did you mean secret\?/],
	[{ secret: 'short' }, /secret has 5 bytes, and must have 32/],
	[{ secret: [] }, /secret must be one or a list of 1 to 8/],
	[{ secret: Array(9).fill(secret) }, /secret must be one or a list of 1 to 8/],
	[{ secret: [secret, 7] }, /secret must be text or bytes, not number/],
	[{ secret, idle: '1h' }, /idle must be milliseconds, not string/],
	[{ secret, idle: 30 }, /idle must be whole milliseconds from 1000/],
	[{ secret, absolute: Number.NaN }, /absolute must be whole milliseconds/],
	[{ secret, absolute: 1e12 }, /absolute must be whole milliseconds from 1000 to 400 days/],
	[{ secret, idle: 5000, absolute: 4000 }, /idle must not be longer than absolute/],
	[{ store: {} }, /store must have get, set and delete/],
	[{ store: 'redis://' }, /store must have get, set and delete/],
	[{ secret, cookie: { sameSite: 'none' } }, /SameSite is Strict, Lax or None, not "none"/],
	[{ secret, cookie: { sameSite: 'None', secure: false } }, /SameSite=None needs Secure/],
	[{ secret, cookie: { name: 'a b' } }, /Not a cookie's name/],
	[{ secret, cookie: { name: '__Host-a', path: '/x' } }, /__Host-a needs the path \//],
	[{ secret, cookie: { name: '__Host-a', secure: false } }, /__Host-a needs Secure/],
	[{ secret, cookie: { path: '/; Domain=evil.example' } }, /Not a cookie's path/],
	[{ secret, cookie: { domain: '.example' } }, /Not a cookie's domain/],
	[{ secret, cookie: { secure: 'auto' } }, /cookie.secure must be true or false, not string/],
	[{ secret, cookie: { httpOnly: false } }, /cookie.httpOnly: no such option/],
	[{ secret, cookie: { name: 7 } }, /cookie.name must be text, not number/],
];
for (const [options, message] of refused) {
	test(`sessions refuses ${JSON.stringify(options)?.slice(0, 80)}`, () => {
		assert.throws(
			() => sessions(options as SessionsOptions),
			(error: Error) => {
				assert.ok(error instanceof TypeError || error instanceof RangeError);
				assert.match(error.message, message);
				assert.match(error.message, /^sessions: /);
				// What it is may be wrong, but it is a secret.
				return !error.message.includes(secret);
			},
		);
	});
}

const client = { sendCommand: async () => null };
const stores: readonly [() => unknown, RegExp][] = [
	[() => memorySessions({ limit: 0 }), /memorySessions: limit/],
	[() => memorySessions({ max: 1 } as never), /memorySessions: max: no such option/],
	[() => sqliteSessions(''), /sqliteSessions: path/],
	[() => sqliteSessions({ path: 'x', table: 'a; DROP TABLE b' }), /sqliteSessions: table/],
	[() => sqliteSessions({ path: 'x', busyTimeout: -1 }), /sqliteSessions: busyTimeout/],
	[() => redisSessions(null as never), /redisSessions: give it a client of redis or ioredis/],
	[() => redisSessions({ get: client.sendCommand } as never), /redisSessions: give it a client/],
	[() => redisSessions({ ...client, nodeByAddress: {} } as never), /redisSessions: a cluster of redis is not taken/],
	[() => redisSessions(client, { timeout: 0 }), /redisSessions: timeout must be milliseconds/],
	[() => redisSessions(client, { prefix: 7 as never }), /redisSessions: prefix/],
	[() => redisSessions(client, { prefx: 'a' } as never), /did you mean prefix|there is prefix/],
];
for (const [make, message] of stores) {
	test(`a store is refused: ${message.source}`, () => assert.throws(make, message));
}

test('sessions prove the session, and stand anywhere', () => {
	assert.deepEqual(compositionFaults(sessions({ secret })(() => respond(204))), []);
});

test('it explains what it would do, and no secret', async () => {
	const app = sessions({ secret })(() => respond(204));
	for (const [cookie, expected] of [
		['__Host-session=x', /Reads the one that the request brings/],
		['other=x', /brings no session/],
	] as const) {
		const { request, context } = exchange(() => respond(204), { fields: { cookie } });
		const [step] = await explain(app, request, context);
		const text = JSON.stringify(step);
		assert.match(text, expected);
		assert.match(text, /RFC 6265bis/);
		assert.ok(!text.includes(secret));
	}
});
