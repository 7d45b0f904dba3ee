import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { serve } from '../../src/serve/index.ts';
import { ask } from '../cli/command-process.ts';

const quick = { timeout: 20_000 };

test('serve in code: resolves when it listens, and stop ends it', quick, async () => {
	const running = await serve({ app: () => new Response('here'), listen: '127.0.0.1:0' });
	const [url = ''] = running.urls;
	assert.equal((await ask(url)).body, 'here');
	assert.deepEqual(Object.keys(running.statistics().listeners), [url]);
	await running.stop();
	await assert.rejects(ask(url), { code: 'ECONNREFUSED' });
});

test('it touches no signal and leaves no listener on the process', quick, async () => {
	const events = ['SIGTERM', 'SIGINT', 'uncaughtException', 'unhandledRejection', 'exit'];
	const count = (): number[] => events.map((event) => process.listenerCount(event));
	const before = count();
	const running = await serve({ app: () => new Response(), listen: '127.0.0.1:0' });
	assert.deepEqual(count(), before);
	await running.close();
	assert.deepEqual(count(), before);
});

test('stop waits for what is under way, and may be called again', quick, async () => {
	const { promise, resolve } = Promise.withResolvers<Response>();
	const arrived = Promise.withResolvers<void>();
	const app = (): Promise<Response> => {
		arrived.resolve();
		return promise;
	};
	const running = await serve({ app, listen: '127.0.0.1:0' });
	const answer = ask(running.urls[0] ?? '');
	await arrived.promise;
	const stopping = running.stop();
	assert.equal(running.stop(), stopping);
	resolve(new Response('late'));
	assert.equal((await answer).body, 'late');
	await stopping;
});

test('close cuts off what is under way, also during stop', quick, async () => {
	const arrived = Promise.withResolvers<void>();
	const app = (): Promise<Response> => {
		arrived.resolve();
		return new Promise(() => {});
	};
	const running = await serve({ app, listen: '127.0.0.1:0' });
	const answer = assert.rejects(ask(running.urls[0] ?? ''));
	await arrived.promise;
	const stopping = running.stop(10_000);
	await running.close();
	await answer;
	await stopping;
});

test('resources stop once, after stop and close', quick, async () => {
	let stops = 0;
	const resources = [{ stop: () => void stops++ }];
	const running = await serve({ app: () => new Response(), listen: '127.0.0.1:0', resources });
	await Promise.all([running.stop(), running.close(), running.stop()]);
	assert.equal(stops, 1);
});

test('a port that is taken stops what was started, and says why', quick, async (t) => {
	const other = createServer().listen(0, '127.0.0.1');
	t.after(() => other.close());
	await new Promise((resolve) => other.once('listening', resolve));
	const { port } = other.address() as AddressInfo;
	const log: string[] = [];
	const resources = [{ start: () => void log.push('start'), stop: () => void log.push('stop') }];
	const failing = serve({ app: () => new Response(), listen: ['127.0.0.1:0', port], resources });
	await assert.rejects(failing, { name: 'StartError', code: 'ERR_TURNABOUT_START', message: /the port is taken/ });
	assert.deepEqual(log, ['start', 'stop']);
});

test('an object with fetch keeps its this', quick, async () => {
	const app = {
		word: 'mine',
		fetch(): Response {
			return new Response(this.word);
		},
	};
	const running = await serve({ app, listen: '127.0.0.1:0' });
	assert.equal((await ask(running.urls[0] ?? '')).body, 'mine');
	await running.close();
});
