/** What every listening address of an engine does, whoever accepts for it: counts, logs, waits for what is left to do, drains. */
import { type Address, type App, errorVerdict, tellFailure } from '../convention/index.ts';
import type { EngineTimeouts, Listener, ListenerStatistics } from './engine.ts';
import type { EngineExchange, ExchangeHost } from './engine-exchange.ts';
import type { EngineLogEntry } from './engine-log.ts';

/** What all engines go by. */
export interface EngineSettings {
	readonly timeouts: EngineTimeouts;
	readonly log: (entry: EngineLogEntry) => void;
}

export abstract class EngineListener implements Listener, ExchangeHost {
	readonly app: App;
	readonly secure: boolean;
	draining = false;
	protected requests = 0;
	protected violations = 0;
	protected timeoutsPassed = 0;
	private readonly background: Set<Promise<unknown>> = new Set();

	constructor(app: App, secure: boolean) {
		this.app = app;
		this.secure = secure;
	}

	// What an engine adds.

	abstract readonly settings: EngineSettings;
	abstract readonly address: Address;
	abstract statistics(): ListenerStatistics;
	/** Stops accepting, and lets go of who waits for nothing; resolves when all others have left, too. */
	protected abstract allLeave(): Promise<void>;
	abstract close(): Promise<void>;

	get timeouts(): EngineTimeouts {
		return this.settings.timeouts;
	}

	get url(): string {
		const { address } = this;
		if (address.kind !== 'ip') return address.kind === 'unix' ? `unix:${address.path}` : 'memory:';
		const host = address.host.includes(':') ? `[${address.host}]` : address.host;
		return `${this.secure ? 'https' : 'http'}://${host}:${address.port}`;
	}

	// What connections and exchanges report.

	/** The peer on this connection broke a rule. */
	violation(connection: number, message: string): void {
		this.violations++;
		this.settings.log({ level: 'debug', message, connection });
	}

	timedOut(): void {
		this.timeoutsPassed++;
	}

	/** Logs what went wrong in an exchange, as loudly as the table of errors says, unless a layer does that. */
	logFailure(exchange: EngineExchange, error: unknown): void {
		const { level } = errorVerdict(error);
		if (level === null || tellFailure(exchange, error, exchange.committed, exchange)) return;
		const path = exchange.target.split('?', 1)[0] as string;
		this.settings.log({
			level,
			message: exchange.committed ? 'A response was cut short' : 'An exchange failed',
			connection: exchange.connection.id,
			request: `${exchange.method} ${path}`,
			error,
		});
	}

	attempt(exchange: EngineExchange, work: () => void): void {
		try {
			work();
		} catch (error) {
			this.logFailure(exchange, error);
		}
	}

	/** Work that outlives its exchange; the listener drains only when it is done. */
	waitUntil(work: Promise<unknown>, exchange: EngineExchange): void {
		const watched = work
			.catch((error: unknown) => this.logFailure(exchange, error))
			.finally(() => this.background.delete(watched));
		this.background.add(watched);
	}

	// How it ends.

	async drain(deadline: number): Promise<void> {
		this.draining = true;
		let timer: ReturnType<typeof setTimeout> | undefined;
		const late = new Promise<void>((resolve) => {
			timer = setTimeout(resolve, deadline);
		});
		await Promise.race([late, this.allLeave().then(() => Promise.allSettled([...this.background]))]);
		clearTimeout(timer);
		await this.close();
	}

	[Symbol.asyncDispose](): Promise<void> {
		return this.close();
	}
}
