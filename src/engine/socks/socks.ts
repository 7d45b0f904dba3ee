/**
 * SOCKS on a port of the HTTP/1.1 engine. A client's request becomes an exchange like that of a CONNECT, so that the same
 * app, in the same middleware, answers both; user and password come as Proxy-Authorization.
 */
import type { SpokenByByte } from '../also-spoken.ts';
import { SocksConnection } from './socks-connection.ts';

/**
 * For `h1({ also: [socks()] })`: SOCKS5 (RFC 1928, RFC 1929), SOCKS4 and SOCKS4a; CONNECT alone. Only for apps that open tunnels to
 * whom they want to, such as `forward()`.
 */
export function socks(): SpokenByByte {
	return {
		name: 'SOCKS',
		beginsWith: (byte) => byte === 5 || byte === 4,
		speak: (listener, transport, countedAs) => new SocksConnection(listener, transport, countedAs),
	};
}
