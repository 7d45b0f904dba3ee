/** Many requests in few reads: every one is answered, in order, and nobody else waits for them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Sink, Source } from '../../src/bytes/index.ts';
import { type App, raw, respond } from '../../src/convention/index.ts';
import { listen, portOf } from '../support/engines.ts';
import { gateway } from '../support/gateway.ts';
import { connect } from '../support/raw-client.ts';
import { ok } from '../support/raw-server.ts';
import { pause, until } from '../support/until.ts';

const COUNT = 1_000;
const targets = Array.from({ length: COUNT }, (_, index) => `/${index}`);
const requests = targets.map((target) => `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`).join('');

const apps: Readonly<Record<string, App>> = {
	'an app that answers at once': (request) => respond(200, {}, raw(request).target),
	'an app that answers in a microtask': async (request) => respond(200, {}, raw(request).target),
	'an app that answers at random times': async (request) => {
		const { target } = raw(request);
		if (Number(target.slice(1)) % 7 === 0) await pause(1);
		return respond(200, {}, target);
	},
};

for (const [name, app] of Object.entries(apps)) {
	for (const slow of [false, true]) {
		test(`${COUNT} requests in one write to ${name}${slow ? ', read slowly' : ''}`, async (t) => {
			const padding = 'x'.repeat(slow ? 4_000 : 0);
			const padded: App = async (request, context) => {
				const response = await app(request, context);
				return respond(200, { 'X-Padding': padding }, await response.text());
			};
			const listener = await listen(t, slow ? padded : app);
			const client = await connect(t, portOf(listener));
			if (slow) {
				client.socket.on('data', () => {
					client.pause();
					setImmediate(() => client.resume());
				});
			}
			client.send(requests);
			for (const target of targets) assert.equal((await client.message()).body, target);
			assert.equal(listener.statistics().active, 0);
		});
	}
}

test(`${COUNT} requests in one write through the proxy`, async (t) => {
	const g = await gateway(t, (request) => ok(request.target));
	const client = (await g.client()).send(requests);
	for (const target of targets) assert.equal((await client.message()).body, target);
	assert.equal(g.origin.peers.length, 1);
});

test('requests behind many others in a read do not hurry the body of the next one', async (t) => {
	// 32 requests that fill one read to its last byte; the body then comes while "others have had their turn".
	const head = 'GET / HTTP/1.1\r\nHost: a\r\nX: ';
	const small = `${head}${'x'.repeat(512 - head.length - 4)}\r\n\r\n`;
	const body = 'y'.repeat(600_000);
	let paused = false;
	const broken: string[] = [];
	let got = 0;
	const app: App = (request) => {
		const { payload } = raw(request);
		if (payload === null) return respond(200, {}, '');
		return new Promise((resolve) => {
			const sink: Sink = {
				write(chunk) {
					if (paused) broken.push(`${chunk.length} bytes while paused`);
					paused = true;
					got += chunk.length;
					const seen = Buffer.from(chunk);
					setTimeout(() => {
						if (!seen.equals(chunk)) broken.push('a lent chunk has changed');
						paused = false;
						(payload as Source).resume();
					}, 20);
					return false;
				},
				end: () => resolve(respond(200, {}, String(got))),
				fail: (reason) => broken.push(reason.message),
			};
			payload.start(sink);
		});
	};
	const listener = await listen(t, app);
	const client = await connect(t, portOf(listener));
	client.send(`${small.repeat(32)}POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
	for (let i = 0; i < 32; i++) assert.equal((await client.message()).status, 200);
	assert.equal((await client.message()).body, String(body.length));
	assert.deepEqual(broken, []);
});

test('a connection that pipelines without end does not starve another', async (t) => {
	let greedy = 0;
	const seen: number[] = [];
	const app: App = (request) => {
		if (raw(request).target === '/greedy') greedy++;
		else seen.push(greedy);
		return respond(200, {}, 'x');
	};
	const listener = await listen(t, app);
	const glutton = await connect(t, portOf(listener));
	glutton.keep = false;
	const modest = await connect(t, portOf(listener));
	glutton.send('GET /greedy HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(20_000));
	await until(() => greedy > 0, 'the first is served');
	const before = greedy;
	for (let i = 0; i < 20; i++) {
		modest.send('GET /modest HTTP/1.1\r\nHost: a\r\n\r\n');
		await modest.message();
	}
	// Both ends share one loop: each of these takes a few turns, and in a turn the other gets only so much.
	const gaps = seen.map((count, index) => count - (seen[index - 1] ?? before));
	t.diagnostic(`others served between two of the modest: ${gaps.join(' ')}`);
	assert.ok(Math.max(...gaps) < 1_000, `others were served between two: ${gaps.join(' ')}`);
	await until(() => greedy === 20_000, 'all are served');
});
