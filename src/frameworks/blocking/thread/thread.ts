/**
 * What a thread is made of while it runs a callable: the port, the shared words, and the one place where it waits.
 * It is found by a registered symbol, so that a callable which imports another copy of this package meets it, too.
 */
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { Disconnected } from '../../../convention/index.ts';
import {
	type FromThread,
	GONE,
	OUTSTANDING,
	PIECE_COST,
	PIECE_SIZE,
	SIGNAL,
	type ToThread,
	WINDOW,
} from '../messages.ts';

/** Who is told what comes in for a stream. */
export interface StreamOwner {
	streamed(message: ToThread): void;
}

const THREAD: unique symbol = Symbol.for('turnabout.blocking.thread') as never;

/** The thread that we run in. Throws where there is none. */
export function currentThread(): Thread {
	const found = (globalThis as { [THREAD]?: Thread })[THREAD];
	if (found === undefined) throw new Error('This blocks: call it in a module that is run by threads()');
	return found;
}

export class Thread {
	private readonly port: MessagePort;
	private readonly words: Int32Array;
	private readonly streams: Map<number, StreamOwner> = new Map();
	/** Takes requests and the word to stop. They come while nothing is under way: a timer's callback may block then. */
	private serving: (message: ToThread) => void = () => {};
	private calls = 0;
	/** The exchange under way, or 0. */
	private number = 0;

	constructor(port: MessagePort, shared: SharedArrayBuffer) {
		this.port = port;
		this.words = new Int32Array(shared);
	}

	/** Makes it the current one. */
	install(): void {
		Object.defineProperty(globalThis, THREAD, { value: this });
	}

	/** From now on `serving` is given what is not for a stream. */
	serveWith(serving: (message: ToThread) => void): void {
		this.serving = serving;
		this.port.on('message', serving);
	}

	/** An exchange begins; what was open of the last one is closed. */
	begin(number: number): void {
		this.number = number;
		this.streams.clear();
		Atomics.store(this.words, OUTSTANDING, 0);
	}

	/** It is over. */
	finish(): void {
		this.number = 0;
		this.streams.clear();
	}

	/** Registers a stream from the process. */
	open(stream: number, owner: StreamOwner): void {
		this.streams.set(stream, owner);
	}

	/** A number for a call of fetchSync. */
	nextCall(): number {
		this.calls -= 1;
		return this.calls;
	}

	post(message: FromThread, transfer: ArrayBuffer[] = []): void {
		this.port.postMessage(message, transfer);
	}

	/** Throws Disconnected when the client of the exchange under way has gone. */
	checkClient(): void {
		if (this.number !== 0 && Atomics.load(this.words, GONE) === this.number) throw new Disconnected();
	}

	/**
	 * Blocks until `ready` holds, or until `performance.now()` is `until`; false in the latter case. Messages for streams
	 * are handed out meanwhile. Throws Disconnected once the client has gone.
	 */
	wait(ready: () => boolean, until: number = Number.POSITIVE_INFINITY): boolean {
		for (;;) {
			// Read first: what comes later raises it, and the wait below ends at once.
			const seen = Atomics.load(this.words, SIGNAL);
			this.checkClient();
			this.handOut();
			if (ready()) return true;
			const left = until - performance.now();
			if (left <= 0) return false;
			Atomics.wait(this.words, SIGNAL, seen, left);
		}
	}

	/** Sends bytes of the response's body, and blocks while the client does not take them. */
	write(bytes: Uint8Array): void {
		for (let from = 0; from < bytes.length; ) {
			this.checkClient();
			const piece = new Uint8Array(bytes.subarray(from, from + PIECE_SIZE));
			from += piece.length;
			Atomics.add(this.words, OUTSTANDING, piece.length + PIECE_COST);
			this.post(['piece', this.number, piece], [piece.buffer]);
			if (!this.hasRoom()) this.wait(() => this.hasRoom());
		}
	}

	private hasRoom(): boolean {
		return Atomics.load(this.words, OUTSTANDING) < WINDOW;
	}

	private handOut(): void {
		for (let next = receiveMessageOnPort(this.port); next !== undefined; next = receiveMessageOnPort(this.port)) {
			const message = next.message as ToThread;
			if (message[0] === 'serve' || message[0] === 'stop') setImmediate(() => this.serving(message));
			else this.streams.get(message[1])?.streamed(message);
		}
	}
}
