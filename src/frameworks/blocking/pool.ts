/**
 * The threads of one app and the queue before them. Requests get a thread in the order they came. A thread that has
 * ended is replaced: at once when we ended it, and after a pause that doubles with each failure when it ended by itself
 * and none has served a request since.
 */
import { type Context, HttpError, type IncomingRequest, respond } from '../../convention/index.ts';
import { StartError } from '../../serve/index.ts';
import { Timer, type TimerOwner, wheel } from '../../transport/index.ts';
import type { ThreadsSettings } from './options.ts';
import { Origins } from './origins.ts';
import { PoolThread, type ThreadOwner } from './pool-thread.ts';
import { type QueueOwner, ThreadExchange } from './thread-exchange.ts';

/** What the threads of one app are doing, and have done since the start. */
export interface ThreadsStatistics {
	/** Threads that are up or starting. */
	readonly threads: number;
	/** Threads that have a request. */
	readonly busy: number;
	/** Requests that wait for a thread. */
	readonly queued: number;
	/** Requests that a thread has taken up. */
	readonly served: number;
	/** Callables that threw; because the client had left, too. */
	readonly failed: number;
	/** Requests that found the queue full, or waited too long. */
	readonly refused: number;
	/** Threads that were ended because of the deadline. */
	readonly late: number;
	/** Threads that ended by themselves. */
	readonly died: number;
}

/** Milliseconds before a thread is replaced when several have died: the first pause, and the longest. */
const PAUSE = 100;
const LONGEST_PAUSE = 10_000;
/** Milliseconds that busy threads have to come to an end when all are stopped. */
const DRAIN = 3_000;

export class ThreadPool implements ThreadOwner, QueueOwner, TimerOwner {
	private readonly settings: ThreadsSettings;
	private readonly origins: Origins;
	private readonly all: Set<PoolThread> = new Set();
	private readonly free: PoolThread[] = [];
	/** In the order they came. */
	private readonly queue: Set<ThreadExchange> = new Set();
	/** For the first in the queue. */
	private readonly timer: Timer = new Timer(this);
	/** Threads that we have ended and that are still there. */
	private readonly ending: Set<PoolThread> = new Set();
	private readonly pauses: Set<ReturnType<typeof setTimeout>> = new Set();
	private readonly counts: Record<'served' | 'failed' | 'refused' | 'late' | 'died', number> = {
		served: 0,
		failed: 0,
		refused: 0,
		late: 0,
		died: 0,
	};
	/** Deaths since a request was last served. */
	private deaths = 0;
	private starting: Promise<void> | null = null;
	private up = false;
	private stopping: Promise<void> | null = null;
	/** Told when no thread is busy. */
	private quiet: (() => void) | null = null;

	constructor(settings: ThreadsSettings) {
		this.settings = settings;
		this.origins = new Origins(settings.upstream);
	}

	/** Starts all threads, the first one alone: what is wrong with the module is said once. Rejects with StartError. */
	start(): Promise<void> {
		if (this.stopping !== null)
			return Promise.reject(new StartError('threads that were stopped cannot be started again'));
		this.starting ??= this.launch();
		return this.starting;
	}

	/** Lets busy threads finish, for a while, and ends all. */
	stop(): Promise<void> {
		this.stopping ??= this.end();
		return this.stopping;
	}

	serve(request: IncomingRequest, context: Context): ThreadExchange {
		const { wait, queue } = this.settings;
		const exchange = new ThreadExchange(request, context, this, wait === 0 ? 0 : wheel.now + wait);
		if (this.stopping === null && this.starting === null) this.startLate();
		if (!exchange.listen()) return exchange;
		const thread = this.free.pop();
		if (thread !== undefined) this.hand(exchange, thread);
		else if (this.stopping !== null || this.queue.size >= queue) this.refuse(exchange, 'every thread is busy');
		else {
			this.queue.add(exchange);
			if (this.queue.size === 1) wheel.set(this.timer, wait);
		}
		return exchange;
	}

	statistics(): ThreadsStatistics {
		const busy = [...this.all].filter((thread) => !thread.idle).length;
		return { threads: this.all.size, busy, queued: this.queue.size, ...this.counts };
	}

	threadFree(thread: PoolThread, well: boolean): void {
		if (well) this.deaths = 0;
		else this.counts.failed++;
		const [next] = this.queue;
		if (next !== undefined) {
			this.queue.delete(next);
			return this.hand(next, thread);
		}
		this.free.push(thread);
		this.tellQuiet();
	}

