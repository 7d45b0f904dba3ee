/** One listening address: accepts connections within the limits, counts, drains, closes. */
import type { Address, App } from '../../convention/index.ts';
import { errorVerdict } from '../../convention/index.ts';
import type { Violation } from '../../protocol/h1/index.ts';
import { type Acceptor, accept, NOBODY, SocketTransport } from '../../transport/node/index.ts';
import type { Listener, ListenerStatistics, ListenOptions } from '../engine.ts';
import { nodeTls } from '../node-tls.ts';
import type { Exchange } from './exchange.ts';
import type { Settings } from './options.ts';
import { ServerConnection } from './server-connection.ts';

const REFUSAL =
	'HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 22\r\nRetry-After: 1\r\nConnection: close\r\n\r\nToo many connections.\n';

/** Milliseconds that a refused client has for reading why. */
const REFUSED = 2_000;

type AcceptedSocket = ConstructorParameters<typeof SocketTransport>[0];

export class H1Listener implements Listener {
	readonly app: App;
	readonly settings: Settings;
	draining = false;
	private readonly secure: boolean;
	private readonly open: Set<ServerConnection> = new Set();
	private readonly perAddress: Map<string, number> = new Map();
	private readonly background: Set<Promise<unknown>> = new Set();
	private acceptor: Acceptor | null = null;
	private readonly emptied: (() => void)[] = [];
	private accepted = 0;
	private refused = 0;
	private requests = 0;
	private active = 0;
	private violations = 0;
	private timeouts = 0;

	private constructor(app: App, settings: Settings, secure: boolean) {
		this.app = app;
		this.settings = settings;
		this.secure = secure;
	}

	static async start(app: App, settings: Settings, options: ListenOptions): Promise<H1Listener> {
		const listener = new H1Listener(app, settings, options.tls !== undefined);
		const { tls, ...at } = options;
		const secured = tls === undefined ? {} : { tls: nodeTls(tls, ['http/1.1'], settings.timeouts.header) };
		listener.acceptor = await accept({ at, ...secured }, (socket) => listener.connected(socket));
		return listener;
	}

	get address(): Address {
		return (this.acceptor as Acceptor).address;
	}

	get url(): string {
		const { address } = this;
		if (address.kind !== 'ip') return address.kind === 'unix' ? `unix:${address.path}` : 'memory:';
		const host = address.host.includes(':') ? `[${address.host}]` : address.host;
		return `${this.secure ? 'https' : 'http'}://${host}:${address.port}`;
	}

	statistics(): ListenerStatistics {
		const { accepted, refused, requests, active, violations, timeouts } = this;
		return { connections: this.open.size, accepted, refused, requests, active, violations, timeouts };
	}

	private connected(socket: AcceptedSocket): void {
		this.accepted++;
		const address = this.addressToCount(socket);
		if (this.open.size >= this.settings.limits.connections || this.isFull(address)) {
			this.refused++;
			this.refuse(socket);
			return;
		}
		const transport = new SocketTransport(socket, NOBODY);
		const connection = new ServerConnection(this, transport, this.secure, address);
		transport.handler = connection;
		this.open.add(connection);
		if (address !== null) this.perAddress.set(address, (this.perAddress.get(address) ?? 0) + 1);
		transport.listen();
	}

	/** The remote address when connections from one address are limited, else null: it costs a system call. */
	private addressToCount(socket: AcceptedSocket): string | null {
		return Number.isFinite(this.settings.limits.connectionsPerAddress) ? (socket.remoteAddress ?? null) : null;
	}

	private isFull(address: string | null): boolean {
		return address !== null && (this.perAddress.get(address) ?? 0) >= this.settings.limits.connectionsPerAddress;
	}

	/** It is not counted, so its time runs whatever the client does meanwhile. */
	private refuse(socket: AcceptedSocket): void {
		const timer = setTimeout(() => socket.destroy(), REFUSED).unref();
		socket.on('error', () => {}).on('close', () => clearTimeout(timer));
		socket.resume();
		socket.end(REFUSAL);
	}

	// What connections report.

	connectionClosed(connection: ServerConnection): void {
		if (!this.open.delete(connection)) return;
		this.uncount(connection);
		if (this.open.size === 0) for (const resolve of this.emptied.splice(0)) resolve();
	}

	private uncount(connection: ServerConnection): void {
		const { countedAs } = connection;
		if (countedAs === null) return;
		const left = (this.perAddress.get(countedAs) ?? 1) - 1;
		if (left === 0) this.perAddress.delete(countedAs);
		else this.perAddress.set(countedAs, left);
	}

	exchangeBegun(): void {
		this.requests++;
		this.active++;
	}

	exchangeEnded(): void {
		this.active--;
	}

	violation(connection: ServerConnection, violation: Violation): void {
		this.violations++;
		this.settings.log({ level: 'debug', message: violation.message, connection: connection.facts.id });
	}

	timedOut(): void {
		this.timeouts++;
	}

	/** Logs what went wrong in an exchange, as loudly as the table of errors says. */
	logFailure(exchange: Exchange, error: unknown): void {
		const { level } = errorVerdict(error);
		if (level === null) return;
		const path = exchange.target.split('?', 1)[0] as string;
		this.settings.log({
			level,
			message: exchange.committed ? 'A response was cut short' : 'An exchange failed',
			connection: exchange.owner.facts.id,
			request: `${exchange.method} ${path}`,
			error,
		});
	}

	/** Logs an error that has nothing to do with an exchange: ours. */
	fault(connection: ServerConnection, error: unknown): void {
		this.settings.log({ level: 'error', message: 'A connection failed', connection: connection.facts.id, error });
	}

	/** Calls something of the app's at the end of an exchange: an error is logged, and the rest goes on. */
	attempt(exchange: Exchange, work: () => void): void {
		try {
			work();
		} catch (error) {
			this.logFailure(exchange, error);
		}
	}

	/** Work that outlives its exchange; the listener drains only when it is done. */
	waitUntil(work: Promise<unknown>, exchange: Exchange): void {
		const watched = work
			.catch((error: unknown) => this.logFailure(exchange, error))
			.finally(() => this.background.delete(watched));
		this.background.add(watched);
	}

	// How it ends.

	async drain(deadline: number): Promise<void> {
		this.draining = true;
		this.acceptor?.stop();
		for (const connection of [...this.open]) {
			if (connection.idle) connection.close();
			else connection.codec.close();
		}
		let timer: ReturnType<typeof setTimeout> | undefined;
		const late = new Promise<void>((resolve) => {
			timer = setTimeout(resolve, deadline);
		});
		await Promise.race([late, this.allClosed().then(() => Promise.allSettled([...this.background]))]);
		clearTimeout(timer);
		await this.close();
	}

	/** Resolves when no connection is open. */
	private async allClosed(): Promise<void> {
		if (this.open.size === 0) return;
		await new Promise<void>((resolve) => this.emptied.push(resolve));
	}

	async close(): Promise<void> {
		this.draining = true;
		this.acceptor?.stop();
		for (const connection of [...this.open]) connection.transport.destroy();
		await this.allClosed();
	}

	[Symbol.asyncDispose](): Promise<void> {
		return this.close();
	}
}
