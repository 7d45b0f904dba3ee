/**
 * One listening address of an engine that leaves HTTP to node: accepts sockets within the limits, counts, logs, drains
 * and closes. What is spoken on a socket is the engine's: it takes each one in `connected`.
 */
import type { Socket } from 'node:net';
import type { TlsOptions as NodeTlsOptions } from 'node:tls';
import type { Address, App } from '../convention/index.ts';
import { errorVerdict } from '../convention/index.ts';
import type { H1Limits } from '../protocol/h1/index.ts';
import { type Acceptor, accept } from '../transport/node/index.ts';
import type { ConnectionLimits, EngineTimeouts, Listener, ListenerStatistics, ListenOptions } from './engine.ts';
import type { EngineLogEntry } from './engine-log.ts';
import { NodeConnection } from './node-connection.ts';
import type { ExchangeHost, ServedExchange } from './served-exchange.ts';

/** What every engine over node's HTTP goes by. */
export interface NodeSettings {
	readonly limits: H1Limits & ConnectionLimits;
	readonly timeouts: EngineTimeouts;
	readonly log: (entry: EngineLogEntry) => void;
}

/** Milliseconds that a refused client has for reading why. */
const REFUSED = 2_000;

export abstract class NodeListener implements Listener, ExchangeHost {
	readonly app: App;
	readonly settings: NodeSettings;
	readonly secure: boolean;
	draining = false;
	private readonly open: Set<NodeConnection> = new Set();
	private readonly perAddress: Map<string, number> = new Map();
	private readonly background: Set<Promise<unknown>> = new Set();
	private acceptor: Acceptor | null = null;
	private readonly emptied: (() => void)[] = [];
	private accepted = 0;
	private refused = 0;
	private requests = 0;
	private active = 0;
	private violations = 0;
	private timeoutsPassed = 0;

	constructor(app: App, settings: NodeSettings, secure: boolean) {
		this.app = app;
		this.settings = settings;
		this.secure = secure;
	}

	/** Speaks HTTP on a socket that has been let in. */
	protected abstract connected(connection: NodeConnection): void;
	/** What a client that is one too many is sent, if anything. */
	protected abstract readonly refusal: string;

	async start(options: ListenOptions, tls: NodeTlsOptions | null): Promise<this> {
		const { tls: _, ...at } = options;
		this.acceptor = await accept({ at, ...(tls === null ? {} : { tls }) }, (socket) => this.admit(socket));
		return this;
	}

	get timeouts(): EngineTimeouts {
		return this.settings.timeouts;
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
		const { accepted, refused, requests, active, violations, timeoutsPassed: timeouts } = this;
		return { connections: this.open.size, accepted, refused, requests, active, violations, timeouts };
	}

	private admit(socket: Socket): void {
		this.accepted++;
		// Whoever takes the socket over listens for more; nothing that goes wrong with it ends the process.
		socket.on('error', () => {});
		const { limits } = this.settings;
		const address = Number.isFinite(limits.connectionsPerAddress) ? (socket.remoteAddress ?? null) : null;
		const full = address !== null && (this.perAddress.get(address) ?? 0) >= limits.connectionsPerAddress;
		if (this.draining || full || this.open.size >= limits.connections) return this.refuse(socket);
		const connection = new NodeConnection(socket, this.address, address);
		this.open.add(connection);
		if (address !== null) this.perAddress.set(address, (this.perAddress.get(address) ?? 0) + 1);
		socket.once('close', () => this.connectionClosed(connection));
		this.connected(connection);
	}

	/** It is not counted, so its time runs whatever the client does meanwhile. */
	private refuse(socket: Socket): void {
		this.refused++;
		const timer = setTimeout(() => socket.destroy(), REFUSED).unref();
		socket.on('close', () => clearTimeout(timer));
		socket.resume();
		socket.end(this.refusal);
	}

	private connectionClosed(connection: NodeConnection): void {
		this.open.delete(connection);
		const { countedAs } = connection;
		if (countedAs !== null) {
			const left = (this.perAddress.get(countedAs) ?? 1) - 1;
			if (left === 0) this.perAddress.delete(countedAs);
			else this.perAddress.set(countedAs, left);
		}
		if (this.open.size === 0) for (const resolve of this.emptied.splice(0)) resolve();
	}

	// What exchanges report.

	exchangeBegun(): void {
		this.requests++;
		this.active++;
	}

	exchangeEnded(): void {
		this.active--;
	}

	violation(connection: NodeConnection, message: string): void {
		this.violations++;
		this.settings.log({ level: 'debug', message, connection: connection.id });
	}

	timedOut(): void {
		this.timeoutsPassed++;
	}

	/** Logs what went wrong in an exchange, as loudly as the table of errors says. */
	logFailure(exchange: ServedExchange, error: unknown): void {
		const { level } = errorVerdict(error);
		if (level === null) return;
		const path = exchange.target.split('?', 1)[0] as string;
		this.settings.log({
			level,
			message: exchange.committed ? 'A response was cut short' : 'An exchange failed',
			connection: exchange.connection.id,
			request: `${exchange.method} ${path}`,
			error,
		});
	}

	attempt(exchange: ServedExchange, work: () => void): void {
		try {
			work();
		} catch (error) {
			this.logFailure(exchange, error);
		}
	}

	/** Work that outlives its exchange; the listener drains only when it is done. */
	waitUntil(work: Promise<unknown>, exchange: ServedExchange): void {
		const watched = work
			.catch((error: unknown) => this.logFailure(exchange, error))
			.finally(() => this.background.delete(watched));
		this.background.add(watched);
	}

	// How it ends.

	async drain(deadline: number): Promise<void> {
		this.draining = true;
		this.acceptor?.stop();
		for (const connection of [...this.open]) connection.drain();
		let timer: ReturnType<typeof setTimeout> | undefined;
		const late = new Promise<void>((resolve) => {
			timer = setTimeout(resolve, deadline);
		});
		await Promise.race([late, this.allClosed().then(() => Promise.allSettled([...this.background]))]);
		clearTimeout(timer);
		await this.close();
	}

	async close(): Promise<void> {
		this.draining = true;
		this.acceptor?.stop();
		for (const { socket } of [...this.open]) socket.destroy();
		await this.allClosed();
		this.released();
	}

	/** All sockets are closed: lets go of what the engine holds. */
	protected abstract released(): void;

	/** Resolves when no connection is open. */
	private async allClosed(): Promise<void> {
		if (this.open.size === 0) return;
		await new Promise<void>((resolve) => this.emptied.push(resolve));
	}

	[Symbol.asyncDispose](): Promise<void> {
		return this.close();
	}
}