	threadLate(thread: PoolThread): void {
		this.counts.late++;
		this.all.delete(thread);
		this.ending.add(thread);
		const message = `a request took longer than ${this.settings.deadline} ms; its thread is replaced`;
		this.settings.log({ level: 'warn', message: `${this.settings.file}: ${message}`, error: new Error(message) });
		this.fill();
		this.tellQuiet();
	}

	threadGone(thread: PoolThread, reason: Error): void {
		if (this.ending.delete(thread)) return this.fill();
		this.all.delete(thread);
		const at = this.free.indexOf(thread);
		if (at !== -1) this.free.splice(at, 1);
		this.tellQuiet();
		if (!this.up) return;
		this.counts.died++;
		this.settings.log({ level: 'error', message: reason.message, error: reason });
		this.deaths++;
		const pause = this.deaths === 1 ? 0 : Math.min(PAUSE * 2 ** (this.deaths - 2), LONGEST_PAUSE);
		const timer = setTimeout(() => {
			this.pauses.delete(timer);
			this.fill();
		}, pause);
		this.pauses.add(timer);
	}

	/** The client of a request that waits has gone. */
	left(exchange: ThreadExchange): void {
		this.queue.delete(exchange);
	}

	/** The first in the queue may have waited too long. */
	timedOut(): void {
		for (const exchange of this.queue) {
			if (exchange.waitsUntil > wheel.now) return wheel.set(this.timer, exchange.waitsUntil - wheel.now);
			this.queue.delete(exchange);
			this.refuse(exchange, `no thread was free for ${this.settings.wait} ms`);
		}
	}

	private hand(exchange: ThreadExchange, thread: PoolThread): void {
		this.counts.served++;
		thread.serve(exchange);
	}

	private refuse(exchange: ThreadExchange, message: string): void {
		this.counts.refused++;
		const fields = { 'content-type': 'text/plain; charset=utf-8', 'retry-after': '1' };
		exchange.refused(respond(503, fields, '503 Service Unavailable\n'), new Error(message));
	}

	private async launch(): Promise<void> {
		try {
			await this.spawn().ready;
			if (this.stopping !== null) throw new StartError('the threads were stopped while they were starting');
			const rest = Array.from({ length: this.settings.threads - 1 }, () => this.spawn().ready);
			await Promise.all(rest);
		} catch (error) {
			this.starting = null;
			await Promise.all([...this.all].map((thread) => thread.kill()));
			throw error;
		}
		if (this.stopping !== null) return;
		this.up = true;
		this.fill();
	}

	/** Nobody has called `start`: the first request does. */
	private startLate(): void {
		this.start().catch((error: unknown) => {
			const failure = new HttpError(503, { message: 'no thread could be started', cause: error });
			for (const exchange of this.queue) exchange.failed(failure);
			this.queue.clear();
		});
	}

	private spawn(): PoolThread {
		const thread = new PoolThread(this.settings, this, this.origins);
		this.all.add(thread);
		thread.ready.then(
			() => this.enlist(thread),
			// A module that is unfit may have left something open, which would keep the thread.
			() => void thread.kill(),
		);
		return thread;
	}

	/** A thread that has started. */
	private enlist(thread: PoolThread): void {
		if (!this.all.has(thread)) return;
		const [next] = this.queue;
		if (next === undefined) this.free.push(thread);
		else {
			this.queue.delete(next);
			this.hand(next, thread);
		}
	}

	/** As many threads as there shall be; threads that will not end leave less room for new ones. */
	private fill(): void {
		const { threads } = this.settings;
		if (!this.up || this.stopping !== null) return;
		while (this.all.size + this.pauses.size < threads && this.ending.size < threads) this.spawn();
	}

	private async end(): Promise<void> {
		this.up = false;
		for (const timer of this.pauses) clearTimeout(timer);
		this.pauses.clear();
		for (const exchange of this.queue) this.refuse(exchange, 'the server stops');
		this.queue.clear();
		await this.whenQuiet();
		const threads = [...this.all, ...this.ending];
		await Promise.all(threads.map((thread) => (thread.idle ? thread.stop() : thread.kill())));
		wheel.remove(this.timer);
		await this.origins.close();
	}

	private whenQuiet(): Promise<void> {
		return new Promise((resolve) => {
			const patience = setTimeout(resolve, DRAIN);
			this.quiet = () => {
				clearTimeout(patience);
				resolve();
			};
			this.tellQuiet();
		});
	}

	private tellQuiet(): void {
		if (this.quiet !== null && [...this.all].every((thread) => thread.idle)) this.quiet();
	}
}
