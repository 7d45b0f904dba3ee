/** What can be set on a forward proxy. With nothing set it is closed to everything but public addresses on the web's own ports. */
import type { AddressGuard, Parent, UpstreamOptions } from '../../client/index.ts';
import type { App, Middleware } from '../../convention/index.ts';
import type { ProxyLogEntry } from '../failure.ts';
import type { AuditRecord } from './audit.ts';
import type { Interceptor } from './interceptor.ts';
import type { ParentChoice } from './parents.ts';
import type { Policy } from './policy.ts';

export interface ForwardOptions extends Omit<UpstreamOptions, 'parent'> {
	/** Says who may go where; what it says nothing about is refused. Default: everything that the ports and the guard let through. */
	readonly policy?: Policy;
	/** Milliseconds that a policy may take to look something up; then nothing is let through, 500; 0 is for ever. Default: 10,000. */
	readonly policyTimeout?: number;
	/** The ports that may be connected to, asked before the policy; null for all of them. Default: 80 and 443. */
	readonly ports?: readonly number[] | null;
	/**
	 * Addresses reached although they are not public: addresses, CIDR ranges, or the names `loopback`, `private` and
	 * `link-local`. What this process itself listens on, this proxy included, is reached with the name `self` alone.
	 * Default: none. `guard` replaces the whole guard instead.
	 */
	readonly allowPrivate?: readonly string[];
	/** Judges every address that would be dialled. Default: `publicAddresses({ allow: allowPrivate })`. */
	readonly guard?: AddressGuard;
	/**
	 * A proxy to go through: a URL or what `parseParent` made of one for everything, or a function that says which, such as
	 * `byRule([…])`, `parentFromEnvironment(process.env)` or `followPac({ … })`. Literal addresses are judged by the guard
	 * before the parent is told of them; names are the parent's to resolve. Default: none.
	 */
	readonly parent?: Parent | string | ParentChoice | null;
	/** Wraps what is sent once the policy has allowed it: requests, tunnels, and requests out of intercepted tunnels alike. */
	readonly inner?: Middleware;
	/** Ends the TLS of tunnels to look into them. Default: tunnels are none of our business. */
	readonly intercept?: Interceptor;
	/** Answers requests that are for the proxy itself, in origin-form. Default: a page that says what it is. */
	readonly local?: App;
	/** Told of each decision once it is over: who, where to, by which rule, how much, how long, what came of it. */
	readonly audit?: (record: AuditRecord) => void;
	/** Our name in Via and Proxy-Status; requests that carry it already are a loop. Default: `turnabout-` and an id of this process. */
	readonly name?: string;
	/** Default: true. Via is what stops loops. */
	readonly via?: boolean;
	/** What Max-Forwards is at most when it is passed on. Default: 10. */
	readonly maxForwards?: number;
	/** Origins whose connections are kept in pools at one time. Default: 1,024. */
	readonly origins?: number;
	/** Told of refusals and failures. Default: a line on standard error. */
	readonly log?: (entry: ProxyLogEntry) => void;
}
