/** A host and the credentials for it: which of them a request gets, and what is looked for in every answer of it. */
import type { Context, RawRequest } from '../../convention/index.ts';
import type { Destination } from '../../proxy/index.ts';
import { callerAddress } from '../caller.ts';
import { identity } from '../keys.ts';
import type { HostPattern } from './host-pattern.ts';
import type { HostRules, Rule } from './options.ts';
import type { Revealed } from './origin.ts';
import { fitsPrefix } from './path-prefix.ts';
import { Scrubber } from './scrubber.ts';
import { lookAt, reveal, type Secret } from './secret.ts';
import { SecretError } from './secret-error.ts';
import { SHORTEST } from './spellings.ts';

const PORTS = { http: 80, https: 443 } as const;

/** The values that one request gets. */
export interface Credentials {
	readonly fields: ReadonlyMap<string, string>;
	readonly query: ReadonlyMap<string, string>;
}

export class GuardedHost {
	readonly rules: readonly Rule[];
	/**
	 * Of all rules: an origin may keep what came with one request and show it to another one, of another client or path, which
	 * gets no credentials itself.
	 */
	private readonly scrubbed: readonly Secret[];
	private readonly all: readonly Secret[];
	private found: readonly (Revealed | null)[] = [];
	private current: Scrubber | null = null;

	constructor({ rules }: HostRules) {
		this.rules = rules;
		this.all = rules.flatMap(secretsOf);
		this.scrubbed = rules.filter(({ scrub }) => scrub).flatMap(secretsOf);
	}

	/** The first rule that fits; whether it may be used over this scheme is another question. */
	ruleFor(request: RawRequest, context: Context, to: Destination): Rule | null {
		return this.rules.find((rule) => fits(rule, request, context, to)) ?? null;
	}

	/** Null, or a promise to wait for. */
	look(): Promise<unknown> | null {
		let looking: Promise<unknown>[] | null = null;
		for (const one of this.all) {
			const look = lookAt(one);
			if (look !== null) (looking ??= []).push(look);
		}
		return looking === null ? null : Promise.all(looking);
	}

	/** Throws SecretError. */
	credentials({ fields, query, scrub }: Rule): Credentials {
		return { fields: revealed(fields, scrub), query: revealed(query, scrub) };
	}

	/** Null when nothing is looked for. */
	scrubber(): Scrubber | null {
		if (this.scrubbed.length === 0) return null;
		const found = this.scrubbed.map(revealedOrNull);
		if (this.current !== null && found.every((one, at) => one === this.found[at])) return this.current;
		const hidden = found.flatMap((one) => one?.hidden ?? []);
		// A service may show for a while what it was sent before a value has changed.
		const both = [...hidden, ...this.found.flatMap((one) => one?.hidden ?? [])];
		this.found = found;
		this.current = new Scrubber(both, (this.rules[0] as Rule).placeholder);
		return this.current;
	}
}

/** By host: the name itself before names below, and of those the nearest. */
export class GuardedHosts {
	private readonly exact: Map<string, GuardedHost> = new Map();
	private readonly below: Map<string, GuardedHost> = new Map();

	constructor(hosts: readonly HostRules[]) {
		for (const one of hosts) (one.pattern.below ? this.below : this.exact).set(one.pattern.host, new GuardedHost(one));
	}

	/** The one that a pattern of the options names. */
	of({ host, below }: HostPattern): GuardedHost {
		return (below ? this.below : this.exact).get(host) as GuardedHost;
	}

	/** `host` as a destination has it. */
	find(host: string): GuardedHost | null {
		const exact = this.exact.get(host);
		if (exact !== undefined || this.below.size === 0) return exact ?? null;
		for (let dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
			const found = this.below.get(host.slice(dot + 1));
			if (found !== undefined) return found;
		}
		return null;
	}
}

export function secretsOf({ fields, query }: Rule): Secret[] {
	return [...fields.values(), ...query.values()];
}

function fits(rule: Rule, { method }: RawRequest, context: Context, to: Destination): boolean {
	if (to.scheme === 'tunnel' || to.path === null) return false;
	if (to.port !== (rule.port ?? PORTS[to.scheme])) return false;
	if (method === 'TRACE' || (rule.methods !== null && !rule.methods.has(method))) return false;
	if (rule.paths !== null && !fitsPrefix(to.path, rule.paths)) return false;
	if (rule.clients !== null && !rule.clients.has(callerAddress(context))) return false;
	return rule.users === null || rule.users.has(context.get(identity)?.name ?? '');
}

function revealed(secrets: ReadonlyMap<string, Secret>, scrub: boolean): ReadonlyMap<string, string> {
	const values = new Map<string, string>();
	for (const [name, one] of secrets) {
		const { value, hidden } = reveal(one);
		if (scrub && hidden.some((part) => part.length < SHORTEST)) throw tooShort(one);
		values.set(name, value);
	}
	return values;
}

const tooShort = ({ name }: Secret): SecretError =>
	new SecretError(
		`${name} holds less than ${SHORTEST} characters, which could not be told from other text in answers (scrub: false goes without)`,
	);

function revealedOrNull(one: Secret): Revealed | null {
	try {
		return reveal(one);
	} catch (error) {
		if (error instanceof SecretError) return null;
		throw error;
	}
}
