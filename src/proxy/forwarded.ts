/**
 * Where a request came from, handed on (RFC 7239, and X-Forwarded-* as it is in use): whose word is passed on, and what is
 * added. Who the client is, for logs, limits and access rules, the middleware `clientAddress` says.
 */
import { type Address, type Context, type Key, key, type RawRequest } from '../convention/index.ts';
import { FieldLine, type FieldList, FORWARDED, formatForwardedNode, tags, tokenOrQuoted } from '../fields/index.ts';
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

/** The lines for requests of one connection to one host. */
interface Kept {
	readonly address: string | null;
	readonly host: string;
	readonly scheme: string;
	readonly lines: readonly FieldLine[];
}

/** What an untrusted peer said of earlier hops is dropped; then this hop is added, in the forms asked for. */
export class ForwardedWriter {
	private readonly policy: TrustPolicy;
	private readonly standard: boolean;
	private readonly customary: boolean;
	/** A connection's peer stays the same, and so do the host and the scheme that it asks for, as a rule. */
	private readonly kept: Key<Kept> = key('forwarded lines');

	constructor(trust: Trust | undefined, send: 'both' | 'forwarded' | 'x-forwarded' | 'none' = 'both') {
		this.policy = trustPolicy(trust);
		this.standard = send === 'both' || send === 'forwarded';
		this.customary = send === 'both' || send === 'x-forwarded';
	}

	write(fields: FieldList, request: RawRequest, context: Context): void {
		const address = peerAddress(context.connection.remote);
		const trusted = this.policy(address, 0);
		if (trusted) {
			if (this.standard) fields.pushLine(forwardedLine(address, request.authority, request.scheme));
			if (this.customary) this.extend(fields, address, request, context.mount);
			return;
		}
		fields.deleteFlagged(FORWARDED);
		const lines = this.ownLines(address, request, context);
		for (let i = 0; i < lines.length; i++) fields.pushLine(lines[i] as FieldLine);
		if (this.customary && context.mount !== '')
			fields.push(tags['x-forwarded-prefix'], 'X-Forwarded-Prefix', context.mount);
	}

	/** A chain of our own. */
	private ownLines(address: string | null, request: RawRequest, context: Context): readonly FieldLine[] {
		const { authority: host, scheme } = request;
		const { state } = context.connection;
		const kept = state.get(this.kept);
		if (kept !== undefined && kept.host === host && kept.scheme === scheme && kept.address === address)
			return kept.lines;
		const lines: FieldLine[] = [];
		if (this.standard) lines.push(forwardedLine(address, host, scheme));
		if (this.customary) {
			if (address !== null) lines.push(new FieldLine(tags['x-forwarded-for'], 'X-Forwarded-For', address));
			if (host !== '') lines.push(new FieldLine(tags['x-forwarded-host'], 'X-Forwarded-Host', host));
			lines.push(new FieldLine(tags['x-forwarded-proto'], 'X-Forwarded-Proto', scheme));
		}
		state.set(this.kept, { address, host, scheme, lines });
		return lines;
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

/** `for=192.0.2.1;host=example.org;proto=http`. */
function forwardedLine(address: string | null, host: string, proto: string): FieldLine {
	const node = address === null ? 'unknown' : tokenOrQuoted(formatForwardedNode({ name: address, port: null }));
	const from = host === '' ? '' : `;host=${tokenOrQuoted(host)}`;
	return new FieldLine(tags.forwarded, 'Forwarded', `for=${node}${from};proto=${proto}`);
}
