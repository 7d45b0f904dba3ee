/** What a guard's refusal is thrown as. Our own upstreams tell of it in an UpstreamError, whose cause it is. */

export interface GuardErrorOptions {
	/** As it was asked for: a name, or a literal address. */
	readonly hostname: string;
	/** Every address that was judged; none for a unix socket. */
	readonly addresses: readonly string[];
	/** Why, in a few words. */
	readonly reason: string;
	/** What the guard threw. */
	readonly cause?: unknown;
}

/**
 * No connection was made, because the guard refuses every address that it could go to. Message, `addresses` and `reason` tell
 * what names lead to in here: they are for logs, not for whoever has asked.
 */
export class GuardError extends Error {
	override readonly name: string = 'GuardError';
	readonly code = 'ERR_GUARD_REFUSED' as const;
	/** As it was asked for: a name, or a literal address. */
	readonly hostname: string;
	/** Every address that was judged; none for a unix socket, which has no address. */
	readonly addresses: readonly string[];
	/** Why: `loopback`, `private`, `a metadata service`, `an own listener` and the like; several where addresses differ. */
	readonly reason: string;

	constructor({ hostname, addresses, reason, cause }: GuardErrorOptions) {
		const which = addresses.length === 1 && addresses[0] === hostname ? '' : ` [${addresses.join(', ')}]`;
		super(`The guard refuses ${hostname}${which}: ${reason}`, cause === undefined ? undefined : { cause });
		this.hostname = hostname;
		this.addresses = addresses;
		this.reason = reason;
	}
}
