/** One listening address of the HTTP/1.1 engine. */
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Tunnel } from '../../bytes/index.ts';
import type { App } from '../../convention/index.ts';
import { type Transport, type TunnelEnds, TunnelTransport } from '../../transport/index.ts';
import { NOBODY, SocketTransport } from '../../transport/node/index.ts';
import type { AlsoSpoken, SpokenByByte } from '../also-spoken.ts';
import type { ListenerStatistics, ListenOptions } from '../engine.ts';
import {
	type ListenedConnection,
	LONGEST,
	type SocketHost,
	SocketListener,
	TOO_MANY_CONNECTIONS,
} from '../socket-listener.ts';
import type { SocketSettings } from '../socket-settings.ts';
import { FirstByte } from './first-byte.ts';
import { LentSocket } from './lent-socket.ts';
import { ServerConnection } from './server-connection.ts';

/** Speaks HTTP/1.1 on connections that somebody else makes. */
export interface H1Host extends SocketHost {
	takeTunnel(tunnel: Tunnel, ends: TunnelEnds): void;
}

export class H1Listener extends SocketListener<ListenedConnection> implements H1Host {
	protected readonly refusal: string = TOO_MANY_CONNECTIONS;
	private readonly also: readonly SpokenByByte[];
	/** By the protocols that ALPN has for them, best first. */
	private readonly hosts: ReadonlyMap<string, SocketHost>;

	constructor(app: App, settings: SocketSettings, secure: boolean, also: readonly AlsoSpoken[] = []) {
		super(app, settings, secure);
		this.also = also.filter((one) => 'beginsWith' in one);
		const byAlpn = secure ? also.filter((one) => 'alpn' in one) : [];
		this.hosts = new Map(byAlpn.map((one) => [one.alpn, one.host(app)]));
	}

	static start(
		app: App,
		settings: SocketSettings,
		options: ListenOptions,
		also: readonly AlsoSpoken[],
	): Promise<H1Listener> {
		const listener = new H1Listener(app, settings, options.tls !== undefined, also);
		return listener.accept(options, [...listener.hosts.keys(), 'http/1.1']);
	}

	protected connected(socket: Socket, countedAs: string | null): void {
		const host = this.hosts.size === 0 ? undefined : this.hosts.get((socket as TLSSocket).alpnProtocol || '');
		if (host !== undefined) return this.lend(socket, countedAs, host);
		const transport = new SocketTransport(socket, NOBODY);
		this.begin(transport, countedAs);
		transport.listen();
	}

	private lend(socket: Socket, countedAs: string | null, host: SocketHost): void {
		const lent = new LentSocket(socket, countedAs);
		this.opened(lent);
		socket.once('close', () => this.connectionClosed(lent));
		host.take(socket);
	}

	/** Speaks with whoever is at the other end of a tunnel. */
	takeTunnel(tunnel: Tunnel, ends: TunnelEnds): void {
		const transport = new TunnelTransport(tunnel, ends, NOBODY);
		this.begin(transport, null);
		transport.listen();
	}

	private begin(transport: Transport, countedAs: string | null): void {
		const { also } = this;
		const http = new ServerConnection(this, transport, this.secure, countedAs);
		transport.handler = also.length === 0 ? http : new FirstByte(this, transport, http, also);
		this.opened(http);
	}

	/** Logs an error that has nothing to do with an exchange: ours. */
	fault(connection: ServerConnection, error: unknown): void {
		this.settings.log({ level: 'error', message: 'A connection failed', connection: connection.facts.id, error });
	}

	/** With what is spoken on lent sockets; connections are counted here alone. */
	override statistics(): ListenerStatistics {
		const own = super.statistics();
		if (this.hosts.size === 0) return own;
		return [...this.hosts.values()].reduce((all, host) => {
			const { requests, active, violations, timeouts } = host.statistics();
			return {
				...all,
				requests: all.requests + requests,
				active: all.active + active,
				violations: all.violations + violations,
				timeouts: all.timeouts + timeouts,
			};
		}, own);
	}

	protected override async allLeave(): Promise<void> {
		const leaving = [...this.hosts.values()].map((host) => host.drain(LONGEST));
		await Promise.all([super.allLeave(), ...leaving]);
	}

	override async close(): Promise<void> {
		await Promise.all([super.close(), ...[...this.hosts.values()].map((host) => host.close())]);
	}
}
