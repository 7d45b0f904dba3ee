/** One thread: started, given one exchange at a time, told what it must know while it is blocked, ended. */
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { Disconnected, respond } from '../../convention/index.ts';
import { StartError } from '../../serve/index.ts';
import { Timer, type TimerOwner, wheel } from '../../transport/index.ts';
import {
	type FromThread,
	GONE,
	OUTSTANDING,
	SHARED_BYTES,
	SIGNAL,
	type ThreadData,
	type ToThread,
} from './messages.ts';
import type { ThreadsSettings } from './options.ts';
import type { Origins } from './origins.ts';
import { type Carrier, Outflow } from './outflow.ts';
import { OutgoingCall } from './outgoing-call.ts';
import type { ThreadExchange } from './thread-exchange.ts';
import { unpacked } from './thrown.ts';

/** Who is told what becomes of a thread. */
export interface ThreadOwner {
	/** It has ended an exchange, well or not, and can have another. */
	threadFree(thread: PoolThread, well: boolean): void;
	/** It is about to be ended because its exchange took too long. */
	threadLate(thread: PoolThread): void;
	/** It has ended, for a reason of its own or because it was told to. */
	threadGone(thread: PoolThread, reason: Error): void;
}

/** Milliseconds that a module may take to load. */
const PATIENCE = 30_000;
/** Milliseconds that a thread which was told to stop has for it. */
const FAREWELL = 1_000;

