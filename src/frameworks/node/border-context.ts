/** The context of an exchange that another server speaks for: node's own, or a runtime that knows fetch alone. */
import {
	type Abilities,
	type ClosedListener,
	type Connection,
	type Context,
	ExchangeState,
	errorVerdict,
	type FinishedListener,
	type Outcome,
	tellFailure,
} from '../../convention/index.ts';
import type { Fields } from '../../fields/index.ts';

/** What the server behind the border can do for an exchange. */
export interface Border {
	readonly connection: Connection;
	readonly mount: string;
	readonly can: Abilities;
	readonly props: unknown;
	inform(status: number, fields?: Fields): void;
	waitUntil(work: Promise<unknown>): void;
}

export class BorderContext extends ExchangeState implements Context {
	readonly offers: readonly string[] = [];
	private readonly border: Border;
	private outcome: Outcome | null = null;
	private reason: unknown = undefined;
	private controller: AbortController | null = null;
	private closedListeners: ClosedListener[] = [];
	private finishedListeners: FinishedListener[] = [];

	constructor(border: Border) {
		super();
		this.border = border;
	}

	get connection(): Connection {
		return this.border.connection;
	}

	get mount(): string {
		return this.border.mount;
	}

	get can(): Abilities {
		return this.border.can;
	}

	get props(): unknown {
		return this.border.props;
	}

	get remoteAddr(): Context['remoteAddr'] {
		const { remote } = this.border.connection;
		return remote.kind === 'ip'
			? { hostname: remote.host, port: remote.port, transport: 'tcp' }
			: { hostname: '', port: 0, transport: 'tcp' };
	}

	inform(status: number, fields?: Fields): void {
		if (this.outcome === null) this.border.inform(status, fields);
	}

	waitUntil(work: Promise<unknown>): void {
		this.border.waitUntil(work);
	}

	passThroughOnException(): void {}

	get closed(): AbortSignal {
		if (this.controller === null) {
			this.controller = new AbortController();
			if (this.reason !== undefined) this.controller.abort(this.reason);
		}
		return this.controller.signal;
	}

	onClosed(listener: ClosedListener): void {
		if (this.reason !== undefined) listener.exchangeClosed(this.reason);
		else if (this.outcome === null) this.closedListeners.push(listener);
	}

	offClosed(listener: ClosedListener): void {
		this.closedListeners = this.closedListeners.filter((one) => one !== listener);
	}

	get finished(): Promise<Outcome> {
		return new Promise((resolve) => this.onFinished({ exchangeFinished: resolve }));
	}

	onFinished(listener: FinishedListener): void {
		if (this.outcome !== null) listener.exchangeFinished(this.outcome);
		else this.finishedListeners.push(listener);
	}

	get isOver(): boolean {
		return this.outcome !== null;
	}

	/** The exchange is over; a bad end closes it, too. The first call counts. */
	settle(outcome: Outcome): void {
		if (this.outcome !== null) return;
		this.outcome = outcome;
		const { closedListeners, finishedListeners } = this;
		this.closedListeners = [];
		this.finishedListeners = [];
		if (!outcome.ok) this.noteFailure(outcome.cause, outcome.committed);
		for (const listener of finishedListeners) listener.exchangeFinished(outcome);
		if (outcome.ok) return;
		this.controller?.abort(outcome.cause);
		for (const listener of closedListeners) listener.exchangeClosed(outcome.cause);
	}

	private noteFailure(cause: unknown, committed: boolean): void {
		this.reason = cause;
		if (committed && errorVerdict(cause).level !== null) tellFailure(this, cause, committed, null);
	}
}
