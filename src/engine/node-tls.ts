/** Our TLS options in node's words. Versions and ciphers are node's defaults: TLS 1.2 and 1.3. */
import type { TlsOptions as NodeTlsOptions } from 'node:tls';
import type { TlsOptions } from './engine.ts';

/** `protocols`: what ALPN offers, best first; `handshake`: milliseconds a client has for it, 0 for node's default. */
export function nodeTls(options: TlsOptions, protocols: string[], handshake: number): NodeTlsOptions {
	const asked = options.clientAuthorities !== undefined || options.requireClientCertificate === true;
	return {
		cert: options.cert as string,
		key: options.key as string,
		ALPNProtocols: protocols,
		...(handshake > 0 ? { handshakeTimeout: handshake } : {}),
		...(asked ? { requestCert: true, rejectUnauthorized: options.requireClientCertificate === true } : {}),
		...(options.clientAuthorities === undefined ? {} : { ca: options.clientAuthorities as string }),
	};
}
