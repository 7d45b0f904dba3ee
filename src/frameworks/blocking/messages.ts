/**
 * What the process and its threads say to each other. Everything travels by one message port for each thread, in
 * order; what a thread must learn while it is blocked is told a second time by a few shared words, because a blocked
 * thread hears nothing: it sleeps on SIGNAL, which the process raises with every message to it.
 *
 * Flow control, both ways, is by bytes that are under way and not yet taken. To a thread: it reports what it has read
 * (`read`) at each half of the window. From a thread: it adds to OUTSTANDING what it posts and sleeps while that is more
 * than the window; the process subtracts what the client has taken. A thread serves one exchange at a time, and begins
 * it with OUTSTANDING at 0; the process subtracts for that exchange only.
 */
import type { MessagePort } from 'node:worker_threads';
import type { Address, TargetForm, Version } from '../../convention/index.ts';
import type { Thrown } from './thrown.ts';

/** Bytes that may be under way in one direction of one body. */
export const WINDOW = 65_536;
/** What a piece costs on top of its bytes: many small ones fill the window, too. */
export const PIECE_COST = 128;
/** Longer pieces are sent in parts of this size. */
export const PIECE_SIZE = 32_768;
/** Bodies in memory up to this length travel in the message of the head. */
export const SMALL = 65_536;

/** Places of the shared words. */
export const SIGNAL = 0;
/** The number of the exchange whose client has gone. */
export const GONE = 1;
export const OUTSTANDING = 2;
/** Bytes of the shared memory of one thread. */
export const SHARED_BYTES = 12;

/** How much the arrays of the port hold of a request. */
export interface RequestHead {
	readonly method: string;
	readonly target: string;
	readonly form: TargetForm;
	readonly authority: string;
	readonly scheme: 'http' | 'https';
	readonly version: Version;
	readonly mount: string;
	readonly remote: Address;
	/** Flat: name, value, name, value … */
	readonly fields: readonly string[];
	/** `none`, `coming`: it is being sent; `asked`: it is sent once the thread asks for it, because the client waits for 100 Continue. */
	readonly body: 'none' | 'coming' | 'asked';
}

/** What fetchSync asks for. */
export interface Call {
	readonly url: string;
	readonly method: string;
	readonly fields: readonly string[];
	readonly body: string | Uint8Array | null;
}

/**
 * To a thread. The second element is the number of the stream: an exchange and its request's body have numbers from 1
 * up, calls of fetchSync from -1 down.
 */
export type ToThread =
	| readonly ['serve', number, RequestHead]
	| readonly ['piece', number, Uint8Array]
	| readonly ['ended', number]
	| readonly ['cut', number, Thrown]
	| readonly ['answered', number, number, readonly string[]]
	| readonly ['stop', 0];

/** From a thread. Exactly one of `whole`, `end` and `failed` ends an exchange, and frees the thread. */
export type FromThread =
	| readonly ['ready', number]
	| readonly ['unfit', 0, string, string | null]
	| readonly ['whole', number, number, readonly string[], string | Uint8Array | null]
	| readonly ['head', number, number, readonly string[], number | null]
	| readonly ['piece', number, Uint8Array]
	| readonly ['end', number]
	| readonly ['failed', number, Thrown]
	| readonly ['want', number]
	| readonly ['read', number, number]
	| readonly ['call', number, Call]
	| readonly ['drop', number];

/** What a thread is started with. */
export interface ThreadData {
	readonly url: string;
	readonly port: MessagePort;
	readonly shared: SharedArrayBuffer;
}
