/** What a TLS socket has settled, in the convention's words. */
import type { TLSSocket } from 'node:tls';
import type { TlsFacts } from '../../convention/index.ts';

export function tlsFacts(socket: TLSSocket): TlsFacts {
	return {
		sni: (socket as unknown as { servername?: string | false }).servername || null,
		alpn: socket.alpnProtocol || null,
		peer: () => (socket.authorized ? (socket.getPeerCertificate(false)?.raw ?? null) : null),
	};
}
