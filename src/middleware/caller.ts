/** Who is calling, for the layers that decide by it: the one that `clientAddress` has proved, else the other end of the connection. */
import { normalAddress } from '../addresses/index.ts';
import type { Address, Context } from '../convention/index.ts';
import { client } from './keys.ts';

/** An IP address, `unix` for a socket of the file system, empty for what has no address. */
export function callerAddress(context: Context): string {
	return context.get(client)?.address ?? peerText(context.connection.remote);
}

/** The other end of a connection. Its host is taken as the system writes it, but for the zone of link-local addresses. */
export function peerText(remote: Address): string {
	if (remote.kind !== 'ip') return remote.kind === 'unix' ? 'unix' : '';
	const { host } = remote;
	if (!host.includes(':')) return host;
	const zone = host.indexOf('%');
	return normalAddress(zone === -1 ? host : host.slice(0, zone)) ?? '';
}