/** Run from source, and as it was built. */
const PROGRAM = new URL(`./thread/program${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

export class PoolThread implements Carrier, TimerOwner {
	/** Resolves when it can serve; rejects with StartError when the module is unfit. */
	readonly ready: Promise<void>;
	private readonly settings: ThreadsSettings;
	private readonly owner: ThreadOwner;
	private readonly origins: Origins;
	private readonly worker: Worker;
	private readonly port: MessagePort;
	private readonly words: Int32Array = new Int32Array(new SharedArrayBuffer(SHARED_BYTES));
	private readonly timer: Timer = new Timer(this);
	private readonly loading: PromiseWithResolvers<void> = Promise.withResolvers();
	private readonly exited: PromiseWithResolvers<void> = Promise.withResolvers();
	private readonly calls: Map<number, OutgoingCall> = new Map();
	private exchange: ThreadExchange | null = null;
	private body: Outflow | null = null;
	/** The number of the exchange. */
	private number = 0;
	/** The error that it ended itself with. */
	private fatal: Error | null = null;
	private loaded = false;
	private gone = false;

	constructor(settings: ThreadsSettings, owner: ThreadOwner, origins: Origins) {
		this.settings = settings;
		this.owner = owner;
		this.origins = origins;
		this.ready = this.loading.promise;
		this.ready.catch(() => {});
		const { port1, port2 } = new MessageChannel();
		this.port = port1;
		const data: ThreadData = { url: settings.url, port: port2, shared: this.words.buffer as SharedArrayBuffer };
		this.worker = new Worker(PROGRAM, {
			workerData: data,
			transferList: [port2],
			name: 'blocking',
			...(settings.memory !== null && { resourceLimits: { maxOldGenerationSizeMb: settings.memory } }),
		});
		port1.on('message', (message: FromThread) => this.heard(message));
		this.worker.on('error', (error) => {
			this.fatal = error instanceof Error ? error : new Error(String(error));
		});
		this.worker.on('exit', (code) => this.ended(code));
		wheel.set(this.timer, PATIENCE);
	}

	/** Whether it has no exchange. */
	get idle(): boolean {
		return this.exchange === null;
	}

	/** Gives it an exchange; it must be idle. */
	serve(exchange: ThreadExchange): void {
		const number = (this.number % 0x3fffffff) + 1;
		this.number = number;
		this.exchange = exchange;
		exchange.begun(this);
		wheel.set(this.timer, this.settings.deadline);
		const head = exchange.head();
		const { payload } = exchange.request;
		this.carry(['serve', number, head]);
		if (payload === null) return;
		this.body = new Outflow(this, number, payload);
		if (head.body === 'coming') this.body.start();
	}

	carry(message: ToThread, transfer: ArrayBuffer[] = []): void {
		if (this.gone) return;
		this.port.postMessage(message, transfer);
		this.wake();
	}

	/** The client of its exchange has gone: whatever the callable does next that blocks will throw. */
	clientLeft(reason: unknown): void {
		if (this.exchange === null) return;
		Atomics.store(this.words, GONE, this.number);
		this.release(reason);
		this.wake();
	}

	/** The client has taken that much of the response. */
	taken(cost: number): void {
		Atomics.sub(this.words, OUTSTANDING, cost);
		this.wake();
	}

	/** Its exchange, or its start, has taken too long. */
	timedOut(): void {
		if (!this.loaded) {
			this.fatal ??= new Error(`it was not loaded within ${PATIENCE} ms`);
			void this.kill();
			return;
		}
		const { exchange } = this;
		if (exchange === null) return;
		this.exchange = null;
		this.fatal = new Error(`A request took longer than ${this.settings.deadline} ms`);
		this.release(this.fatal);
		exchange.refused(respond(504, null, '504 Gateway Timeout\n'), this.fatal);
		this.owner.threadLate(this);
		void this.kill();
	}

	/** Lets it end by itself, which runs its exit handlers, and ends it when it does not. */
	async stop(): Promise<void> {
		this.carry(['stop', 0]);
		const patience = setTimeout(() => void this.kill(), FAREWELL);
		await this.exited.promise;
		clearTimeout(patience);
	}

	/** Ends it wherever it is. */
	async kill(): Promise<void> {
		if (!this.gone) await this.worker.terminate();
	}

	private wake(): void {
		Atomics.add(this.words, SIGNAL, 1);
		Atomics.notify(this.words, SIGNAL);
	}

	private heard(message: FromThread): void {
		const number = message[1];
		switch (message[0]) {
			case 'ready':
				this.loaded = true;
				wheel.clear(this.timer);
				return this.loading.resolve();
			case 'unfit':
				this.fatal = new Error(message[2]);
				return this.loading.reject(new StartError(`${this.settings.file}: ${message[2]}`, message[3]));
			case 'call':
				return this.call(number, message[2]);
			case 'drop':
				return this.drop(number);
			case 'read':
				if (number === this.number) this.body?.read(message[2]);
				else this.calls.get(number)?.read(message[2]);
				return;
			default:
				if (number === this.number && this.exchange !== null) this.answered(this.exchange, message);
		}
	}

	private answered(exchange: ThreadExchange, message: FromThread): void {
		switch (message[0]) {
			case 'want':
				return this.body?.start();
			case 'head':
				return exchange.began(message[2], message[3], message[4]);
			case 'piece':
				return exchange.piece(message[2]);
			case 'whole':
				this.free(true);
				return exchange.whole(message[2], message[3], message[4]);
			case 'end':
				this.free(true);
				return exchange.ended();
			case 'failed':
				this.free(false);
				return exchange.failed(unpacked(message[2]));
		}
	}

	/** The exchange is over, as far as the thread goes: it gets the next one before the answer is written. */
	private free(well: boolean): void {
		this.exchange = null;
		wheel.clear(this.timer);
		this.release(undefined);
		this.owner.threadFree(this, well);
	}

	/** Nothing flows to the thread any more. */
	private release(reason: unknown): void {
		this.body?.cancel(reason);
		this.body = null;
		for (const call of this.calls.values()) call.cancel();
		this.calls.clear();
	}

	private call(stream: number, call: Extract<FromThread, readonly ['call', ...unknown[]]>[2]): void {
		const outgoing = new OutgoingCall(this, stream);
		this.calls.set(stream, outgoing);
		outgoing.begin(call, this.origins);
	}

	private drop(stream: number): void {
		if (stream === this.number) return this.body?.cancel();
		this.calls.get(stream)?.cancel();
		this.calls.delete(stream);
	}

	private ended(code: number): void {
		// What it has said before it ended counts.
		for (let last = receiveMessageOnPort(this.port); last !== undefined; last = receiveMessageOnPort(this.port)) {
			this.heard(last.message as FromThread);
		}
		this.gone = true;
		this.port.close();
		wheel.remove(this.timer);
		const why = this.fatal === null ? `it ended with status ${code}` : this.fatal.message;
		const reason = new Error(`The thread of ${this.settings.file} is gone: ${why}`, { cause: this.fatal });
		this.release(new Disconnected());
		this.loading.reject(new StartError(`${this.settings.file}: ${why} before it was ready`, null, this.fatal));
		const { exchange } = this;
		this.exchange = null;
		exchange?.failed(reason);
		this.exited.resolve();
		this.owner.threadGone(this, reason);
	}
}
