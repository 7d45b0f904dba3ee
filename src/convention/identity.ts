/** Who is asking: known to middleware, which proves it, and to proxies, whose policy goes by it. */
import { type Key, key } from './key.ts';

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
