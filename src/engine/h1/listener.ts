/** One listening address of the HTTP/1.1 engine. */
import type { Socket } from 'node:net';
import type { Tunnel } from '../../bytes/index.ts';
import type { App } from '../../convention/index.ts';
import { type Transport, type TunnelEnds, TunnelTransport } from '../../transport/index.ts';
import { NOBODY, SocketTransport } from '../../transport/node/index.ts';
import type { AlsoSpoken } from '../also-spoken.ts';
import type { ListenOptions } from '../engine.ts';
import { nodeTls } from '../node-tls.ts';
import { type ListenedConnection, type SocketHost, SocketListener, TOO_MANY_CONNECTIONS } from '../socket-listener.ts';
import type { SocketSettings } from '../socket-settings.ts';
import { FirstByte } from './first-byte.ts';
import { ServerConnection } from './server-connection.ts';

/** Speaks HTTP/1.1 on connections that somebody else makes. */
export interface H1Host extends SocketHost {
	takeTunnel(tunnel: Tunnel, ends: TunnelEnds): void;
}

export class H1Listener extends SocketListener<ListenedConnection> implements H1Host {
	protected readonly refusal: string = TOO_MANY_CONNECTIONS;
	private readonly also: readonly AlsoSpoken[];

	constructor(app: App, settings: SocketSettings, secure: boolean, also: readonly AlsoSpoken[] = []) {
		super(app, settings, secure);
		this.also = also;
	}

	static start(
		app: App,
		settings: SocketSettings,
		options: ListenOptions,
		also: readonly AlsoSpoken[],
	): Promise<H1Listener> {
		const { tls } = options;
		const listener = new H1Listener(app, settings, tls !== undefined, also);
		return listener.accept(options, tls === undefined ? null : nodeTls(tls, ['http/1.1'], settings.timeouts.header));
	}

	protected connected(socket: Socket, countedAs: string | null): void {
		const transport = new SocketTransport(socket, NOBODY);
		this.begin(transport, countedAs);
		transport.listen();
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
}
