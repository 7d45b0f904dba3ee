/** A transport over a `net.Socket` or `tls.TLSSocket`, accepted or dialled. One per connection, and no closure for it. */
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { peerHost } from '../../addresses/index.ts';
import type { Address, TlsFacts } from '../../convention/index.ts';
import type { Transport, TransportHandler } from '../transport.ts';
import { waits, writeAtEndOfTurn } from './end-of-turn.ts';
import { onReadOption, readInto, readsBy } from './onread.ts';
import { releaseBuffer, sharedBuffer, takeBuffer } from './read-buffers.ts';
import { resetSocket } from './reset.ts';
import { SocketWriter, type WriterOwner } from './socket-writer.ts';
import { tlsFacts } from './tls-facts.ts';

/** Pieces up to this size are copied into the text of the turn; larger ones are written as they are. */
const SMALL = 16_384;
/** Text collected in one turn is written out early past this size. */
const BATCH = 65_536;
/** A peer that takes all at once gets so many bytes, and others their turn; a write counts as much as some bytes. */
const BURST = 4_194_304;
const WRITE = 4_096;

const transportOf = Symbol('transport');
type Carried = Socket & { [transportOf]: SocketTransport };

export class SocketTransport implements Transport, WriterOwner {
	readonly socket: Socket;
	handler: TransportHandler;
	private readonly writer: SocketWriter;
	private batch = '';
	private waiting = false;
	/** What has been written since all of it had left and others had their turn. */
	private burst = 0;
	private paused = false;
	private finished = false;
	private hasEnded = false;
	/** The peer's end has come while paused. Only a socket that reads into our buffers waits with it by itself. */
	private endWaits = false;
	private buffer: Buffer = sharedBuffer;
	private moved = false;
	private error: Error | null = null;

	constructor(socket: Socket, handler: TransportHandler) {
		this.socket = socket;
		this.handler = handler;
		this.writer = new SocketWriter(socket, this);
		(socket as Carried)[transportOf] = this;
		socket.on('end', onEnd);
		socket.on('error', onError);
		socket.on('close', onClose);
	}

	/** Begins to read; a socket that was dialled with `dialledOnRead` does so already. */
	listen(): this {
		if (readsBy(this.socket, onRead)) return this;
		// Somebody has read its beginning as that of a stream: what is behind it may wait there.
		const isStream = 'encrypted' in this.socket || this.socket.readableFlowing === false;
		if (isStream || !readInto(this.socket, sharedBuffer, onRead, nextBuffer)) {
			this.socket.on('data', onData);
		}
		return this;
	}

	get remote(): Address {
		return addressOf(this.socket.remoteAddress, this.socket.remotePort);
	}

	get local(): Address {
		return addressOf(this.socket.localAddress, this.socket.localPort);
	}

	get tls(): TlsFacts | null {
		return 'encrypted' in this.socket ? tlsFacts(this.socket as TLSSocket) : null;
	}

	get pending(): boolean {
		return this.waiting;
	}

	/** A write under way counts as a whole in `writableLength`; what is left of it, node keeps for its own time-outs. */
	get unsent(): number {
		const { _handle: handle } = this.socket as unknown as { _handle?: { writeQueueSize?: number } | null };
		return this.socket.writableLength + (handle?.writeQueueSize ?? 0);
	}

	write(data: string | Uint8Array): boolean {
		if (this.finished) return true;
		if (typeof data !== 'string' && data.length >= SMALL) return this.writeFramed('', data, '');
		this.burst += data.length + WRITE;
		return this.collect(typeof data === 'string' ? data : latin1(data));
	}

	writeFramed(before: string, data: Uint8Array, after: string): boolean {
		if (this.finished) return true;
		if (data.length < SMALL) return this.write(before + latin1(data) + after);
		this.burst += data.length + WRITE;
		const first = this.batch + before;
		this.batch = '';
		this.writer.writeFramed(first, data, after);
		return this.settled();
	}

	/** Keeps text for the end of the turn. */
	private collect(text: string): boolean {
		if (this.batch.length === 0) writeAtEndOfTurn(this);
		this.batch += text;
		waits(text.length);
		return this.batch.length > BATCH ? this.writeOut() : !this.waiting;
	}

	/** Writes what was collected. */
	writeOut(): boolean {
		const text = this.batch;
		this.batch = '';
		if (text.length > 0 && !this.finished) this.writer.write(text);
		return this.settled();
	}

	/** A write of nothing is refused by the system where the connection is lost. TLS goes on reading, and hears by itself. */
	probe(): void {
		if (!this.finished && !this.writer.busy && !('encrypted' in this.socket)) this.writer.write('');
	}

	pause(): void {
		if (this.paused) return;
		this.paused = true;
		this.socket.pause();
	}

	resume(): void {
		if (!this.paused) return;
		this.paused = false;
		this.socket.resume();
		if (this.endWaits) process.nextTick(() => this.tellEnd());
	}

	end(): void {
		if (this.finished) return;
		this.writeOut();
		this.finished = true;
		// The peer has ended, and the system has all: closing says FIN as well, and spares a shutdown and its way back.
		if (this.isLast) this.socket.destroy();
		else this.writer.end();
	}

