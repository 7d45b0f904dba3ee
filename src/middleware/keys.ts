/**
 * What middleware proves for those who stand within, where more than one folder must know the key: one layer sets it, others
 * and apps read it, and none of them needs to know the other.
 */
import { type Key, key } from '../convention/index.ts';

/** The client behind the proxies that are trusted; set by `clientAddress`, and the connection's own address without it. */
export interface Client {
	/** An IP address in its usual form, or `unix` for a socket of the file system. */
	readonly address: string;
	/** How it reached the outermost trusted proxy, as that says. */
	readonly scheme: 'http' | 'https';
	/** The Host it asked that proxy for; null when nobody said another than the request's own. */
	readonly host: string | null;
	/**
	 * Whether a trusted proxy has asked for somebody it does not name in a form that can be read (`unknown`, garbage): `address`
	 * is that proxy's then. Whoever lets in by address lets in nobody.
	 */
	readonly unnamed?: boolean;
}
export const client: Key<Client, 'client'> = key('client');

/** Who is asking, as a layer of `auth` has proved it. */
export interface Identity {
	/** A user's name, a token's subject, a key's name, a certificate's subject. */
	readonly name: string;
	/** How it was proved. */
	readonly by: 'basic' | 'bearer' | 'api-key' | 'certificate' | 'forward' | 'oidc';
	/** What came with it: claims of a token, groups, fields of an authorization server. Null prototype. */
	readonly claims: Readonly<Record<string, unknown>>;
}
export const identity: Key<Identity, 'identity'> = key('identity');

/** The request's id: set by `requestId`, written by logs, passed to upstreams. */
export const requestId: Key<string, 'request id'> = key('request id');

/** Set by `timeout`; known to upstreams, too, which stand below. */
export { deadline } from '../convention/index.ts';

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
