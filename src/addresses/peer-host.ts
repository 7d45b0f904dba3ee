/** IPv4 clients of a socket that takes both families come as `::ffff:192.0.2.1`; they are shown by their IPv4 address. */
export function peerHost(host: string): string {
	return host.startsWith('::ffff:') && host.includes('.') ? host.slice(7) : host;
}
