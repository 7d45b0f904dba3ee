/**
 * A question of our own to an upstream: not a client's request that is passed on, but something that we have to know before
 * we can go on, such as keys or a verdict. The answer is small and read whole.
 */
import { collect, type Source } from '../bytes/index.ts';
import {
	type Abilities,
	type ClosedListener,
	type Connection,
	type Context,
	cancelPayload,
	ExchangeState,
	isFileRange,
	type Outcome,
	type OutgoingResponse,
	payloadSource,
} from '../convention/index.ts';
import type { FieldList, Fields } from '../fields/index.ts';
import type { Upstream } from './upstream.ts';

export interface Question {
	/** Default: GET. */
	readonly method?: string;
	readonly target: string;
	readonly fields: Fields;
	/** Default: none. */
	readonly payload?: Source | null;
}

export interface QuestionOptions {
	/** Bytes of the body; more are not read, and `body` is null then. */
	readonly mostBytes: number;
	/** Whose exchange the question is for: when that client leaves, nobody wants to know any more. */
	readonly within?: Context;
}

export interface Reply {
	readonly status: number;
	readonly fields: FieldList;
	/** Null when it is larger than was asked for. */
	readonly body: Uint8Array | null;
}

/** Asks, and reads the whole answer. Rejects with UpstreamError, or Disconnected when the client has left. Bounds on time are the upstream's. */
export function question(upstream: Upstream, asked: Question, options: QuestionOptions): Promise<Reply> {
	const context = new QuestionContext(options.within ?? null);
	return new Promise<OutgoingResponse>((resolve, reject) => {
		const { method = 'GET', target, fields, payload = null } = asked;
		upstream.send({ method, target, authority: '', fields, payload }, context, {
			received: resolve,
			failed: reject,
		});
	})
		.then((response) => replyOf(response, options.mostBytes))
		.finally(() => context.end());
}

async function replyOf(response: OutgoingResponse, mostBytes: number): Promise<Reply> {
	const { status, fields, payload } = response;
	const source = isFileRange(payload) ? null : payloadSource(payload);
	if (source === null) return { status, fields, body: new Uint8Array(0) };
	if (source.length !== null && source.length > mostBytes) {
		cancelPayload(payload);
		return { status, fields, body: null };
	}
	const body = await collect(source, mostBytes).catch((error: unknown) => {
		if ((error as { code?: unknown }).code === 'TOO_LARGE') return null;
		throw error;
	});
	return { status, fields, body };
}

const CANNOT: Abilities = {
	inform: false,
	trailers: false,
	tunnel: false,
	rawFields: true,
	halfClose: false,
	sendFile: false,
};

let questions = 0;

/** An exchange with nobody in front of it. Informational responses end here, and no tunnel was offered. */
class QuestionContext extends ExchangeState implements Context, ClosedListener {
	readonly mount: string = '';
	readonly offers: readonly string[] = [];
	readonly can: Abilities = CANNOT;
	readonly finished: Promise<Outcome> = new Promise(() => {});
	readonly remoteAddr: Context['remoteAddr'] = { hostname: '', port: 0, transport: 'tcp' };
	readonly props: unknown = undefined;
	readonly connection: Connection = {
		id: --questions,
		remote: { kind: 'memory' },
		local: { kind: 'memory' },
		tls: null,
		protocol: '1.1',
		state: new ExchangeState(),
	};
	private readonly within: Context | null;
	private readonly listeners = new Set<ClosedListener>();
	private readonly aborting = new AbortController();

	constructor(within: Context | null) {
		super();
		this.within = within;
		within?.onClosed(this);
	}

	get closed(): AbortSignal {
		return this.aborting.signal;
	}

	/** The client has left. */
	exchangeClosed(reason: unknown): void {
		this.aborting.abort(reason);
		for (const listener of this.listeners) listener.exchangeClosed(reason);
		this.listeners.clear();
	}

	end(): void {
		this.within?.offClosed(this);
	}

	onClosed(listener: ClosedListener): void {
		if (this.aborting.signal.aborted) listener.exchangeClosed(this.aborting.signal.reason);
		else this.listeners.add(listener);
	}

	offClosed(listener: ClosedListener): void {
		this.listeners.delete(listener);
	}

	onFinished(): void {}
	inform(): void {}
	waitUntil(): void {}
	passThroughOnException(): void {}
}
