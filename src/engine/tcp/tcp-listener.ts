/** One listening address whose connections become tunnels; or, without an address, who takes connections of others that shall. */
import type { Socket } from 'node:net';
import type { App } from '../../convention/index.ts';
import { NOBODY, SocketTransport } from '../../transport/node/index.ts';
import type { ListenOptions } from '../engine.ts';
import { type ListenedConnection, SocketListener } from '../socket-listener.ts';
import type { SocketSettings } from '../socket-settings.ts';
import { TcpConnection } from './tcp-connection.ts';

export class TcpListener extends SocketListener<ListenedConnection> {
	/** A client that is one too many is told nothing. */
	protected readonly refusal: string = '';
	private readonly to: string;
	private readonly others: WeakMap<Socket, string> = new WeakMap();

	/** `to`: where the tunnels lead, `host:port`. */
	constructor(app: App, settings: SocketSettings, secure: boolean, to: string) {
		super(app, settings, secure);
		this.to = to;
	}

	start(options: ListenOptions): Promise<this> {
		return this.accept(options, []);
	}

	/** Takes a connection over, for a tunnel that leads elsewhere. */
	takeFor(socket: Socket, to: string): void {
		this.others.set(socket, to);
		this.take(socket);
	}

	protected connected(socket: Socket, countedAs: string | null): void {
		const transport = new SocketTransport(socket, NOBODY);
		const connection = new TcpConnection(this, transport, countedAs);
		transport.handler = connection;
		this.opened(connection);
		transport.listen();
		connection.begin(this.others.get(socket) ?? this.to);
	}
}
