/** A listening address of an engine that leaves HTTP to node. */
import type { Socket } from 'node:net';
import { NodeConnection } from './node-connection.ts';
import { SocketListener } from './socket-listener.ts';

export abstract class NodeListener extends SocketListener<NodeConnection> {
	/** Has node speak HTTP on the connection. */
	protected abstract speak(connection: NodeConnection): void;

	protected connected(socket: Socket, countedAs: string | null): void {
		// Whoever takes the socket over listens for more; nothing that goes wrong with it ends the process.
		socket.on('error', () => {});
		const connection = new NodeConnection(socket, this.address, countedAs);
		this.opened(connection);
		socket.once('close', () => this.connectionClosed(connection));
		this.speak(connection);
	}
}
