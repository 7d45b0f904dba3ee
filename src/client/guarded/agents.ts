/** Agents of node:http and node:https whose connections are judged. A request cannot lead past them by a `lookup` of its own. */
import { type AgentOptions, type ClientRequestArgs, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent, type AgentOptions as HttpsAgentOptions, type RequestOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import { guardedLookup, type Resolve } from '../dial-guarded.ts';
import type { AddressGuard } from '../guard.ts';
import { refusalOf } from './refusal.ts';

/** What such an agent judges by. */
export interface AgentRules {
	readonly guard: AddressGuard;
	readonly resolve: Resolve | null;
}

type Made = (error: Error | null, stream: Duplex) => void;

export class GuardedHttpAgent extends HttpAgent {
	private readonly rules: AgentRules;

	constructor(rules: AgentRules, options: AgentOptions) {
		super(withoutProxy(options));
		this.rules = rules;
	}

	override createConnection(options: ClientRequestArgs, made?: Made): Duplex | null | undefined {
		const judged = judgedOptions(this.rules, options, 80);
		return judged instanceof Error ? failed(judged, made) : super.createConnection(judged, made);
	}
}

export class GuardedHttpsAgent extends HttpsAgent {
	private readonly rules: AgentRules;

	constructor(rules: AgentRules, options: HttpsAgentOptions) {
		super(withoutProxy(options));
		this.rules = rules;
	}

	override createConnection(options: RequestOptions, made?: Made): Duplex | null | undefined {
		const judged = judgedOptions(this.rules, options, 443);
		return judged instanceof Error ? failed(judged, made) : super.createConnection(judged, made);
	}
}

/** The options of a connection, with our look-up in them; or why there is to be none. */
function judgedOptions<T extends ClientRequestArgs>(rules: AgentRules, options: T, usualPort: number): T | Error {
	const port = Number(options.port ?? usualPort);
	// Node puts the path of a unix socket where the path of the URL was.
	const socketPath = options.socketPath ?? options.path;
	const refusal = refusalOf(rules.guard, { host: options.host ?? 'localhost', port, socketPath });
	return refusal ?? { ...options, lookup: guardedLookup(rules, port) };
}

/** Told in a later turn, as node does: only then has the request somebody who listens. */
function failed(error: Error, made: Made | undefined): null {
	process.nextTick(() => made?.(error, null as unknown as Duplex));
	return null;
}

function withoutProxy<T extends AgentOptions>(options: T): T {
	if ('proxyEnv' in options && options.proxyEnv !== undefined)
		throw new TypeError('A guarded agent connects to destinations itself: proxyEnv would lead past the guard.');
	return options;
}