	/** Nothing is left but to close; TLS has its own good-bye. */
	private get isLast(): boolean {
		return this.hasEnded && !this.writer.busy && this.unsent === 0 && !('encrypted' in this.socket);
	}

	destroy(reset = false): void {
		if (!reset) this.writeOut();
		this.finished = true;
		if (reset) resetSocket(this.socket);
		else this.socket.destroy();
	}

	/** Whether more may be written now; if not, the writer, or another turn of the loop, tells when. */
	private settled(): boolean {
		// What is gone takes nothing more; somebody who writes on and on would keep the loop from hearing of it.
		if (this.waiting || this.finished || this.socket.destroyed) return false;
		if (this.writer.busy) this.waiting = true;
		else if (this.burst > BURST) {
			this.waiting = true;
			setImmediate(() => this.flushed());
		}
		return !this.waiting;
	}

	allTaken(): void {
		if (this.waiting) this.flushed();
	}

	writeFailed(error: Error): void {
		if (this.socket.destroyed || this.handler.unwritable?.(error) === true) return;
		this.socket.destroy(error);
	}

	private flushed(): void {
		this.waiting = false;
		this.burst = 0;
		if (!this.settled()) return;
		try {
			this.handler.drained();
		} catch (error) {
			this.broken(error);
		}
	}

	/** node calls this for every read; what it returns about the next buffer goes out by `nextBuffer`. */
	read(length: number): void {
		const { buffer } = this;
		if (buffer === sharedBuffer && length === buffer.length) return this.beginLarge(length);
		this.hand(buffer, length, buffer !== sharedBuffer);
		if (buffer !== sharedBuffer && length < buffer.length && !this.paused && this.buffer === buffer) {
			this.moveTo(sharedBuffer);
			releaseBuffer(buffer);
		}
	}

	/** A full shared buffer is the start of something large. What is in it moves, too: copied once, here, it is durable for everybody. */
	private beginLarge(length: number): void {
		const large = takeBuffer();
		sharedBuffer.copy(large, 0, 0, length);
		this.moveTo(large);
		this.hand(large, length, true);
	}

	private moveTo(buffer: Buffer): void {
		this.buffer = buffer;
		this.moved = true;
	}

	/** The buffer that the next read goes to, if it is another one than this read's. */
	movedTo(): Buffer | undefined {
		if (!this.moved) return undefined;
		this.moved = false;
		return this.buffer;
	}

	receivedData(chunk: Buffer): void {
		this.hand(chunk, chunk.length, true);
	}

	private hand(bytes: Uint8Array, length: number, durable: boolean): void {
		try {
			this.handler.received(bytes, length, durable);
		} catch (error) {
			this.broken(error);
		}
	}

	receivedEnd(): void {
		this.hasEnded = true;
		this.endWaits = true;
		this.tellEnd();
	}

	private tellEnd(): void {
		if (!this.endWaits || this.paused) return;
		this.endWaits = false;
		try {
			this.handler.ended();
		} catch (error) {
			this.broken(error);
		}
	}

	failed(error: Error): void {
		this.error ??= error;
	}

	closed(): void {
		this.finished = true;
		this.waiting = false;
		this.endWaits = false;
		// While paused, a write to somebody slow may still point into the buffer: that one is left to the collector.
		if (this.buffer !== sharedBuffer && !this.paused) releaseBuffer(this.buffer);
		this.buffer = sharedBuffer;
		try {
			this.handler.closed(this.error);
		} catch (error) {
			this.broken(error);
		}
	}

	private broken(error: unknown): void {
		this.handler.broken?.(error);
		this.destroy(true);
	}
}

/** Whose read has just been handled: node asks for the next buffer without saying for whom. */
let justRead: SocketTransport | null = null;

/** Before the first read of a socket: the shared buffer. After a read: another buffer, or undefined to keep the one it has. */
function nextBuffer(): Buffer | undefined {
	const transport = justRead;
	justRead = null;
	return transport === null ? sharedBuffer : transport.movedTo();
}

function onRead(this: Socket, length: number): boolean {
	const transport = (this as Carried)[transportOf];
	transport.read(length);
	justRead = transport;
	return true;
}

function onData(this: Socket, chunk: Buffer): void {
	(this as Carried)[transportOf].receivedData(chunk);
}

function onEnd(this: Socket): void {
	(this as Carried)[transportOf].receivedEnd();
}

function onError(this: Socket, error: Error): void {
	(this as Carried)[transportOf].failed(error);
}

function onClose(this: Socket): void {
	(this as Carried)[transportOf].closed();
}

/** For `net.connect`: reads of a dialled socket go the same way as those of an accepted one. */
export const dialledOnRead: object = onReadOption(nextBuffer, onRead);

/** Of a socket's other end; the system gives none for a unix socket. */
export function addressOf(host: string | undefined, port: number | undefined): Address {
	if (host === undefined) return { kind: 'unix', path: '' };
	return { kind: 'ip', host: peerHost(host), port: port ?? 0 };
}

function latin1(bytes: Uint8Array): string {
	const buffer = bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
	return buffer.toString('latin1');
}

/** The handler of a transport whose own is still being made; nothing is read in between. */
export const NOBODY: TransportHandler = { received() {}, ended() {}, drained() {}, closed() {} };
