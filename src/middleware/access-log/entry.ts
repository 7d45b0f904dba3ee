/** What is remembered of an exchange until it is over. */
import type { Address, Context, FinishedListener, Outcome, RawRequest, UpstreamTimer } from '../../convention/index.ts';
import { client, identity, requestId, type TraceContext, traceContext } from '../keys.ts';

/** Who makes a line of it. */
export interface EntryTaker {
	entryDone(entry: Entry, outcome: Outcome): void;
}

/** The global is an accessor, which would be asked for each line. */
const clock = performance;

const { timeOrigin } = performance;

export class Entry implements FinishedListener, UpstreamTimer {
	readonly request: RawRequest;
	readonly context: Context;
	/** Milliseconds until upstreams had answered, and until they had ended, added up; negative where none was asked. */
	upstreamHead = -1;
	upstreamTotal = -1;
	/** Milliseconds that the whole exchange took. */
	took = 0;
	private readonly taker: EntryTaker;
	private readonly began: number;
	/** Asked for at once: when the client has left, nobody knows any more. */
	private readonly remote: Address;

	constructor(taker: EntryTaker, request: RawRequest, context: Context) {
		this.taker = taker;
		this.request = request;
		this.context = context;
		this.began = clock.now();
		this.remote = context.connection.remote;
	}

	exchangeFinished(outcome: Outcome): void {
		this.took = clock.now() - this.began;
		this.taker.entryDone(this, outcome);
	}

	upstreamAnswered(milliseconds: number): void {
		this.upstreamHead = Math.max(0, this.upstreamHead) + milliseconds;
	}

	upstreamEnded(milliseconds: number): void {
		this.upstreamTotal = Math.max(0, this.upstreamTotal) + milliseconds;
	}

	/** Milliseconds since 1970. */
	get beganAt(): number {
		return timeOrigin + this.began;
	}

	/** The client's address as `clientAddress` says, or that of the connection; `unix:` as nginx has it, and null where there is none. */
	get address(): string | null {
		const known = this.context.get(client)?.address;
		const { remote } = this;
		if (known === undefined) return remote.kind === 'ip' ? remote.host : remote.kind === 'unix' ? 'unix:' : null;
		return known === 'unix' ? 'unix:' : known === '' ? null : known;
	}

	get user(): string | null {
		return this.context.get(identity)?.name ?? null;
	}

	get trace(): TraceContext | null {
		return this.context.get(traceContext) ?? null;
	}

	get id(): string | null {
		return this.context.get(requestId) ?? null;
	}
}

/** nginx's way to say that nobody was there to be answered. */
const CLIENT_LEFT = 499;

/** The status to log. */
export function statusOf(outcome: Outcome): number {
	return outcome.status === 0 ? CLIENT_LEFT : outcome.status;
}

/** Whether what was exchanged went through a tunnel. */
export function wasTunnel({ method }: RawRequest, { status }: Outcome): boolean {
	return status === 101 || (method === 'CONNECT' && status >= 200 && status <= 299);
}
