/**
 * Exchanges drawn by lot, through client, proxy and origin on sockets: what comes out is what went in, or it is plain
 * to see that it was cut short; and when all is over nothing is left. A run is repeated by its seed.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { inspect } from 'node:util';
import { reverse } from '../../src/proxy/index.ts';
import { authority, server as certificate } from '../support/certificates.ts';
import { listen, portOf } from '../support/engines.ts';
import { type Gateway, scripted } from '../support/gateway.ts';
import { type Message, readHead } from '../support/message.ts';
import { connectSecurely } from '../support/raw-client.ts';
import type { RawPeer } from '../support/raw-peer.ts';
import { rawServer, type Script } from '../support/raw-server.ts';
import { until } from '../support/until.ts';
import { isBodiless, type Plan, plan, requestBytes, requestHead, responseBytes } from './plan.ts';
import { SEED, Seeded } from './seeded.ts';

const CONNECTIONS = Number(process.env['TURNABOUT_ROUNDS'] ?? 150);
const LANES = 6;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** What reached the origin for each plan, once for each time that it came. */
type Seen = Map<number, Message[]>;

/** Sends in the pieces that the plan says, and leaves where it says so; `halfCloses` sends FIN with the last piece. */
async function sendCut(
	peer: RawPeer,
	bytes: string,
	cuts: readonly number[],
	leaves: Plan['clientLeaves'],
	halfCloses = false,
): Promise<void> {
	const end = leaves === null ? bytes.length : leaves.after;
	let from = 0;
	for (const cut of [...cuts, bytes.length]) {
		const to = Math.min(cut, end);
		if (to > from) peer.send(bytes.slice(from, to));
		if (halfCloses && to === bytes.length) return void peer.finish();
		from = Math.max(from, to);
		await turn();
	}
	if (leaves !== null) peer[leaves.by]();
}

function slowDown(peer: RawPeer): void {
	peer.socket.on('data', () => {
		peer.pause();
		setTimeout(() => peer.resume(), 1);
	});
}

function originScript(plans: Map<number, Plan>, seen: Seen): (peer: RawPeer) => Promise<void> {
	return async (peer) => {
		for (;;) {
			await peer.when(() => peer.over || peer.unread.includes('\r\n\r\n'), 'request or end', 20_000);
			if (peer.unread.length === 0) return peer.destroy();
			const head = readHead(peer.unread, 0);
			if (head === null) return peer.destroy();
			const todo = plans.get(Number(head.startLine.split(' ')[1]?.slice(1))) as Plan;
			if (todo.slowOrigin) slowDown(peer);
			if (!todo.early) {
				if (todo.expects) peer.send('HTTP/1.1 100 Continue\r\n\r\n');
				const message = await peer.message();
				seen.set(todo.id, [...(seen.get(todo.id) ?? []), message]);
			}
			await sendCut(peer, responseBytes(todo), todo.responseCuts, todo.originLeaves);
			if (todo.early || todo.closes || todo.originLeaves !== null) {
				if (todo.originLeaves === null) peer.finish();
				await peer.when(() => peer.over, 'end', 20_000);
				return peer.destroy();
			}
		}
	};
}

/** As `equal`, without showing a quarter of a megabyte. */
function assertSame(got: string, expected: string, what: string): void {
	if (got === expected) return;
	let at = 0;
	while (got[at] === expected[at]) at++;
	assert.fail(`${what} has ${got.length} bytes, not ${expected.length}; they differ from ${at}`);
}

function checkRequest(todo: Plan, got: Message): void {
	const { request, method, id } = todo;
	assert.equal(got.startLine, `${method} /${id} HTTP/1.1`);
	assert.equal(got.get('host'), 'fuzz.example');
	assertSame(got.body, request.content, 'the body that reached the origin');
	assert.deepEqual(got.trailers, request.trailers);
	const framing = got.get('transfer-encoding') ?? got.get('content-length');
	const empty = ['POST', 'PUT', 'PATCH'].includes(method) ? '0' : null;
	const expected = { none: empty, length: String(request.content.length), chunked: 'chunked', close: null };
	// No chunk and no trailers may leave as no body.
	const nothing = request.framing === 'chunked' && request.content === '' && request.trailers.length === 0;
	if (!nothing || framing !== empty) assert.equal(framing, expected[request.framing], 'framing at the origin');
}

function checkResponse(todo: Plan, got: Message): void {
	const { response, status, version } = todo;
	assert.equal(got.status, status);
	assert.equal(got.get('x-id'), String(todo.id));
	assertSame(got.body, isBodiless(todo) ? '' : response.content, 'the body that reached the client');
	const length = got.get('content-length');
	const coding = got.get('transfer-encoding');
	assert.ok(length === null || coding === null, 'one framing');
	if (response.framing === 'length') assert.equal(length, String(response.content.length));
	if (version === '1.0') assert.equal(coding, null);
	else if (!isBodiless(todo) && response.framing !== 'length' && response.content !== '')
		assert.equal(coding, 'chunked');
	if (version === '1.1' && !isBodiless(todo)) assert.deepEqual(got.trailers, response.trailers);
}

/** What the origin left undone: a 502 of ours, or a message that does not look complete. */
function checkCut(todo: Plan, got: Message | null): void {
	if (got === null || got.status === 502) return;
	// All that was missing carried nothing.
	checkResponse(todo, got);
}

/** Reads the answer; null when the connection ended before it was complete. Waiting in vain throws. */
async function answerTo(client: RawPeer, todo: Plan): Promise<{ message: Message | null; interim: number }> {
	let interim = 0;
	for (;;) {
		let message: Message;
		try {
			message = await client.message(todo.method);
		} catch (error) {
			if (!(error as Error).message.startsWith('The connection ended')) throw error;
			return { message: null, interim };
		}
		if (message.status >= 200) return { message, interim };
		if (message.status === 103) interim++;
	}
}

