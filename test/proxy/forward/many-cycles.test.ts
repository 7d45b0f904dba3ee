/** Ten thousand connections, ended and broken off in every state: no socket, timer or count is left of them. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { deny } from '../../../src/proxy/forward/index.ts';
import { type ForwardProxy, forwardProxy } from '../../support/forward-proxy.ts';
import { until } from '../../support/until.ts';

const CYCLES = 10_000;
const AT_ONCE = 50;

interface Ports {
	readonly proxy: number;
	/** Says back what it gets; ends when its peer does. */
	readonly echo: number;
	/** Resets as soon as something comes. */
	readonly reset: number;
	/** Takes everything and says nothing. */
	readonly silent: number;
	/** Nobody listens. */
	readonly closed: number;
}

const silent = (): void => {};

async function listening(t: TestContext, serve: (socket: Socket) => void): Promise<Server> {
	const server = createServer({ allowHalfOpen: true }, (socket) => {
		socket.on('error', silent);
		serve(socket);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	t.after(() => server.close());
	return server;
}

const portOf = (server: Server): number => (server.address() as { port: number }).port;

/** A client that keeps what it gets, and knows when it is over. */
class Client {
	readonly socket: Socket;
	text = '';
	readonly over: Promise<unknown>;

	constructor(port: number) {
		this.socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
		this.socket.on('error', silent);
		this.socket.setEncoding('latin1').on('data', (piece: string) => {
			this.text += piece;
		});
		this.over = new Promise((resolve) => this.socket.once('close', resolve));
	}

	send(text: string): this {
		this.socket.write(text);
		return this;
	}

	/** Waits for a head with this status. */
	async status(expected: number): Promise<void> {
		while (!this.text.includes('\r\n\r\n')) await Promise.race([once(this.socket, 'data'), this.over]);
		assert.match(this.text, new RegExp(`^HTTP/1\\.1 ${expected} `));
		this.text = '';
	}

	async opened(port: number): Promise<this> {
		this.send(connectTo(port));
		await this.status(200);
		return this;
	}

	async left(): Promise<void> {
		this.socket.resetAndDestroy();
		await this.over;
	}

	async ended(): Promise<void> {
		this.socket.end();
		await this.over;
	}
}

const connectTo = (port: number, host = '127.0.0.1'): string =>
	`CONNECT ${host}:${port} HTTP/1.1\r\nHost: ${host}:${port}\r\n\r\n`;
const getFrom = (port: number): string =>
	`GET http://127.0.0.1:${port}/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;

/** How a connection can go. */
const ways: Readonly<Record<string, (client: Client, ports: Ports) => Promise<void>>> = {
	'says nothing': (client) => client.left(),
	'leaves within a head': (client, { echo }) => client.send(connectTo(echo).slice(0, 30)).left(),
	'ends within a head': async (client, { echo }) => client.send(connectTo(echo).slice(0, 30)).ended(),
	'leaves while its destination is dialled': (client, { echo }) => client.send(connectTo(echo)).left(),
	'has a tunnel, and ends it': async (client, { echo }) => {
		(await client.opened(echo)).send('ping');
		while (client.text !== 'ping') await once(client.socket, 'data');
		await client.ended();
	},
	'has a tunnel, and resets it': async (client, { echo }) => {
		(await client.opened(echo)).send('ping');
		await client.left();
	},
	'has a tunnel that its destination resets': async (client, { reset }) => {
		(await client.opened(reset)).send('ping');
		await client.over;
	},
	'ends its half, then leaves one who says nothing': async (client, { silent }) => {
		(await client.opened(silent)).socket.end();
		await new Promise((resolve) => setTimeout(resolve, 2));
		await client.left();
	},
	'asks for one who refuses': async (client, { closed }) => {
		client.send(connectTo(closed));
		await client.status(502);
		await client.ended();
	},
	'asks for one who is denied': async (client, { echo }) => {
		client.send(connectTo(echo, 'denied.example'));
		await client.status(403);
		await client.ended();
	},
	'asks in absolute-form, and leaves': async (client, { silent }) => {
		client.send(getFrom(silent));
		await new Promise((resolve) => setTimeout(resolve, 2));
		await client.left();
	},
	'asks in absolute-form for one who resets': async (client, { reset }) => {
		client.send(getFrom(reset));
		await client.status(502);
		client.socket.end();
		await client.over;
	},
};

/** Sockets and servers; timers of time-outs live in one wheel and are not among them. */
const resources = (): number =>
	process.getActiveResourcesInfo().filter((name) => /^TCP|Pipe|Timeout/.test(name)).length;

async function set(t: TestContext): Promise<{ p: ForwardProxy; ports: Ports; peers: Set<Socket>; deaf: Set<Socket> }> {
	const peers = new Set<Socket>();
	const deaf = new Set<Socket>();
	const kept =
		(serve: (socket: Socket) => void, among = peers) =>
		(socket: Socket) => {
			among.add(socket);
			socket.once('close', () => among.delete(socket));
			serve(socket);
		};
	const echo = await listening(
		t,
		kept((socket) => socket.pipe(socket)),
	);
	const reset = await listening(
		t,
		kept((socket) => socket.once('data', () => socket.resetAndDestroy())),
	);
	const quiet = await listening(
		t,
		kept((socket) => socket.resume(), deaf),
	);
	const gone = await listening(t, silent);
	const closed = portOf(gone);
	gone.close();
	const p = await forwardProxy(t, {
		forward: { policy: (question) => denied(question) ?? { allowed: true, rule: 'all' } },
	});
	const ports = { proxy: p.port, echo: portOf(echo), reset: portOf(reset), silent: portOf(quiet), closed };
	return { p, ports, peers, deaf };
}

const denied = deny({ hosts: ['denied.example'] });

test(`nothing is left of ${CYCLES} connections`, { timeout: 110_000 }, async (t) => {
	const { p, ports, peers, deaf } = await set(t);
	// Those who say nothing do not hear either that nobody is there any more.
	const dropDeaf = (): void => deaf.forEach((socket) => void socket.destroy());
	const all = Object.values(ways);
	for (const way of all) await way(new Client(ports.proxy), ports);
	const idle = (): boolean => {
		const { tunnels, origins } = p.proxy.statistics();
		const { dialling, tunnels: standing } = tunnels;
		const open = Object.values(origins).reduce((sum, { connections }) => sum + connections, 0);
		return dialling + standing + open + peers.size + p.front.statistics().connections === 0;
	};
	await until(idle, 'the first of each way are over', 20_000);
	dropDeaf();
	await until(() => deaf.size === 0, 'nobody is there');
	const before = resources();
	let next = 0;
	const worker = async (): Promise<void> => {
		while (next < CYCLES) await (all[next++ % all.length] as (typeof all)[number])(new Client(ports.proxy), ports);
	};
	await Promise.all(Array.from({ length: AT_ONCE }, worker));
	await until(idle, 'all are over', 20_000);
	dropDeaf();
	await until(() => resources() <= before, `as few sockets as before, ${before}`);
	const opened = p.audit.filter(({ outcome }) => outcome === 'allowed').length;
	assert.ok(opened >= CYCLES / 4, `${opened} tunnels stood`);
});
