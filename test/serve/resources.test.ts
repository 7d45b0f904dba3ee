import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type App, layer, mount, stack } from '../../src/convention/index.ts';
import { routes } from '../../src/routing/index.ts';
import { type Resource, resourcesOf, startAll, stopAll, tellStopping } from '../../src/serve/resources.ts';

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
	for (const nothing of [() => new Response(), {}]) assert.deepEqual(resourcesOf(nothing), []);
});

test('what an app is made of, layers included, comes along from the outside in, each once', () => {
	const part = (): App & Resource => Object.assign(() => new Response(), { start() {}, stop() {} });
	const [shop, chat, site] = [part(), part(), part()];
	const log = Object.assign(
		(next: App): App =>
			(request, context) =>
				next(request, context),
		{ close() {} },
	);
	const guard = Object.assign(
		layer({ name: 'guard' }, (next) => (request, context) => next(request, context)),
		{ start() {} },
	);
	const table = routes({ '/shop/*': shop, '/chat': { GET: chat, POST: shop } }, { otherwise: site });
	const app = stack(log, guard, mount('/chat', chat))(table);
	assert.deepEqual(resourcesOf(app, [site]), [site, log, guard, chat, shop]);
});

test('a resource of two servers is started by the first and stopped by the last', async () => {
	const { log, resource } = recorder();
	const shared = resource('shared', { stopping: () => log.push('told') });
	await startAll([shared]);
	await startAll([shared]);
	await tellStopping([shared]);
	await stopAll([shared]);
	assert.deepEqual(log, ['start shared']);
	await tellStopping([shared]);
	await stopAll([shared]);
	assert.deepEqual(log, ['start shared', 'told', 'stop shared']);
	await startAll([shared]);
	assert.deepEqual(log.at(-1), 'start shared');
});
