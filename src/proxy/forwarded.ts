/**
 * Where a request came from, handed on (RFC 7239, and X-Forwarded-* as it is in use). What lives here: whom to believe,
 * what to send, and the one answer to "who is the client" for logs, limits and access rules.
 */
import type { Address, Context, RawRequest } from '../convention/index.ts';
import {
	type FieldList,
	FORWARDED,
	formatForwardedNode,
	isIPv4,
	isIPv6,
	listOf,
	parseForwarded,
	tags,
	tokenOrQuoted,
} from '../fields/index.ts';
import { addressRanges } from '../transport/node/index.ts';

/** How many hops before us are trusted, or which addresses. */
export type Trust = number | readonly string[];

/** Whether the hop number `index` (the peer is 0) at `address` is believed. */
export type TrustPolicy = (address: string | null, index: number) => boolean;

export function trustPolicy(trust: Trust | undefined): TrustPolicy {
	if (trust === undefined || trust === 0) return () => false;
	if (typeof trust === 'number') return (_address, index) => index < trust;
	const includes = addressRanges(trust);
	return (address) => address !== null && includes(address);
}

/** The IP address of a peer, or null for unix sockets and the like. */
export function peerAddress(remote: Address): string | null {
	return remote.kind === 'ip' ? remote.host : null;
}

/**
 * The address of the client, as far as trusted hops say: from the nearest hop outwards, the first that is not trusted.
 * Null when nobody knows.
 */
export function clientAddress(request: RawRequest, context: Context, policy: TrustPolicy): string | null {
	let address = peerAddress(context.connection.remote);
	const chain = policy(address, 0) ? claimedChain(request) : [];
	for (let index = 0; policy(address, index) && chain.length > 0; index++) address = chain.pop() as string | null;
	return address;
}

/** The addresses that the request claims to have come through, the client's first; null for those not told. */
function claimedChain(request: RawRequest): (string | null)[] {
	const forwarded = request.fields.get('forwarded');
	if (forwarded !== null) {
		return (parseForwarded(forwarded) ?? []).map((element) => {
			const name = element.for?.name ?? 'unknown';
			return name === 'unknown' || name.startsWith('_') ? null : name;
		});
	}
	return listOf(request.fields.get('x-forwarded-for') ?? '').map(addressIn);
}

/** An entry of X-Forwarded-For, which nobody has specified: an address, at times in brackets and with a port; null for anything else. */
function addressIn(entry: string): string | null {
	const address = /^(?:\[([^\]]*)\]|([\d.]+))(?::\d+)?$/.exec(entry);
	const name = address?.[1] ?? address?.[2] ?? entry;
	return isIPv4(name) || isIPv6(name) ? name : null;
}

/** What an untrusted peer said of earlier hops is dropped; then this hop is added, in the forms asked for. */
export class ForwardedWriter {
	private readonly policy: TrustPolicy;
	private readonly standard: boolean;
	private readonly customary: boolean;

	constructor(trust: Trust | undefined, send: 'both' | 'forwarded' | 'x-forwarded' | 'none' = 'both') {
		this.policy = trustPolicy(trust);
		this.standard = send === 'both' || send === 'forwarded';
		this.customary = send === 'both' || send === 'x-forwarded';
	}

	write(fields: FieldList, request: RawRequest, context: Context): void {
		const address = peerAddress(context.connection.remote);
		const trusted = this.policy(address, 0);
		if (!trusted) fields.deleteFlagged(FORWARDED);
		if (this.standard)
			fields.push(tags.forwarded, 'Forwarded', forwardedElement(address, request.authority, request.scheme));
		if (!this.customary) return;
		if (!trusted) this.begin(fields, address, request, context.mount);
		else this.extend(fields, address, request, context.mount);
	}

	/** A chain of our own. */
	private begin(fields: FieldList, address: string | null, request: RawRequest, mount: string): void {
		if (address !== null) fields.push(tags['x-forwarded-for'], 'X-Forwarded-For', address);
		if (request.authority !== '') fields.push(tags['x-forwarded-host'], 'X-Forwarded-Host', request.authority);
		fields.push(tags['x-forwarded-proto'], 'X-Forwarded-Proto', request.scheme);
		if (mount !== '') fields.push(tags['x-forwarded-prefix'], 'X-Forwarded-Prefix', mount);
	}

	/** A trusted chain, one hop longer; what the first hop said of host and scheme stays. */
	private extend(fields: FieldList, address: string | null, request: RawRequest, mount: string): void {
		const before = fields.getTagged(tags['x-forwarded-for']);
		fields.set('X-Forwarded-For', before === null ? (address ?? 'unknown') : `${before}, ${address ?? 'unknown'}`);
		if (request.authority !== '' && !fields.hasTagged(tags['x-forwarded-host']))
			fields.push(tags['x-forwarded-host'], 'X-Forwarded-Host', request.authority);
		if (!fields.hasTagged(tags['x-forwarded-proto']))
			fields.push(tags['x-forwarded-proto'], 'X-Forwarded-Proto', request.scheme);
		if (mount !== '') fields.set('X-Forwarded-Prefix', `${fields.getTagged(tags['x-forwarded-prefix']) ?? ''}${mount}`);
	}
}

let last = { address: null as string | null, host: '', proto: '', element: 'for=unknown;proto=http' };

/** `for=192.0.2.1;host=example.org;proto=http`. The last one is remembered: requests come in rows from one client. */
function forwardedElement(address: string | null, host: string, proto: string): string {
	if (address === last.address && host === last.host && proto === last.proto) return last.element;
	const node = address === null ? 'unknown' : tokenOrQuoted(formatForwardedNode({ name: address, port: null }));
	const from = host === '' ? '' : `;host=${tokenOrQuoted(host)}`;
	last = { address, host, proto, element: `for=${node}${from};proto=${proto}` };
	return last.element;
}
