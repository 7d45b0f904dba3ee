/**
 * Dialling by addresses that were looked up and judged here. What `lookup` hands to node is what node connects to: there is
 * no second resolution between the judgement and the connection, so a name that changes its mind (DNS rebinding) gains
 * nothing. Literal addresses are never looked up; they are judged before each connection.
 */
import { lookup } from 'node:dns/promises';
import { isIP, type LookupFunction, Socket } from 'node:net';
import { asError } from '../bytes/index.ts';
import { UpstreamError } from '../convention/index.ts';
import type { AddressGuard } from './guard.ts';
import type { Origin } from './origin.ts';

/** The addresses of a name, IPv4 and IPv6, in the order they are to be tried. */
export type Resolve = (name: string) => Promise<readonly string[]>;

/** What to dial by: a guard, a resolver, or both. */
export interface DialRules {
	readonly guard: AddressGuard | null;
	readonly resolve: Resolve | null;
}

/** A socket that fails at once when the origin itself is refused, or null: a literal address, or a unix socket, which has no address to judge. */
export function refusedSocket(origin: Origin, guard: AddressGuard | null): Socket | null {
	if (guard === null || (origin.socketPath === null && isIP(origin.host) === 0)) return null;
	const result = judge(guard, origin.socketPath === null ? [origin.host] : [], origin.name);
	return result instanceof Error ? failedSocket(result) : null;
}

/** A socket that fails at once. */
export function failedSocket(error: Error): Socket {
	return new Socket().destroy(error);
}

/** The refusal of one address, or null. */
export function judged(guard: AddressGuard, address: string, name: string): UpstreamError | null {
	const result = judge(guard, [address], name);
	return result instanceof Error ? result : null;
}

/** For node's `connect`: gives it the addresses that passed, or the error. */
export function guardedLookup(rules: DialRules): LookupFunction {
	return (name, options, done) => {
		addressesOf(name, rules).then(
			(addresses) => answer(addresses, options.all === true, done),
			(error: unknown) => done(asError(error), []),
		);
	};
}

/** Those of a name, or of a literal address, that may be connected to; never empty. Rejects with UpstreamError or node's error. */
export async function addressesOf(name: string, { guard, resolve }: DialRules): Promise<readonly string[]> {
	const addresses = await foundFor(name, resolve);
	const result = guard === null ? addresses : judge(guard, addresses, name);
	if (result instanceof Error) throw result;
	return result;
}

async function foundFor(name: string, resolve: Resolve | null): Promise<readonly string[]> {
	if (isIP(name) !== 0) return [name];
	return resolve === null ? systemAddresses(name) : resolvedBy(resolve, name);
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
	throw new UpstreamError('dns_error', { retryable: true, message: `${name} has no address`, cause });
}

async function systemAddresses(name: string): Promise<string[]> {
	return (await lookup(name, { all: true })).map(({ address }) => address);
}

function answer(addresses: readonly string[], all: boolean, done: Parameters<LookupFunction>[2]): void {
	const entries = addresses.map((address) => ({ address, family: isIP(address) }));
	const first = entries[0] as (typeof entries)[number];
	if (all) done(null, entries);
	else done(null, first.address, first.family);
}

/** Those of `addresses` that may be connected to, or the refusal. */
function judge(guard: AddressGuard, addresses: readonly string[], name: string): readonly string[] | UpstreamError {
	let cause: unknown;
	const passed = addresses.filter((address) => {
		const family = isIP(address);
		try {
			// A promise, say of a guard that was made async by mistake, is no yes.
			const verdict: unknown = family !== 0 && guard(address, family as 4 | 6);
			return verdict === true;
		} catch (error) {
			cause = error;
			return false;
		}
	});
	if (passed.length > 0) return passed;
	return new UpstreamError('destination_ip_prohibited', {
		retryable: true,
		message: `The guard lets no address of ${name} through`,
		cause,
	});
}
