/** The memory engine as an engine: listeners that exist in this process only. */
import { type App, Disconnected } from '../../convention/index.ts';
import type { Engine, Listener, ListenerStatistics } from '../engine.ts';
import { exchange } from './ask.ts';
import type { MemoryAnswer } from './memory-answer.ts';
import type { MemoryExchange } from './memory-exchange.ts';
import type { MemoryRequest } from './memory-request.ts';

export interface MemoryEngine extends Engine {
	/** Nothing to listen on, so there are no options. */
	listen(app: App): Promise<MemoryListener>;
}

export interface MemoryListener extends Listener {
	/** Asks the app; rejects with Disconnected when the listener no longer accepts. */
	ask(request?: string | MemoryRequest | Request): Promise<MemoryAnswer>;
	/** As `ask`, for what happens before the answer. */
	exchange(request?: string | MemoryRequest | Request): MemoryExchange;
}

/** An engine without sockets, with the life cycle of any other. To ask an app one thing, `ask` is enough. */
export function memory(): MemoryEngine {
	return { name: 'memory', listen: async (app) => new InMemory(app) };
}

class InMemory implements MemoryListener {
	readonly address = { kind: 'memory' } as const;
	readonly url = 'memory:';
	private readonly app: App;
	private readonly active: Set<MemoryExchange> = new Set();
	/** What was handed to `waitUntil` counts, too. */
	private readonly unsettled: Set<MemoryExchange> = new Set();
	private accepting = true;
	private requests = 0;
	private refused = 0;

	constructor(app: App) {
		this.app = app;
	}

	async ask(request: string | MemoryRequest | Request = '/'): Promise<MemoryAnswer> {
		return this.exchange(request).answer;
	}

	exchange(request: string | MemoryRequest | Request = '/'): MemoryExchange {
		if (!this.accepting) {
			this.refused += 1;
			throw new Disconnected('The listener no longer accepts requests');
		}
		const one = exchange(this.app, request);
		this.requests += 1;
		this.active.add(one);
		this.unsettled.add(one);
		one.context.onFinished({ exchangeFinished: () => this.active.delete(one) });
		void settled(one).then(() => this.unsettled.delete(one));
		return one;
	}

	async drain(deadline: number): Promise<void> {
		this.accepting = false;
		const { promise: late, resolve } = Promise.withResolvers<void>();
		const timer = setTimeout(resolve, deadline);
		await Promise.race([this.idle(), late]);
		clearTimeout(timer);
		await this.close();
	}

	async close(): Promise<void> {
		this.accepting = false;
		for (const one of this.active) one.abort();
	}

	[Symbol.asyncDispose](): Promise<void> {
		return this.close();
	}

	statistics(): ListenerStatistics {
		const { requests, refused, active } = this;
		return {
			requests,
			refused,
			active: active.size,
			connections: active.size,
			accepted: requests,
			violations: 0,
			timeouts: 0,
		};
	}

	private async idle(): Promise<void> {
		await Promise.all([...this.unsettled].map(settled));
	}
}

/** Over, and with nothing left that `waitUntil` was given. */
async function settled({ context }: MemoryExchange): Promise<void> {
	await context.finished;
	while (context.pending.size > 0) await Promise.all(context.pending);
}
