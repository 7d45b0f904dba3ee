import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Resource, resourcesOf, startAll, stopAll } from '../../src/serve/resources.ts';

function recorder(): { log: string[]; resource: (name: string, parts?: Partial<Resource>) => Resource } {
	const log: string[] = [];
	return {
		log,
		resource: (name, parts = {}) => ({
			start: async () => {
				await Promise.resolve();
				log.push(`start ${name}`);
			},
			stop: async () => {
				await Promise.resolve();
				log.push(`stop ${name}`);
			},
			...parts,
		}),
	};
}

test('started in order, stopped in reverse', async () => {
	const { log, resource } = recorder();
	const all = [resource('a'), resource('b'), {}];
	await startAll(all);
	assert.deepEqual(await stopAll(all), []);
	assert.deepEqual(log, ['start a', 'start b', 'stop b', 'stop a']);
});

test('when one cannot start, those before it are stopped and its error is thrown', async () => {
	const { log, resource } = recorder();
	const broken = resource('b', { start: () => Promise.reject(new Error('no')) });
	await assert.rejects(startAll([resource('a'), broken, resource('c')]), /no/);
	assert.deepEqual(log, ['start a', 'stop a']);
});

test('one that cannot stop does not keep the others', async () => {
	const { log, resource } = recorder();
	const failure = new Error('stuck');
	const broken = resource('b', {
		stop: () => {
			throw failure;
		},
	});
	assert.deepEqual(await stopAll([resource('a'), broken, resource('c')]), [failure]);
	assert.deepEqual(log, ['stop c', 'stop a']);
});

test('close is another word for stop, and methods keep their object', async () => {
	const resource = {
		closed: false,
		close() {
			this.closed = true;
		},
	};
	await stopAll([resource]);
	assert.equal(resource.closed, true);
});

test('functions and plain objects bring their own life along; objects of a class do not', () => {
	const app = Object.assign(() => new Response(), { close: () => {} });
	const worker = { fetch: () => new Response(), start: () => {} };
	class Framework {
		fetch(): Response {
			return new Response();
		}
		stop(): void {
			throw new Error('not running');
		}
	}
	assert.deepEqual(resourcesOf(app), [app]);
	assert.deepEqual(resourcesOf(worker), [worker]);
	assert.deepEqual(resourcesOf(new Framework()), []);
	for (const nothing of [() => new Response(), {}, null, undefined, 'x']) assert.deepEqual(resourcesOf(nothing), []);
});
