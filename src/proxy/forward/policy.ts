/** What a policy is asked, and what it says. A policy is a function; allow.ts makes some. */
import type { Context, Identity, RawRequest } from '../../convention/index.ts';
import type { Destination } from './destination.ts';

export interface PolicyQuestion {
	readonly method: string;
	readonly destination: Destination;
	/**
	 * The client's IP address, as `clientAddress` says or the connection does; null for unix sockets. A getter, since the system
	 * is asked: it stays behind where a question is copied by `{ ...question }`.
	 */
	readonly client: string | null;
	/** Who it is, when a layer of `auth` stands around. */
	readonly identity: Identity | null;
	readonly request: RawRequest;
	readonly context: Context;
}

export interface Verdict {
	readonly allowed: boolean;
	/** Which rule has decided, for the page, Proxy-Status and the audit: `deny *.example.org`. It must not hold secrets. */
	readonly rule: string;
}

/** A verdict, or null when it has none to give: then the next one is asked, and in the end the default holds. */
export type Policy = (question: PolicyQuestion) => Verdict | null | Promise<Verdict | null>;
