/** gRPC through the proxy: a real client and a real server, unary and streaming in each direction, statuses, deadlines and cancellation. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import {
	type ClientDuplexStream,
	type ClientReadableStream,
	credentials,
	Metadata,
	makeGenericClientConstructor,
	Server,
	ServerCredentials,
	type ServerDuplexStream,
	type ServerReadableStream,
	type ServerUnaryCall,
	type ServerWritableStream,
	type ServiceError,
	type sendUnaryData,
	status,
} from '@grpc/grpc-js';
import type { App } from '../../src/convention/index.ts';
import { h1 } from '../../src/engine/h1/index.ts';
import { alsoHttp2, http2 } from '../../src/engine/h2/index.ts';
import { reverse } from '../../src/proxy/index.ts';
import { upstreams } from '../../src/upstreams/index.ts';
import { portOf } from '../support/engines.ts';
import { mint, minted } from '../support/minted.ts';
import { pause, until } from '../support/until.ts';

const bytes = (value: Buffer): Buffer => value;
const codec = {
	requestSerialize: bytes,
	requestDeserialize: bytes,
	responseSerialize: bytes,
	responseDeserialize: bytes,
};
const service = {
	unary: { path: '/test.Echo/Unary', requestStream: false, responseStream: false, ...codec },
	up: { path: '/test.Echo/Up', requestStream: true, responseStream: false, ...codec },
	down: { path: '/test.Echo/Down', requestStream: false, responseStream: true, ...codec },
	both: { path: '/test.Echo/Both', requestStream: true, responseStream: true, ...codec },
} as const;

interface Backend {
	readonly port: number;
	readonly calls: string[];
	readonly cancelled: string[];
	stop(): void;
}

async function backend(t: TestContext, name = 'one'): Promise<Backend> {
	const server = new Server();
	const calls: string[] = [];
	const cancelled: string[] = [];
	server.addService(service, {
		unary: (call: ServerUnaryCall<Buffer, Buffer>, done: sendUnaryData<Buffer>) => {
			const text = call.request.toString();
			calls.push(text);
			call.on('cancelled', () => cancelled.push(text));
			if (text === 'never') return;
			if (text === 'fail') {
				const metadata = new Metadata();
				metadata.set('why', 'no reason');
				done({ code: status.FAILED_PRECONDITION, details: 'not today — ü', metadata });
				return;
			}
			const trailer = new Metadata();
			trailer.set('x-backend', name);
			done(null, Buffer.from(text.toUpperCase()), trailer);
		},
		up: (call: ServerReadableStream<Buffer, Buffer>, done: sendUnaryData<Buffer>) => {
			let length = 0;
			call.on('data', (part: Buffer) => {
				length += part.length;
			});
			call.on('end', () => done(null, Buffer.from(String(length))));
		},
		down: (call: ServerWritableStream<Buffer, Buffer>) => {
			for (let at = 0; at < Number(call.request.toString()); at++) call.write(Buffer.from(`message ${at}`));
			call.end();
		},
		both: (call: ServerDuplexStream<Buffer, Buffer>) => {
			call.on('cancelled', () => cancelled.push('both'));
			call.on('data', (part: Buffer) => call.write(Buffer.from(`re: ${part.toString()}`)));
			call.on('end', () => call.end());
		},
	});
	const port = await new Promise<number>((resolve, reject) =>
		server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
			error === null ? resolve(bound) : reject(error),
		),
	);
	t.after(() => server.forceShutdown());
	return { port, calls, cancelled, stop: () => server.forceShutdown() };
}

interface Client {
	unary(
		request: Buffer,
		metadata: Metadata,
		options: { deadline?: number },
		done: (error: Error | null, answer: Buffer) => void,
	): { cancel(): void; on(event: 'status', listener: (status: { metadata: Metadata }) => void): void };
	up(done: (error: Error | null, answer: Buffer) => void): { write(part: Buffer): boolean; end(): void };
	down(request: Buffer): ClientReadableStream<Buffer>;
	both(): ClientDuplexStream<Buffer, Buffer>;
	close(): void;
}

const Constructor = makeGenericClientConstructor(service, 'Echo');

async function clientOf(t: TestContext, app: App, secure: boolean): Promise<Client> {
	const engine = secure ? h1({ log: () => {}, also: [alsoHttp2()] }) : http2({ log: () => {} });
	const tls = secure ? { tls: minted('localhost') } : {};
	const listener = await engine.listen(app, { host: '127.0.0.1', port: 0, ...tls });
	const { createInsecure, createSsl } = credentials;
	const client = new Constructor(
		`localhost:${portOf(listener)}`,
		secure ? createSsl(Buffer.from(mint)) : createInsecure(),
	) as unknown as Client;
	t.after(async () => {
		client.close();
		await listener.close();
	});
	return client;
}

const call = (client: Client, text: string, options: { deadline?: number } = {}): Promise<Buffer> =>
	new Promise((resolve, reject) => {
		client.unary(Buffer.from(text), new Metadata(), options, (error, answer) =>
			error === null ? resolve(answer) : reject(error),
		);
	});

async function proxied(t: TestContext, secure: boolean): Promise<{ client: Client; behind: Backend }> {
	const behind = await backend(t);
	const proxy = reverse(`http://127.0.0.1:${behind.port}`, { http: '2', log: () => {} });
	const client = await clientOf(t, proxy, secure);
	t.after(() => proxy.close());
	return { client, behind };
}

for (const secure of [false, true]) {
	const how = secure ? 'under TLS' : 'without TLS';

	test(`${how}: unary calls, and their trailing metadata`, async (t) => {
		const { client } = await proxied(t, secure);
		const answers = Array.from({ length: 20 }, (_, at) => call(client, `call ${at}`));
		assert.deepEqual(
			(await Promise.all(answers)).map(String),
			answers.map((_, at) => `CALL ${at}`),
		);
		const trailer = await new Promise<string>((resolve) => {
			const one = client.unary(Buffer.from('x'), new Metadata(), {}, () => {});
			one.on('status', ({ metadata }) => resolve(String(metadata.get('x-backend'))));
		});
		assert.equal(trailer, 'one');
	});

	test(`${how}: an error comes with its code, its words and its metadata`, async (t) => {
		const { client } = await proxied(t, secure);
		const error = await call(client, 'fail').then(
			() => assert.fail('it has an error'),
			(reason: ServiceError) => reason,
		);
		assert.deepEqual(
			[error.code, error.details, error.metadata.get('why')[0]],
			[status.FAILED_PRECONDITION, 'not today — ü', 'no reason'],
		);
	});

	test(`${how}: streams in each direction, and in both at once`, async (t) => {
		const { client } = await proxied(t, secure);
		const length = await new Promise<string>((resolve, reject) => {
			const up = client.up((error, answer) => (error === null ? resolve(String(answer)) : reject(error)));
			for (let at = 0; at < 100; at++) up.write(Buffer.alloc(10_000));
			up.end();
		});
		assert.equal(length, '1000000');
		let count = 0;
		for await (const part of client.down(Buffer.from('500'))) assert.equal(String(part), `message ${count++}`);
		assert.equal(count, 500);
		const both = client.both();
		for (let at = 0; at < 5; at++) {
			both.write(Buffer.from(`m${at}`));
			assert.equal(String((await once(both, 'data'))[0]), `re: m${at}`, 'each answer comes before the next question');
		}
		both.end();
		await once(both, 'end');
	});

	test(`${how}: a deadline that has passed, and a call that is cancelled, reach the server`, async (t) => {
		const { client, behind } = await proxied(t, secure);
		await assert.rejects(call(client, 'never', { deadline: Date.now() + 150 }), { code: status.DEADLINE_EXCEEDED });
		await until(() => behind.cancelled.length === 1, 'the server has heard of the deadline');
		const both = client.both();
		both.on('error', () => {});
		both.write(Buffer.from('hello'));
		await once(both, 'data');
		both.cancel();
		await until(() => behind.cancelled.includes('both'), 'the server has heard of it');
	});
}

test('several servers share the calls; when one goes, nobody sees more than UNAVAILABLE, and calls go on', async (t) => {
	const [one, two] = [await backend(t, 'one'), await backend(t, 'two')];
	const group = upstreams(
		[one, two].map(({ port }) => `http://127.0.0.1:${port}`),
		{ log: () => {}, reverse: { http: '2', log: () => {} } },
	);
	t.after(() => group.close());
	const client = await clientOf(t, group, false);
	for (let at = 0; at < 10; at++) await call(client, `a${at}`);
	assert.deepEqual([one.calls.length, two.calls.length], [5, 5]);
	one.stop();
	await pause(50);
	for (let at = 0; at < 10; at++) assert.equal(String(await call(client, `b${at}`)), `B${at}`);
});

test('nobody behind it: a client of gRPC is told in its own words', async (t) => {
	const proxy = reverse('http://127.0.0.1:1', { http: '2', log: () => {} });
	t.after(() => proxy.close());
	const client = await clientOf(t, proxy, false);
	await assert.rejects(call(client, 'x'), { code: status.UNAVAILABLE });
});

test('health: grpc asks the server whether it serves, as a whole or one service', async (t) => {
	const server = new Server();
	let state = 1;
	const asked: string[] = [];
	const health = {
		check: { path: '/grpc.health.v1.Health/Check', requestStream: false, responseStream: false, ...codec },
	};
	server.addService(health, {
		check: (one: ServerUnaryCall<Buffer, Buffer>, done: sendUnaryData<Buffer>) => {
			asked.push(one.request.toString('latin1'));
			if (state === -1) done({ code: status.NOT_FOUND });
			else done(null, Buffer.from([8, state]));
		},
	});
	const port = await new Promise<number>((resolve) =>
		server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (_error, bound) => resolve(bound)),
	);
	t.after(() => server.forceShutdown());
	const url = `http://127.0.0.1:${port}`;
	const group = upstreams([url], { health: { path: 'grpc:test.Echo', interval: 20, up: 1, down: 1 }, log: () => {} });
	t.after(() => group.close());
	await group.start();
	const verdict = (): string | null | undefined => group.statistics().members[url]?.health;
	await until(() => verdict() === 'well', 'it serves');
	assert.equal(asked[0], '\n\ttest.Echo');
	state = 2;
	await until(() => verdict() === 'NOT_SERVING', 'it does not');
	state = -1;
	await until(() => verdict() === 'grpc-status 5', 'it does not know the service');
	server.forceShutdown();
	await until(() => /connect/i.test(verdict() ?? ''), 'it is gone');
	assert.equal(group.statistics().members[url]?.state, 'down');
});
