/** Apps that fail in every way, and a log that remembers. */
import { type App, PendingResponse } from '../../../src/convention/index.ts';
import type { ErrorLogEntry } from '../../../src/middleware/errors/index.ts';

export interface Log {
	readonly entries: ErrorLogEntry[];
	readonly log: (entry: ErrorLogEntry) => void;
}

export function remembering(): Log {
	const entries: ErrorLogEntry[] = [];
	return { entries, log: (entry) => void entries.push(entry) };
}

/** Each throws `error` its own way. */
export function failing(error: unknown): Readonly<Record<string, App>> {
	return {
		'throws at once': () => {
			throw error;
		},
		rejects: async () => {
			throw error;
		},
		'rejects later': () => new Promise((_, reject) => setImmediate(() => reject(error))),
		'refuses a pending response': () => {
			const pending = new PendingResponse();
			setImmediate(() => pending.reject(error));
			return pending;
		},
	};
}

export const throwing =
	(error: unknown): App =>
	() => {
		throw error;
	};

/** Keeps every stray error of the process while `work` runs and a little longer. */
export async function strays(work: () => Promise<void>): Promise<unknown[]> {
	const found: unknown[] = [];
	const keep = (error: unknown): void => void found.push(error);
	process.on('unhandledRejection', keep).on('uncaughtException', keep);
	try {
		await work();
		await new Promise((resolve) => setTimeout(resolve, 20));
	} finally {
		process.off('unhandledRejection', keep).off('uncaughtException', keep);
	}
	return found;
}
