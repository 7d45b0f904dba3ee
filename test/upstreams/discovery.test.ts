/** Lists of upstreams that change: from name servers, from a file, from anything that yields them. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ask } from '../../src/engine/memory/index.ts';
import {
	addresses,
	endpointSlices,
	listed,
	services,
	type UpstreamSpec,
	type Upstreams,
	upstreams,
} from '../../src/upstreams/index.ts';
import { nameServer } from '../support/name-server.ts';
import { ok, origin, type RawServer } from '../support/raw-server.ts';
import { until } from '../support/until.ts';

async function following(
	t: TestContext,
	of: AsyncIterable<readonly UpstreamSpec[]>,
	log: string[] = [],
): Promise<Upstreams> {
	const group = upstreams(of, {
		reverse: { log: () => {} },
		log: ({ message, upstream, error }) =>
			log.push(
				`${upstream} ${message}${error === undefined ? '' : `: ${(error as Error).name + ': ' + (error as Error).message}`}`,
			),
	});
	t.after(() => group.close());
	await group.start();
	return group;
}

const names = (group: Upstreams): string => Object.keys(group.statistics().members).toSorted().join(' ');
const url = ({ port }: RawServer): string => `http://127.0.0.1:${port}`;

test('addresses: each is an upstream, and those of now are asked when the answer’s time is over', async (t) => {
	const { port } = await origin(t, () => ok('found'));
	const server = await nameServer(t, [
		{ type: 'A', address: '127.0.0.1', ttl: 0 },
		{ type: 'AAAA', address: '1', ttl: 9 },
	]);
	const log: string[] = [];
	const found = addresses('shop.example', { servers: [server.place], port, least: 30 });
	const group = await following(t, found, log);
	assert.equal(names(group), `127.0.0.1:${port} [::1]:${port}`);
	server.records = [{ type: 'A', address: '127.0.0.1', ttl: 0 }];
	await until(() => names(group) === `127.0.0.1:${port}`, 'one is left');
	assert.equal(await (await ask(group, '/')).text(), 'found');
	assert.ok(log.includes(`[::1]:${port} has gone`), log.join());
	server.records = null;
	await until(() => log.some((line) => line.includes('the discovery has failed')), 'a complaint');
	assert.equal(names(group), `127.0.0.1:${port}`, 'what was known stays');
	assert.equal(await (await ask(group, '/')).text(), 'found');
});

test('services: host, port and weight of the best priority', async (t) => {
	const server = await nameServer(t, [
		{ type: 'SRV', priority: 1, weight: 3, port: 8001, target: 'a.example' },
		{ type: 'SRV', priority: 1, weight: 0, port: 8002, target: 'b.example' },
		{ type: 'SRV', priority: 2, weight: 9, port: 8003, target: 'c.example' },
	]);
	const group = await following(t, services('_http._tcp.shop.example', { servers: [server.place] }));
	const { members } = group.statistics();
	assert.deepEqual(
		Object.entries(members).map(([name, { weight }]) => [name, weight]),
		[
			['a.example:8001', 3],
			['b.example:8002', 0.01],
		],
	);
});

test('listed: the lines of a file, which is followed; a line that is none changes nothing', async (t) => {
	const folder = mkdtempSync(join(tmpdir(), 'upstreams-'));
	t.after(() => rmSync(folder, { recursive: true }));
	const path = join(folder, 'list');
	const [one, two] = [await origin(t, () => ok('one')), await origin(t, () => ok('two'))];
	writeFileSync(path, `# the shop\n${url(one)} name=one weight=2\n\n`);
	const group = await following(t, listed(path, { least: 20 }));
	assert.deepEqual(
		Object.entries(group.statistics().members).map(([name, { weight }]) => [name, weight]),
		[['one', 2]],
	);
	writeFileSync(path, `${url(one)} name=one\n${url(two)} name=two # new\n`);
	await until(() => names(group) === 'one two', 'the second', 10_000);
	assert.equal(group.statistics().members['one']?.weight, 1);
	const bodies = [await (await ask(group, '/')).text(), await (await ask(group, '/')).text()];
	assert.deepEqual(bodies.toSorted(), ['one', 'two']);
	for (const [line, reason] of [
		['nowhere', /:2: nowhere is no URL/],
		['http://a weight=-1', /:2: weight=-1 is neither/],
		['http://a wait=1', /:2: wait=1 is neither/],
	] as const) {
		writeFileSync(path, `\n${line}\n`);
		assert.throws(() => listed(path), reason);
	}
	assert.throws(() => listed(join(folder, 'none')), /listed: the file cannot be read: ENOENT/);
});

test('members that stay keep what is known of them; those that go finish what they have', async (t) => {
	let release = (): void => {};
	const slow = await origin(
		t,
		(_request, peer) => new Promise((resolve) => (release = () => resolve(void peer.send(ok('late'))))),
	);
	const next = Promise.withResolvers<readonly UpstreamSpec[]>();
	const other = await origin(t, () => ok('other'));
	const lists = async function* (): AsyncGenerator<readonly UpstreamSpec[]> {
		yield [{ url: url(slow), name: 'slow' }];
		yield await next.promise;
		await new Promise(() => {});
	};
	const group = await following(t, lists());
	const late = ask(group, '/');
	await until(() => slow.requests.length === 1, 'asked');
	next.resolve([{ url: url(other), name: 'other' }]);
	await until(() => names(group) === 'other', 'the new list');
	assert.equal(await (await ask(group, '/')).text(), 'other');
	release();
	assert.equal(await (await late).text(), 'late');
});

test('before there is a list nobody is asked, and the client is told so', async (t) => {
	const never = async function* (): AsyncGenerator<readonly UpstreamSpec[]> {
		yield [];
		await new Promise(() => {});
	};
	const group = await following(t, never());
	const answer = await ask(group, '/');
	assert.equal(answer.status, 503);
	assert.match(answer.fields.get('proxy-status') ?? '', /error=destination_unavailable/);
});

test('a discovery that yields what is no upstream is told, and begun again', async (t) => {
	let times = 0;
	const log: string[] = [];
	const wrong = {
		async *[Symbol.asyncIterator](): AsyncGenerator<readonly UpstreamSpec[]> {
			times++;
			yield [times === 1 ? 'ftp://a' : 'http://127.0.0.1:1'];
			await new Promise(() => {});
		},
	};
	const group = await following(t, wrong, log);
	await until(() => names(group) !== '', 'the second attempt');
	assert.match(log[0] as string, /^null the discovery has failed: TypeError/);
});

test('endpointSlices: the pods that are ready, by their names, as the API server has them', async (t) => {
	const there = await origin(t, () => ok('pod'));
	const pod = (name: string, ready: boolean | null, address = '127.0.0.1') => ({
		addresses: [address],
		conditions: { ready },
		targetRef: { kind: 'Pod', name },
	});
	const slice = (endpoints: unknown[]) => ({
		addressType: 'IPv4',
		endpoints,
		ports: [
			{ name: 'metrics', port: 1 },
			{ name: 'web', port: there.port },
		],
	});
	let items: unknown[] = [
		slice([pod('shop-1', true), pod('shop-2', false)]),
		slice([pod('shop-3', null), pod('shop-1', true)]),
	];
	let status = '200 OK';
	const api = await origin(t, () => {
		const body = JSON.stringify({ kind: 'EndpointSliceList', items });
		return `HTTP/1.1 ${status}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
	});
	const log: string[] = [];
	const options = { namespace: 'web', port: 'web', server: url(api), token: 'secret', least: 20, most: 20 };
	const group = await following(t, endpointSlices('shop', options), log);
	assert.equal(names(group), 'shop-1 shop-3');
	const [asked] = api.requests;
	assert.equal(asked?.get('authorization'), 'Bearer secret');
	assert.equal(
		asked?.target,
		'/apis/discovery.k8s.io/v1/namespaces/web/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3Dshop',
	);
	assert.equal(await (await ask(group, '/')).text(), 'pod');
	items = [slice([pod('shop-2', true), pod('shop-6', true, '::1')])];
	await until(() => names(group) === 'shop-2 shop-6', 'the new pods');
	status = '403 Forbidden';
	await until(
		() => log.some((line) => line.includes('the API server answers 403 for the slices of shop')),
		'a complaint',
	);
	assert.equal(names(group), 'shop-2 shop-6');
	assert.throws(() => endpointSlices('Shop!'), /the name of a service is needed/);
	// The tests themselves may run in a pod.
	delete process.env['KUBERNETES_SERVICE_HOST'];
	assert.throws(() => endpointSlices('shop'), /this is no pod; name the API server/);
});

test('a file says by which option it was given, and what is no URL', (t) => {
	const folder = mkdtempSync(join(tmpdir(), 'listed-'));
	t.after(() => rmSync(folder, { recursive: true }));
	const path = join(folder, 'list');
	assert.throws(() => listed(path, {}, '--to-file'), /^Error: --to-file: the file cannot be read/);
	for (const line of ['http:/bad', 'host:80', 'nothing']) {
		writeFileSync(path, `http://good\n${line}\n`);
		assert.throws(() => listed(path), new RegExp(`list:2: ${line} is no URL`));
	}
});
