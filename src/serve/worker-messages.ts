/** What a process and its workers say to each other: one table of messages for both ends, and the worker's start. */
import type { Place } from './address.ts';
import type { Snapshot } from './admin/index.ts';

/** How a worker learns that it is one, and what it shall listen on: JSON of an Assignment in this variable. */
export const ASSIGNMENT = 'TURNABOUT_WORKER';

export interface Assignment {
	/** Counted from 1. */
	readonly worker: number;
	/** One place per listener, in the configuration's order; null while the first worker has yet to settle them. */
	readonly places: readonly Place[] | null;
	/** What all of them make the keys of session tickets from, where nothing else was given. */
	readonly ticketSecret: string;
}

/** From the worker. */
export type Report =
	| { readonly turnabout: 'ready'; readonly urls: readonly string[]; readonly places: readonly Place[] }
	| { readonly turnabout: 'failed'; readonly message: string; readonly hint: string | null }
	/** `fault`: why it goes on as before; null when it does not. */
	| { readonly turnabout: 'reloaded'; readonly fault: string | null }
	| { readonly turnabout: 'statistics'; readonly snapshot: Snapshot };

/** To the worker. */
export type Order =
	| { readonly turnabout: 'drain'; readonly milliseconds: number }
	| { readonly turnabout: 'reopen' }
	| { readonly turnabout: 'reload' }
	| { readonly turnabout: 'statistics' };

/** The assignment of this process, or null when nobody made it a worker. Its own children do not inherit it. */
export function takeAssignment(): Assignment | null {
	const text = process.env[ASSIGNMENT];
	delete process.env[ASSIGNMENT];
	return text === undefined || !process.connected ? null : (JSON.parse(text) as Assignment);
}

/** Whether this process is one of several, whose parent speaks for all. */
export function isWorker(): boolean {
	return process.env[ASSIGNMENT] !== undefined && process.connected;
}

/** Whether an IPC message is one of ours: an app may send its own. */
export function isOurs(message: unknown): message is Report | Order {
	return typeof message === 'object' && message !== null && 'turnabout' in message;
}
