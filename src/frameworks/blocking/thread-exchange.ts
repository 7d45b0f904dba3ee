/**
 * One request from its place in the queue to the last byte of its response: it is the app's promise, hears when the client
 * leaves, and is the maker of the response's body. What it must do to the thread it does through PoolThread.
 */
import {
	type ClosedListener,
	type Context,
	cancelPayload,
	Disconnected,
	type IncomingRequest,
	OutgoingResponse,
	PendingResponse,
} from '../../convention/index.ts';
import { FieldList, tags } from '../../fields/index.ts';
import type { RequestHead } from './messages.ts';
import type { PoolThread } from './pool-thread.ts';
import { type ReplyMaker, ReplySource } from './reply-source.ts';

/** Who is told that an exchange has left the queue. */
export interface QueueOwner {
	left(exchange: ThreadExchange): void;
}

export class ThreadExchange extends PendingResponse implements ClosedListener, ReplyMaker {
	readonly request: IncomingRequest;
	/** By the wheel's count, when it must have a thread; 0 is never. */
	readonly waitsUntil: number;
	private readonly context: Context;
	private readonly owner: QueueOwner;
	/** The thread that serves it now. */
	private thread: PoolThread | null = null;
	private reply: ReplySource | null = null;
	/** The client has gone, or the response was refused: nothing of it is wanted. */
	private abandoned = false;

	constructor(request: IncomingRequest, context: Context, owner: QueueOwner, waitsUntil: number) {
		super();
		this.request = request;
		this.context = context;
		this.owner = owner;
		this.waitsUntil = waitsUntil;
	}

	/** From now on the client's leaving is heard. False: it has gone already. */
	listen(): boolean {
		this.context.onClosed(this);
		return !this.abandoned;
	}

	/** The thread has it. */
	begun(thread: PoolThread): void {
		this.thread = thread;
	}

	/** What the thread is told of the request. */
	head(): RequestHead {
		const { method, target, form, authority, scheme, version, fields, payload } = this.request;
		const { mount, connection } = this.context;
		const body = payload === null ? 'none' : FieldList.from(fields).hasTagged(tags.expect) ? 'asked' : 'coming';
		const { remote } = connection;
		return { method, target, form, authority, scheme, version, mount, remote, fields: fields.raw, body };
	}

	/** The client has gone. */
	exchangeClosed(reason: unknown): void {
		const error = reason instanceof Error ? reason : new Disconnected();
		this.abandoned = true;
		const { thread } = this;
		if (thread !== null) thread.clientLeft(error);
		else {
			cancelPayload(this.request.payload, error);
			this.owner.left(this);
		}
		this.reply?.fail(error);
		this.reject(error);
	}

	/** The whole response at once. */
	whole(status: number, fields: readonly string[], body: string | Uint8Array | null): void {
		this.detach();
		this.resolve(new OutgoingResponse(status, FieldList.of(fields), body));
	}

	/** The head, with a body to come. */
	began(status: number, fields: readonly string[], length: number | null): void {
		if (this.abandoned) return;
		this.reply = new ReplySource(length, this);
		this.resolve(new OutgoingResponse(status, FieldList.of(fields), this.reply));
	}

	piece(piece: Uint8Array): void {
		this.reply?.push(piece);
	}

	/** The thread is done with it, and the body is complete. */
	ended(): void {
		this.detach();
		this.reply?.finish();
	}

	/** There will be no response, or no more of it. */
	failed(error: Error): void {
		this.detach();
		cancelPayload(this.request.payload, error);
		this.reply?.fail(error);
		this.reject(error);
	}

	/** There is no response of the callable's, and nobody is to blame: what overload and lateness are answered with. */
	refused(response: Response, reason: Error): void {
		this.detach();
		cancelPayload(this.request.payload, reason);
		this.reply?.fail(reason);
		this.resolve(response);
	}

	replyTaken(cost: number): void {
		this.thread?.taken(cost);
	}

	replyCancelled(reason: unknown): void {
		this.abandoned = true;
		this.thread?.clientLeft(reason);
	}

	private detach(): void {
		this.thread = null;
		this.context.offClosed(this);
	}
}
