/**
 * The socket that a framework sees: as real as it has to be, and no more. It answers who is calling, and it is what node's
 * own IncomingMessage and ServerResponse are put on: what they would read from it is asked of the exchange, what they
 * would write to it is given to the exchange. Each exchange has one of its own, so that whoever destroys it harms no other.
 */
/* oxlint-disable no-underscore-dangle -- the names are node's */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Context, RawRequest } from '../../convention/index.ts';
import { ClientSocket } from './client-socket.ts';

/** What is done with a socket, told to the exchange behind it. */
export interface SocketOwner {
	readonly context: Context;
	readonly message: RawRequest;
	/** Bytes of the response that wait for whoever takes them. */
	readonly waiting: number;
	/** The request wants to be read on. */
	readOn(): void;
	/** The response writes. False: no more until `drain`. */
	written(data: string | Uint8Array, encoding: string | null | undefined, done: WriteDone): boolean;
	/** What was written in this turn of the loop should go out. */
	uncorked(): void;
	/** Somebody has destroyed the socket, the request or the response. */
	destroyed(error: Error | null): void;
}

export type WriteDone = ((error?: Error | null) => void) | null | undefined;

export class ExchangeSocket extends ClientSocket {
	/** Node keeps the response here. */
	declare _httpMessage: ServerResponse | null;
	readonly owner: SocketOwner;

	constructor(owner: SocketOwner) {
		super(owner.message, owner.context);
		this.owner = owner;
	}

	override resume(): this {
		this.owner.readOn();
		return this;
	}

	override pause(): this {
		return this;
	}

	override _read(): void {}

	// Not by way of _write: node's response does its own queueing, and ours comes behind it.
	override write(data: unknown, encoding?: unknown, done?: unknown): boolean {
		const callback = typeof encoding === 'function' ? encoding : done;
		return this.owner.written(
			data as string | Uint8Array,
			typeof encoding === 'string' ? encoding : null,
			callback as WriteDone,
		);
	}

	override cork(): void {
		this.corks = 1;
	}

	override uncork(): void {
		this.corks = 0;
		this.owner.uncorked();
	}

	// @ts-expect-error -- an accessor of node's, which the types call a property
	override get writableLength(): number {
		return this.owner.waiting;
	}

	override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
		this.owner.destroyed(error);
		// As node's server does, it hears of errors itself when nobody else wants to.
		callback(this.listenerCount('error') === 0 ? null : error);
	}

	/** What `end` of node's own sockets is followed by. */
	destroySoon(): void {
		this.destroy();
	}

	/** Node's response asks for it by `writableCorked`, and sets it when it ends. */
	private set corks(count: number) {
		(this as unknown as { readonly _writableState: { corked: number } })._writableState.corked = count;
	}
}

/** The socket under a request of ours; undefined for one of somebody else's. */
export function socketOf(message: IncomingMessage | ServerResponse): ExchangeSocket | undefined {
	const socket: unknown = message.socket;
	return socket instanceof ExchangeSocket ? socket : undefined;
}
