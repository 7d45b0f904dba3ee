/** The guard in the hands of node's own clients, and as a connector by itself. */
import assert from 'node:assert/strict';
import { lookup } from 'node:dns';
import { type Agent, get as getHttp, type RequestOptions } from 'node:http';
import { get as getHttps } from 'node:https';
import { connect as connectSocket, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { type Guard, GuardError, type GuardOptions, guard, type UndiciTarget } from '../../../src/client/index.ts';
import { authority, server } from '../../support/certificates.ts';
import { ok, origin as originOf, rawServer } from '../../support/raw-server.ts';

const tls = { cert: server.cert, key: server.key };
const resolve = async (): Promise<string[]> => ['127.0.0.1'];

/** The body of the answer, or the error. */
function got(get: typeof getHttp, options: RequestOptions): Promise<string | Error> {
	return new Promise((settle) => {
		const request = get(options, (response) => {
			let text = '';
			response.setEncoding('utf8').on('data', (piece: string) => (text += piece));
			response.on('end', () => settle(text));
		});
		request.on('error', settle);
	});
}

function refusalIn(result: unknown): GuardError {
	assert.ok(result instanceof GuardError, String(result));
	assert.equal(result.code, 'ERR_GUARD_REFUSED');
	return result;
}

interface Way {
	readonly secure: boolean;
	ask(one: Guard, t: TestContext, options: RequestOptions): Promise<string | Error>;
}

const ways: Readonly<Record<string, Way>> = {
	'node:http': {
		secure: false,
		ask: (one, t, options) => got(getHttp, { ...options, agent: kept(t, one.httpAgent()) }),
	},
	'node:https': {
		secure: true,
		ask: (one, t, options) =>
			got(getHttps as typeof getHttp, { ...options, agent: kept(t, one.httpsAgent({ ca: authority })) }),
	},
};

function kept<T extends Agent>(t: TestContext, agent: T): T {
	t.after(() => agent.destroy());
	return agent;
}

for (const [name, { secure, ask }] of Object.entries(ways)) {
	const place = (t: TestContext) => originOf(t, () => ok('reached'), secure ? { tls } : {});

	test(`${name}: a private address is refused, literal and by name, and nothing is sent`, async (t) => {
		const origin = await place(t);
		for (const host of ['127.0.0.1', '::ffff:127.0.0.1', '0x7f.1', 'localhost', 'origin.example']) {
			const refusal = refusalIn(await ask(guard({ resolve }), t, { host, port: origin.port }));
			assert.equal(refusal.hostname, host);
			assert.equal(refusal.reason, 'loopback');
		}
		assert.equal(origin.peers.length, 0);
	});

	test(`${name}: an allowed address is reached, literal and by name`, async (t) => {
		const origin = await place(t);
		const open = guard({ allow: ['loopback'], resolve });
		for (const host of ['127.0.0.1', 'origin.example'])
			assert.equal(await ask(open, t, { host, port: origin.port }), 'reached');
	});

	test(`${name}: a request cannot bring a look-up or a unix socket past the guard`, async (t) => {
		const origin = await place(t);
		const own = {
			host: 'origin.example',
			port: origin.port,
			lookup: (_, options, done) => lookup('127.0.0.1', options, done),
		} satisfies RequestOptions;
		refusalIn(await ask(guard({ resolve }), t, own));
		const refusal = refusalIn(await ask(guard(), t, { socketPath: '/run/some.sock', path: '/' }));
		assert.match(refusal.message, /unix socket/);
		assert.equal(origin.peers.length, 0);
	});

	test(`${name}: a name that changes its mind after it was judged gains nothing`, async (t) => {
		const right = await originOf(t, () => ok('judged'), { at: { host: '127.0.0.2', port: 0 }, ...(secure && { tls }) });
		const wrong = await originOf(t, () => ok('wrong'), { at: { host: '127.0.0.1', port: right.port } });
		const answers = ['127.0.0.2', '127.0.0.1', '127.0.0.1'];
		let asked = 0;
		const judge = (address: string): boolean => address === '127.0.0.2';
		const fickle = guard({ judge, resolve: async () => [answers[asked++] as string] });
		const to = { host: 'origin.example', port: right.port };
		assert.equal(await ask(fickle, t, to), 'judged');
		assert.equal(asked, 1, 'one look-up for one connection');
		refusalIn(await ask(fickle, t, to));
		assert.equal(wrong.peers.length, 0);
	});
}

/** What the connector calls back with. */
function connected(one: Guard, target: Partial<UndiciTarget>): Promise<Socket | Error> {
	const whole = { hostname: 'origin.example', protocol: 'http:', port: '', ...target };
	return new Promise((settle) => one.connect(whole, (error, socket) => settle(error ?? socket)));
}

test('connect: gives a socket that stands, plain and under TLS, on a connection that is there already, too', async (t) => {
	const plain = await rawServer(t);
	const secure = await rawServer(t, undefined, { tls });
	const open = guard({ allow: ['loopback'], resolve, tls: { ca: authority, host: 'elsewhere.example', port: 1 } });
	const httpSocket = connectSocket(secure.port, '127.0.0.1');
	for (const [target, there, index] of [
		[{ port: String(plain.port) }, plain, 0],
		[{ port: String(secure.port), protocol: 'https:' }, secure, 0],
		[{ port: '443', protocol: 'https:', httpSocket }, secure, 1],
	] as const) {
		const socket = await connected(open, target);
		if (socket instanceof Error) throw socket;
		await there.peer(index);
		assert.equal(socket.readyState, 'open');
		socket.destroy();
	}
});

test('connect: what is refused fails in a later turn, and whoever is named says why', async (t) => {
	const origin = await rawServer(t);
	for (const [target, reason] of [
		[{ hostname: '127.0.0.1' }, 'loopback'],
		[{ hostname: '[::1]' }, 'loopback'],
		[{ hostname: '169.254.169.254' }, 'a metadata service'],
		[{ hostname: '10.1.2.3' }, 'private'],
		[{}, 'loopback'],
		[{ socketPath: '/run/docker.sock' }, 'a unix socket has no address'],
	] as const) {
		const refusal = refusalIn(await connected(guard({ resolve }), { port: String(origin.port), ...target }));
		assert.equal(refusal.reason, reason);
	}
	assert.equal(origin.peers.length, 0);
});

test('connect: the time-out covers look-up, connection and TLS', async (t) => {
	const silent = await rawServer(t);
	const never = (): Promise<string[]> => new Promise(() => {});
	for (const [options, target] of [
		[{ resolve: never }, {}],
		[
			{ resolve, allow: ['loopback'] },
			{ protocol: 'https:', port: String(silent.port) },
		],
	] as const satisfies readonly (readonly [GuardOptions, Partial<UndiciTarget>])[]) {
		const error = (await connected(guard({ ...options, timeout: 50 }), target)) as NodeJS.ErrnoException;
		assert.equal(error.code, 'ETIMEDOUT');
	}
	await (await silent.peer()).closed();
});

test('lookup and refusal: together they keep a client that takes nothing else', async () => {
	const one = guard({ resolve: async (name) => [name === 'inside.example' ? '192.168.0.1' : '93.184.216.34'] });
	const looked = (name: string): Promise<unknown> =>
		new Promise((settle) => one.lookup(name, { all: true }, (error, addresses) => settle(error ?? addresses)));
	assert.equal(refusalIn(await looked('inside.example')).reason, 'private');
	assert.deepEqual(await looked('public.example'), [{ address: '93.184.216.34', family: 4 }]);
	assert.equal(one.refusal('0177.0.0.1', 80)?.reason, 'loopback');
	assert.equal(one.refusal('93.184.216.34', 80), null);
	assert.equal(one.refusal('inside.example', 80), null, 'names are judged when they are looked up');
});

test('options that mean nothing are refused at once', () => {
	assert.throws(() => guard({ allow: ['10.0.0.0/99'] }), TypeError);
	assert.throws(() => guard({ timeout: -1 }), /timeout/);
	assert.throws(() => guard().httpAgent({ proxyEnv: { HTTP_PROXY: 'http://proxy.example' } }), /proxyEnv/);
});
