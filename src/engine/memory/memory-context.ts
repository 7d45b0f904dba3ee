/** The circumstances of an exchange in memory: the whole of Context, with everything the app did kept for the test to see. */
import {
	type Abilities,
	type Address,
	type ClosedListener,
	type Connection,
	type Context,
	ExchangeState,
	type FinishedListener,
	type Outcome,
	type TlsFacts,
	type TrailersReader,
	type Version,
} from '../../convention/index.ts';
import { FieldList, type Fields } from '../../fields/index.ts';

/** A 1xx response that reached the client. */
export interface Informational {
	readonly status: number;
	readonly fields: FieldList;
}

export interface ContextFacts {
	readonly version: Version;
	readonly offers: readonly string[];
	readonly remote: Address;
	readonly local: Address;
	readonly tls: TlsFacts | null;
	readonly can: Partial<Abilities>;
}

const abilities: Abilities = {
	inform: true,
	trailers: true,
	tunnel: true,
	rawFields: true,
	halfClose: true,
	sendFile: false,
};

let connections = 0;

export class MemoryContext extends ExchangeState implements Context, TrailersReader {
	readonly connection: Connection;
	readonly mount: string = '';
	readonly offers: readonly string[];
	readonly can: Abilities;
	readonly remoteAddr: Context['remoteAddr'];
	readonly props: unknown = undefined;
	/** The 1xx responses so far, in order. */
	readonly informational: Informational[] = [];
	/** What listeners threw and what was promised to `waitUntil` and came to nothing. */
	readonly failures: unknown[] = [];
	/** What `waitUntil` was given and has not settled. */
	readonly pending: Set<Promise<unknown>> = new Set();
	/** The final head is out. */
	committed = false;
	/** Set by the request's payload when it has ended. */
	requestTrailers: Promise<Fields | null> = Promise.resolve(null);
	private readonly speaksInformational: boolean;
	private readonly ended: PromiseWithResolvers<Outcome> = Promise.withResolvers();
	private readonly controller: AbortController = new AbortController();
	private readonly closedListeners: Set<ClosedListener> = new Set();
	private readonly finishedListeners: FinishedListener[] = [];
	private outcome: Outcome | null = null;

	constructor(facts: ContextFacts) {
		super();
		const { remote, local, tls } = facts;
		connections += 1;
		this.connection = { id: connections, remote, local, tls, protocol: facts.version, state: new ExchangeState() };
		this.offers = facts.offers;
		this.can = { ...abilities, ...facts.can };
		this.speaksInformational = this.can.inform && facts.version !== '1.0';
		const ip = remote.kind === 'ip' ? remote : { host: '', port: 0 };
		this.remoteAddr = { hostname: ip.host, port: ip.port, transport: 'tcp' };
	}

	get closed(): AbortSignal {
		return this.controller.signal;
	}

	get finished(): Promise<Outcome> {
		return this.ended.promise;
	}

	inform(status: number, fields?: Fields): void {
		if (!Number.isInteger(status) || status < 100 || status > 199 || status === 101) {
			throw new RangeError(`Not an informational status: ${status}`);
		}
		if (!this.speaksInformational || this.committed || this.outcome !== null) return;
		this.informational.push({ status, fields: fields === undefined ? FieldList.empty() : FieldList.of(fields) });
	}

	waitUntil(work: Promise<unknown>): void {
		const settled = Promise.resolve(work)
			.catch((error: unknown) => this.failures.push(error))
			.finally(() => this.pending.delete(settled));
		this.pending.add(settled);
	}

	onClosed(listener: ClosedListener): void {
		if (this.closed.aborted) this.guarded(() => listener.exchangeClosed(this.closed.reason));
		else this.closedListeners.add(listener);
	}

	offClosed(listener: ClosedListener): void {
		this.closedListeners.delete(listener);
	}

	onFinished(listener: FinishedListener): void {
		const { outcome } = this;
		if (outcome !== null) this.guarded(() => listener.exchangeFinished(outcome));
		else this.finishedListeners.push(listener);
	}

	passThroughOnException(): void {
		// For Workers only: there is nothing behind us that could answer instead.
	}

	readTrailers(): Promise<Fields | null> {
		return this.requestTrailers;
	}

	/** The client has gone, or the deadline has passed. */
	close(reason: unknown): void {
		if (this.closed.aborted || this.outcome !== null) return;
		this.controller.abort(reason);
		for (const listener of this.closedListeners) this.guarded(() => listener.exchangeClosed(reason));
	}

	/** The exchange is over; the first call counts. */
	finish(outcome: Outcome): void {
		if (this.outcome !== null) return;
		this.outcome = outcome;
		for (const listener of this.finishedListeners) this.guarded(() => listener.exchangeFinished(outcome));
		this.ended.resolve(outcome);
	}

	private guarded(call: () => void): void {
		try {
			call();
		} catch (error) {
			this.failures.push(error);
		}
	}
}
