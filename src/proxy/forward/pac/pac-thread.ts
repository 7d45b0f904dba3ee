/**
 * The thread that a PAC file runs in. QuickJS stops a file that runs for too long, but looks at the clock between its own
 * instructions only: some that are made of one piece take seconds. Those cost this thread, and never the loop.
 */
import { Worker } from 'node:worker_threads';
import { type PacLimits, PacOverrun, type PacRun } from './pac-script.ts';

const PROGRAM = new URL(`./pac-program${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);
/** Milliseconds beyond a run's own limit before the thread is ended. */
const GRACE = 1_000;

/** To the thread: a file, or a question to the last one. */
export type PacQuestion = { readonly number: number } & (
	| { readonly text: string; readonly ownAddress: string; readonly limits: PacLimits }
	| { readonly url: string; readonly host: string; readonly names: ReadonlyMap<string, string | null> }
);
type WithoutNumber<T> = T extends unknown ? Omit<T, 'number'> : never;

/** From the thread. */
export interface PacAnswered {
	readonly number: number;
	readonly result: PacRun | { readonly error: string; readonly overrun: boolean };
}

export class PacThread {
	private readonly limits: PacLimits;
	private readonly patience: number;
	private readonly worker: Worker;
	private readonly asked = new Map<number, PromiseWithResolvers<PacRun>>();
	private number = 0;
	private ended: Error | null = null;
	private watchdog: NodeJS.Timeout | undefined;

	/** `patience`: milliseconds for the thread to start and take its file. */
	constructor(limits: PacLimits, patience: number) {
		this.limits = limits;
		this.patience = patience;
		this.worker = new Worker(PROGRAM, { name: 'pac', env: {}, resourceLimits: { maxOldGenerationSizeMb: 64 } });
		this.worker.unref();
		this.worker.on('message', (answered: PacAnswered) => this.answered(answered));
		this.worker.on('error', (error) => this.giveUp(error instanceof Error ? error : new Error(String(error))));
		this.worker.on('exit', (code) => this.giveUp(new Error(`The thread ended with ${code}`)));
	}

	/** Whether it can be asked any more. */
	get over(): boolean {
		return this.ended !== null;
	}

	/** Rejects when the file does not run; the one before stays then. */
	async load(text: string, ownAddress: string): Promise<void> {
		await this.ask({ text, ownAddress, limits: this.limits }, this.patience);
	}

	/** `names`: the addresses that are known, null for none. Rejects with PacOverrun for what does not end. */
	run(url: string, host: string, names: ReadonlyMap<string, string | null>): Promise<PacRun> {
		return this.ask({ url, host, names }, this.limits.time + GRACE);
	}

	async close(): Promise<void> {
		this.giveUp(new Error('The thread was ended'));
		await this.worker.terminate();
	}

	private ask(question: WithoutNumber<PacQuestion>, patience: number): Promise<PacRun> {
		if (this.ended !== null) return Promise.reject(this.ended);
		const answer = Promise.withResolvers<PacRun>();
		const number = ++this.number;
		if (this.asked.size === 0) {
			this.worker.ref();
			this.watch(patience);
		}
		this.asked.set(number, answer);
		// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
		this.worker.postMessage({ number, ...question } satisfies PacQuestion);
		return answer.promise;
	}

	private answered({ number, result }: PacAnswered): void {
		const answer = this.asked.get(number);
		this.asked.delete(number);
		clearTimeout(this.watchdog);
		if (this.asked.size === 0) this.worker.unref();
		else this.watch(Math.max(this.limits.time + GRACE, this.patience));
		if (!('error' in result)) answer?.resolve(result);
		else answer?.reject(result.overrun ? new PacOverrun(result.error) : new Error(result.error));
	}

	/** Answers come in order: the next one is due by then. */
	private watch(milliseconds: number): void {
		this.watchdog = setTimeout(() => {
			this.giveUp(new PacOverrun(`It did not end in ${milliseconds} ms`));
			void this.worker.terminate();
		}, milliseconds);
	}

	private giveUp(reason: Error): void {
		this.ended ??= reason;
		clearTimeout(this.watchdog);
		for (const { reject } of this.asked.values()) reject(this.ended);
		this.asked.clear();
	}
}
