/** Connections that begin with a PROXY header, which says for whom they are made: each is one client's, and TLS comes behind it. */
import type { Address, Context } from '../convention/index.ts';
import { type End, type ProxyHeaderVersion, proxyHeader } from '../protocol/proxy-header/index.ts';
import { type Dialler, diallerOf } from './dial.ts';
import type { DialRules } from './dial-guarded.ts';
import { secured } from './dial-secure.ts';
import { HTTP1, tlsOptions } from './dial-socket.ts';
import type { UpstreamTls } from './options.ts';
import type { Origin } from './origin.ts';

/** Makes diallers for one exchange each. Throws node's error for a certificate, key or authority that cannot be read. */
export function introducedDialler(
	origin: Origin,
	tls: UpstreamTls,
	rules: DialRules,
	version: ProxyHeaderVersion,
): (context: Context) => Dialler {
	const plain = diallerOf({ ...origin, secure: false }, tls, rules, null, HTTP1, origin.secure);
	const inner = origin.secure ? tlsOptions(origin, tls) : null;
	return ({ connection: { remote, local } }) => ({
		...plain,
		onward: (socket, done) => {
			socket.write(proxyHeader(version, { remote: endOf(remote), local: endOf(local) }));
			if (inner === null) done(null, socket);
			else secured(socket, origin, inner, done);
		},
	});
}

function endOf(address: Address): End | null {
	return address.kind === 'ip' ? { host: address.host, port: address.port } : null;
}
