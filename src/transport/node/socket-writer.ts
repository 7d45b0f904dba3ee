/**
 * Writes to a socket by the methods that node's streams implement and its own `write` calls, `_write` and `_writev`: the
 * queue in between is not needed by who waits for what it has written, and costs a tenth of a microsecond or two. More
 * than that it brings a write that fails into our hands: node would drop the socket with all that has come and was not
 * read yet, such as an upstream's answer to a request that it did not want to read to its end (RFC 9112 section 9.5).
 * TLS takes one write at a time, and goes through node's queue.
 */
import type { Socket } from 'node:net';

export interface WriterOwner {
	/** All that was written has been taken, some time after it was written. */
	allTaken(): void;
	/** Nothing can be written any more. Never called from within a call of the writer's. */
	writeFailed(error: Error): void;
}

/** What node's streams call the encoding of a chunk that is bytes already. */
const BYTES = 'buffer' as BufferEncoding;

interface Piece {
	readonly chunk: string | Uint8Array;
	readonly encoding: BufferEncoding;
}

export class SocketWriter {
	private readonly socket: Socket;
	private readonly owner: WriterOwner;
	private readonly direct: boolean;
	private readonly written: (error?: Error | null) => void = (error) => this.taken(error);
	/** Writes that the system has not taken whole yet. */
	private underWay = 0;
	private writing = false;
	private ends = false;
	private failed = false;

	constructor(socket: Socket, owner: WriterOwner) {
		this.socket = socket;
		this.owner = owner;
		this.direct = !('encrypted' in socket);
	}

	/** Whether bytes are waiting for the peer. */
	get busy(): boolean {
		return this.underWay > 0;
	}

	/** Text is latin1. */
	write(data: string | Uint8Array): void {
		if (this.failed) return;
		const encoding = typeof data === 'string' ? 'latin1' : BYTES;
		this.underWay++;
		this.writing = true;
		if (this.direct) this.socket._write(data, encoding, this.written);
		else this.socket.write(data, typeof data === 'string' ? 'latin1' : undefined, this.written);
		this.writing = false;
	}

	/** A piece between two texts, either of which may be empty, in one system call. */
	writeFramed(before: string, data: Uint8Array, after: string): void {
		if (before.length === 0 && after.length === 0) return this.write(data);
		if (this.failed) return;
		this.underWay++;
		this.writing = true;
		if (this.direct) this.socket._writev?.(piecesOf(before, data, after), this.written);
		else this.writeCorked(piecesOf(before, data, after));
		this.writing = false;
	}

	/** FIN, behind all that was written. */
	end(): void {
		// A shutdown that waits in the system can no longer be turned into a reset.
		if (this.underWay > 0) this.ends = true;
		else this.socket.end();
	}

	private writeCorked(pieces: readonly Piece[]): void {
		const { socket } = this;
		const last = pieces.length - 1;
		socket.cork();
		for (const [index, { chunk, encoding }] of pieces.entries()) {
			const known = typeof chunk === 'string' ? encoding : undefined;
			socket.write(chunk, known, index === last ? this.written : undefined);
		}
		socket.uncork();
	}

	/** Called from within `_write` where the system takes all at once. */
	private taken(error: Error | null | undefined): void {
		this.underWay--;
		if (error && !this.failed) {
			this.failed = true;
			// Through node's queue, the socket has been dropped already.
			if (this.direct) process.nextTick(() => this.owner.writeFailed(error));
		} else if (this.underWay > 0 || this.failed || this.writing) {
			return;
		} else if (this.ends) {
			this.socket.end();
		} else {
			this.owner.allTaken();
		}
	}
}

function piecesOf(before: string, data: Uint8Array, after: string): Piece[] {
	const pieces: Piece[] = [];
	if (before.length > 0) pieces.push({ chunk: before, encoding: 'latin1' });
	pieces.push({ chunk: data, encoding: BYTES });
	if (after.length > 0) pieces.push({ chunk: after, encoding: 'latin1' });
	return pieces;
}
