/** The first bytes of a connection, looked at before anybody speaks on it. What is not used up waits in the socket as if it had not been read. */
import type { Socket } from 'node:net';

export interface Look {
	/** Milliseconds until it must be over; 0 is for ever. */
	readonly patience: number;
	/** Bytes that are used up; null while more must come. What it throws has the connection closed. */
	readonly look: (held: Buffer) => number | null;
	/** Told when it is over, unless the connection is. */
	readonly done: () => void;
	readonly refused: (error: Error) => void;
}

export function lookAtBeginning(socket: Socket, { patience, look, done, refused }: Look): void {
	let held = Buffer.alloc(0);
	const timer = patience > 0 ? setTimeout(() => socket.destroy(), patience).unref() : undefined;
	const settle = (): void => {
		clearTimeout(timer);
		socket.off('readable', readable);
		socket.off('end', gone);
		socket.off('close', settle);
	};
	const gone = (): void => void socket.destroy();
	const readable = (): void => {
		for (let chunk = socket.read() as Buffer | null; chunk !== null; chunk = socket.read() as Buffer | null)
			held = Buffer.concat([held, chunk]);
		if (held.length === 0) return;
		let used: number | null;
		try {
			used = look(held);
		} catch (error) {
			settle();
			socket.destroy();
			return refused(error as Error);
		}
		if (used === null) return;
		settle();
		if (used < held.length) socket.unshift(held.subarray(used));
		done();
	};
	// Whoever takes it over listens for more; nothing that goes wrong before ends the process.
	socket.on('error', () => {});
	socket.on('readable', readable);
	socket.on('end', gone);
	socket.on('close', settle);
}
