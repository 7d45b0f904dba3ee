/** A socket that another engine speaks on: it was accepted here, so it counts for the limits of this listener. */
import type { Socket } from 'node:net';
import type { ListenedConnection } from '../socket-listener.ts';

export class LentSocket implements ListenedConnection {
	rosterPlace = -1;
	readonly countedAs: string | null;
	private readonly socket: Socket;

	constructor(socket: Socket, countedAs: string | null) {
		this.socket = socket;
		this.countedAs = countedAs;
	}

	/** Whoever speaks on it says goodbye himself. */
	drain(): void {}

	destroy(): void {
		this.socket.destroy();
	}
}
