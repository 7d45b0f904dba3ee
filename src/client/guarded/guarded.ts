/**
 * The guard for clients that are not ours: undici and with it fetch, node:http and node:https and all that stand on their
 * agents. Each way in judges the very addresses that are then connected to, literal ones included, which no `lookup` ever
 * sees.
 */
import type { AgentOptions, Agent as HttpAgent } from 'node:http';
import type { Agent as HttpsAgent, AgentOptions as HttpsAgentOptions } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { guardedLookup, type Resolve } from '../dial-guarded.ts';
import { type AddressGuard, type PublicAddressesOptions, publicAddresses } from '../guard.ts';
import type { GuardError } from '../guard-error.ts';
import { literalRefusal } from '../literal.ts';
import { GuardedHttpAgent, GuardedHttpsAgent } from './agents.ts';
import { connectorFor, type UndiciConnector } from './connector.ts';

export interface GuardOptions extends PublicAddressesOptions {
	/** Judges addresses instead of `publicAddresses({ allow })`. */
	readonly judge?: AddressGuard;
	/** Looks up names instead of the system. */
	readonly resolve?: Resolve;
	/** Milliseconds that `connect` has for name, connection and TLS together; 0 for ever. Default: 10 000. */
	readonly timeout?: number;
	/**
	 * For `connect` under TLS: `ca`, `cert`, `ALPNProtocols` and the like. Where to connect to is not its matter: `host`,
	 * `port`, `path`, `socket` and `lookup` are left out. Default: `{ ALPNProtocols: ['http/1.1'] }`.
	 */
	readonly tls?: ConnectionOptions;
}

/** One guard, in the shapes that clients take. What it refuses fails with `GuardError`, before a byte is sent. */
export interface Guard {
	/** For undici: `new Agent({ connect })`, in a `Pool` or a `Client`, too. Unix sockets are refused. */
	readonly connect: UndiciConnector;
	/**
	 * For node:http and whatever takes its agents; `options` are node's own. Unix sockets are refused. Throws TypeError for
	 * `proxyEnv`: such an agent connects to a proxy, of whose destinations nothing is known here.
	 */
	httpAgent(options?: AgentOptions): HttpAgent;
	/** For node:https. Certificates are the agent's matter, as ever: `httpsAgent({ ca })`. */
	httpsAgent(options?: HttpsAgentOptions): HttpsAgent;
	/**
	 * For clients that take nothing but node's `lookup`. It never sees a host that is an address, so such clients ask
	 * `refusal` before. It does not know for which port it is asked, and refuses an address that this process itself listens
	 * at whatever the port.
	 */
	readonly lookup: LookupFunction;
	/** Why a host that is an address, however it is spelt, or `localhost` may not be connected to. Null when it may, and for names. */
	refusal(host: string, port: number): GuardError | null;
}

/** A guard for other clients: they reach public addresses alone, and what `allow` adds. Throws TypeError for a bad range. */
export function guard(options: GuardOptions = {}): Guard {
	const { judge = publicAddresses(options), resolve = null, timeout = 10_000, tls = {} } = options;
	if (!Number.isFinite(timeout) || timeout < 0) throw new TypeError(`guard: timeout is milliseconds, not ${timeout}`);
	const rules = { guard: judge, resolve };
	return {
		connect: connectorFor(rules, timeout, tls),
		httpAgent: (agentOptions = {}) => new GuardedHttpAgent(rules, agentOptions),
		httpsAgent: (agentOptions = {}) => new GuardedHttpsAgent(rules, agentOptions),
		lookup: guardedLookup(rules, 0),
		refusal: (host, port) => literalRefusal(judge, host, port),
	};
}
