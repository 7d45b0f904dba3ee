/**
 * Dialling by addresses that were looked up and judged here. What `lookup` hands to node is what node connects to: there is
 * no second resolution between the judgement and the connection, so a name that changes its mind (DNS rebinding) gains
 * nothing. Literal addresses are never looked up; they are judged before each connection.
 */
import type { LookupOptions } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { isIP, type LookupFunction, Socket } from 'node:net';
import { asError } from '../bytes/index.ts';
import { UpstreamError } from '../convention/index.ts';
import { type AddressGuard, reasonOf } from './guard.ts';
import { GuardError } from './guard-error.ts';
import type { Origin } from './origin.ts';

/** The addresses of a name, IPv4 and IPv6, in the order they are to be tried. */
export type Resolve = (name: string) => Promise<readonly string[]>;

/** What to dial by: a guard, a resolver, or both. */
export interface DialRules {
	readonly guard: AddressGuard | null;
	readonly resolve: Resolve | null;
}

/** A socket that fails at once when the origin itself is refused, or null: a literal address, or a unix socket. */
export function refusedSocket(origin: Origin, guard: AddressGuard | null): Socket | null {
	if (guard === null) return null;
	const { socketPath, host, port, name } = origin;
	const refusal = socketPath === null ? refusedHost(guard, host, port) : refusedPath(name);
	return refusal === null ? null : failedSocket(refusal);
}

/** The refusal of a unix socket, which has no address to judge. */
export function refusedPath(name: string): GuardError {
	return new GuardError({ hostname: name, addresses: [], reason: 'a unix socket has no address' });
}

/** A socket that fails at once. */
export function failedSocket(error: Error): Socket {
	return new Socket().destroy(error);
}

/** The refusal of a host that is an address, or null, as for names: these are judged when they are looked up. */
export function refusedHost(guard: AddressGuard, host: string, port: number): GuardError | null {
	return isIP(host) === 0 ? null : refusedAddress(guard, host, port, host);
}

/** The refusal of an address, and of what is none, or null; `name` is how it was written. */
export function refusedAddress(guard: AddressGuard, address: string, port: number, name: string): GuardError | null {
	const result = judge(guard, [address], name, port);
	return result instanceof GuardError ? result : null;
}

/** For node's `connect`: gives it the addresses that passed, or the error. Node does not say for which port it asks. */
export function guardedLookup(rules: DialRules, port: number): LookupFunction {
	return (name, options, done) => {
		addressesOf(name, port, rules, familyIn(options)).then(
			(addresses) => answer(addresses, options.all === true, done),
			(error: unknown) => done(asError(error), []),
		);
	};
}

/**
 * Those of a name, or of a literal address, that may be connected to; never empty. Rejects with GuardError when none passes,
 * and as node does when there are none.
 */
export async function addressesOf(
	name: string,
	port: number,
	{ guard, resolve }: DialRules,
	family: 0 | 4 | 6 = 0,
): Promise<readonly string[]> {
	const all = isIP(name) !== 0 ? [name] : await (resolve === null ? systemAddresses(name) : resolvedBy(resolve, name));
	const addresses = family === 0 ? all : all.filter((address) => isIP(address) === family);
	if (addresses.length === 0) throw notFound(name);
	const result = guard === null ? addresses : judge(guard, addresses, name, port);
	if (result instanceof GuardError) throw result;
	return result;
}

/** What is no address must not get as far as node, which would look it up. */
async function resolvedBy(resolve: Resolve, name: string): Promise<readonly string[]> {
	let cause: unknown;
	try {
		const addresses = await resolve(name);
		if (addresses.length > 0 && addresses.every((address) => isIP(address) !== 0)) return addresses;
	} catch (error) {
		if (error instanceof UpstreamError) throw error;
		cause = error;
	}
	throw notFound(name, cause);
}

async function systemAddresses(name: string): Promise<string[]> {
	return (await lookup(name, { all: true })).map(({ address }) => address);
}

/** As node says it. */
function notFound(hostname: string, cause?: unknown): Error {
	const error = new Error(`${hostname} has no address`, cause === undefined ? undefined : { cause });
	return Object.assign(error, { code: 'ENOTFOUND', syscall: 'resolve', hostname });
}

function familyIn({ family }: LookupOptions): 0 | 4 | 6 {
	if (family === 4 || family === 'IPv4') return 4;
	return family === 6 || family === 'IPv6' ? 6 : 0;
}

function answer(addresses: readonly string[], all: boolean, done: Parameters<LookupFunction>[2]): void {
	const entries = addresses.map((address) => ({ address, family: isIP(address) }));
	const first = entries[0] as (typeof entries)[number];
	if (all) done(null, entries);
	else done(null, first.address, first.family);
}

/** Those of `addresses` that may be connected to, or the refusal. */
function judge(
	guard: AddressGuard,
	addresses: readonly string[],
	hostname: string,
	port: number,
): readonly string[] | GuardError {
	let cause: unknown;
	const passed = addresses.filter((address) => {
		const family = isIP(address);
		try {
			// A promise, say of a guard that was made async by mistake, is no yes.
			const verdict: unknown = family !== 0 && guard(address, family as 4 | 6, port);
			return verdict === true;
		} catch (error) {
			cause = error;
			return false;
		}
	});
	if (passed.length > 0) return passed;
	const reasons =
		cause === undefined ? addresses.map((address) => reasonOf(guard, address, port)) : ['the guard has failed'];
	return new GuardError({ hostname, addresses, reason: [...new Set(reasons)].join(', '), cause });
}
