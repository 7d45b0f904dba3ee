/**
 * bcrypt in a thread of its own. bcryptjs is JavaScript: on the loop, one check at cost 10 stalls everybody for 65 ms, and
 * its asynchronous form for as much at a time. The thread begins with the first check and keeps no process up.
 */
import { Worker } from 'node:worker_threads';

const PROGRAM = new URL(`./bcrypt-program${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

/** To the thread. */
export interface BcryptQuestion {
	readonly number: number;
	readonly password: string;
	readonly hash: string;
}

/** From the thread. */
export interface BcryptAnswer {
	readonly number: number;
	readonly matches: boolean;
}

export class BcryptThread {
	private worker: Worker | null = null;
	private readonly asked = new Map<number, PromiseWithResolvers<boolean>>();
	private number = 0;

	matches(password: string, hash: string): Promise<boolean> {
		this.worker ??= this.begin();
		const answer = Promise.withResolvers<boolean>();
		const number = ++this.number;
		if (this.asked.size === 0) this.worker.ref();
		this.asked.set(number, answer);
		// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
		this.worker.postMessage({ number, password, hash } satisfies BcryptQuestion);
		return answer.promise;
	}

	async close(): Promise<void> {
		const { worker } = this;
		this.worker = null;
		this.giveUp(new Error('bcrypt: the thread was ended'));
		await worker?.terminate();
	}

	private begin(): Worker {
		const worker = new Worker(PROGRAM, { name: 'bcrypt' });
		worker.unref();
		worker.on('message', ({ number, matches }: BcryptAnswer) => {
			this.asked.get(number)?.resolve(matches);
			this.asked.delete(number);
			if (this.asked.size === 0) worker.unref();
		});
		const lost = (error: Error): void => {
			if (this.worker !== worker) return;
			this.worker = null;
			this.giveUp(error);
		};
		worker.on('error', (error) => lost(error instanceof Error ? error : new Error(String(error))));
		worker.on('exit', (code) => lost(new Error(`bcrypt: the thread ended with ${code}`)));
		return worker;
	}

	private giveUp(reason: Error): void {
		for (const { reject } of this.asked.values()) reject(reason);
		this.asked.clear();
	}
}
