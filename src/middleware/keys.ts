/**
 * What middleware proves for those who stand within, where more than one folder must know the key: one layer sets it, others
 * and apps read it, and none of them needs to know the other.
 */
import { type Key, key } from '../convention/index.ts';

/** Proxies know them, too, and stand below. */
export { type Client, client, type Identity, identity } from '../convention/index.ts';

/** The request's id: set by `requestId`, written by logs, passed to upstreams. */
export const requestId: Key<string, 'request id'> = key('request id');

/** Set by `tracing`; known to upstreams, too, which stand below. */
/** Set by `timeout`; known to upstreams, too, which stand below. */
export { deadline, type TraceContext, traceContext } from '../convention/index.ts';

/**
 * The session of a browser, made by `sessions`. Nothing is read before somebody asks, and nothing kept before the app has
 * answered: an app that throws has changed nothing. Once the head of the answer is out, changes throw.
 */
export interface Session {
	/** What was kept under that name, or undefined. Frozen: set a new value to change it. Rejects when the store fails. */
	get(name: string): Promise<unknown>;
	/** Keeps a value, as JSON has it at this moment. Throws TypeError for what JSON cannot hold. */
	set(name: string, value: unknown): void;
	delete(name: string): void;
	/** A new identity for the same values, and a new start of its life: at login and whenever rights grow, against fixation. */
	rotate(): void;
	/** Forgets everything, and the cookie. What is set afterwards begins another session. */
	destroy(): void;
}
export const session: Key<Session, 'session'> = key('session');
