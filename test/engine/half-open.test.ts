/** Requests that stop anywhere, on every engine that speaks HTTP/1.1 on sockets. */
import { test } from 'node:test';
import { h1 } from '../../src/engine/h1/index.ts';
import { http2 } from '../../src/engine/h2/index.ts';
import { nodeHttp } from '../../src/engine/node-http/index.ts';
import { halfOpen } from './attacks.ts';

test('half-open requests of every kind leave no connection', { concurrency: true }, async (t) => {
	for (const [name, make] of Object.entries({ h1, nodeHttp, http2 })) void t.test(name, (each) => halfOpen(each, make));
});