async function sendExpecting(client: RawPeer, todo: Plan): Promise<void> {
	const head = requestHead(todo);
	client.send(head);
	await client.when(() => client.over || client.unread.includes('\r\n\r\n'), 'go-ahead');
	await sendCut(client, requestBytes(todo).slice(head.length), [], null);
}

async function leaveWhileReading(client: RawPeer, { readerLeaves }: Plan): Promise<void> {
	if (readerLeaves === null) return;
	await client
		.when(() => client.over || client.unread.length >= readerLeaves.after, 'some of the answer')
		.catch(() => {});
	client[readerLeaves.by]();
}

async function converse(g: Gateway, plans: readonly Plan[], seen: Seen): Promise<void> {
	const client = await g.client();
	if (plans.some((todo) => todo.slowClient)) slowDown(client);
	let answered = 0;
	const sending = (async () => {
		for (const [index, todo] of plans.entries()) {
			// Who waits for something or leaves has heard the answers before; so has who may be told of a cut by a reset, which
			// takes with it what was not read yet.
			const told = todo.version === '1.0' && todo.originLeaves !== null;
			if (todo.expects || todo.clientLeaves !== null || told)
				await until(() => answered === index || client.over, 'answers');
			if (todo.expects) await sendExpecting(client, todo);
			else await sendCut(client, requestBytes(todo), todo.requestCuts, todo.clientLeaves, todo.halfCloses);
		}
	})();
	for (const todo of plans) {
		const left = todo.clientLeaves !== null || todo.readerLeaves !== null;
		if (left) {
			await sending;
			await leaveWhileReading(client, todo);
			break;
		}
		const { message, interim } = await answerTo(client, todo);
		if (todo.originLeaves !== null) {
			checkCut(todo, message);
			break;
		}
		assert.ok(message !== null, `exchange ${todo.id} was cut short`);
		if (message.status === 502) assert.fail(`502 for exchange ${todo.id}: ${message.get('proxy-status')}`);
		checkResponse(todo, message);
		assert.equal(interim, todo.version === '1.0' ? 0 : todo.interim, 'interim responses');
		const arrived = seen.get(todo.id) ?? [];
		if (!todo.early) assert.equal(arrived.length, 1, 'times that it reached the origin');
		for (const request of arrived) checkRequest(todo, request);
		answered++;
	}
	await sending;
	client.destroy();
}

async function assertNothingLeft(g: Gateway): Promise<void> {
	await until(() => g.front.statistics().connections === 0, 'no connection of a client is left');
	assert.equal(g.front.statistics().active, 0);
	const upstream = () => Object.values(g.proxy.statistics())[0];
	await until(() => upstream()?.connections === upstream()?.idle, 'no connection to the origin is in use');
	await g.proxy.close();
	await until(() => upstream()?.connections === 0, 'no connection to the origin is left');
	await until(() => g.origin.peers.every((peer) => peer.over), 'the origin has seen the end of each');
}

type Log = (entry: { readonly message: string; readonly request?: string; readonly error?: unknown }) => void;
type Place = (t: TestContext, script: Script, log: Log) => Promise<Gateway>;

const plain: Place = (t, script, log) => scripted(t, script, { engine: { log }, reverse: { log } });

/** TLS on both sides of the proxy. */
const secure: Place = async (t, script, log) => {
	const origin = await rawServer(t, script, { tls: certificate });
	const proxy = reverse(`https://127.0.0.1:${origin.port}`, { log, tls: { ca: authority } });
	t.after(() => proxy.close());
	const where = { host: '127.0.0.1', port: 0, tls: certificate };
	const front = await listen(t, proxy, { log }, where);
	const port = portOf(front);
	return { origin, front, proxy, port, client: () => connectSecurely(t, port, { ca: authority }) };
};

async function fuzz(t: TestContext, place: Place, seed: number): Promise<void> {
	const plans = new Map<number, Plan>();
	const seen: Seen = new Map();
	const told: string[] = [];
	const log: Log = ({ message, request, error }) => told.push(`${request}: ${message}: ${inspect(error)}`);
	const g = await place(t, originScript(plans, seen), log);
	const random = new Seeded(seed);
	const connections = Array.from({ length: CONNECTIONS }, (_, connection) => {
		const count = 1 + random.below(4);
		return Array.from({ length: count }, (_each, index) => plan(random, connection * 10 + index, index === count - 1));
	});
	for (const each of connections.flat()) {
		// Node does not say whether TLS was closed in order, so that such a body seems to have come to its end.
		const unseen = place === secure && each.response.framing === 'close';
		plans.set(each.id, unseen ? { ...each, originLeaves: null } : each);
	}
	const waiting = connections.values();
	const lane = async (): Promise<void> => {
		for (const each of waiting) {
			const todo = each.map(({ id }) => plans.get(id) as Plan);
			await converse(g, todo, seen).catch((error: Error) => {
				const shown = each.map((one) =>
					JSON.stringify(one, (key, value) => (key === 'content' ? value.length : value)),
				);
				const about = told.filter((line) => each.some(({ id }) => line.includes(`/${id}:`)));
				throw new Error([error.message, `seed ${seed}, exchanges:`, ...shown, ...about].join('\n'), { cause: error });
			});
		}
	};
	await Promise.all(Array.from({ length: LANES }, lane));
	await assertNothingLeft(g);
}

test('whatever goes through the proxy comes out the same, or visibly cut short', { timeout: 60_000 }, (t) =>
	fuzz(t, plain, SEED),
);

test('the same with TLS on both sides', { timeout: 60_000 }, (t) => fuzz(t, secure, SEED + 1));
