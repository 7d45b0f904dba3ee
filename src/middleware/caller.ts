/** Who is calling, for the layers that decide by it: the one that `clientAddress` has proved, else the other end of the connection. */
import { normalAddress } from '../addresses/index.ts';
import type { Address, Context } from '../convention/index.ts';
import { client } from './keys.ts';

/** An IP address, `unix` for a socket of the file system, empty for what has no address. */
export function callerAddress(context: Context): string {
	return context.get(client)?.address ?? peerText(context.connection.remote);
}

/** The same for whoever lets in by address: null for somebody whom a trusted proxy has not named, who is nobody's equal. */
export function namedCaller(context: Context): string | null {
	const known = context.get(client);
	if (known === undefined) return peerText(context.connection.remote);
	return known.unnamed === true ? null : known.address;
}

/**
 * The other end of a connection, as the system writes it, which is the usual form; but for the zone of link-local addresses,
 * and for IPv4 clients of a socket that takes both families, who come as `::ffff:192.0.2.1`.
 */
export function peerText(remote: Address): string {
	if (remote.kind !== 'ip') return remote.kind === 'unix' ? 'unix' : '';
	const { host } = remote;
	if (host.startsWith('::ffff:')) return normalAddress(host) ?? '';
	const zone = host.indexOf('%');
	return zone === -1 ? host : host.slice(0, zone);
}
