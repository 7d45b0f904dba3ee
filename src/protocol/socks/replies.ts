/** A server's reply as bytes (RFC 1928 section 6), and what is left of it in SOCKS4, which knows yes and no. */
import { IPV4, type SocksReply, type SocksVersion, socksReplies } from './numbers.ts';

const GRANTED = 90;
/** The other refusals of SOCKS4, 92 and 93, speak of identd, which nobody asks here. */
const REJECTED = 91;

/**
 * The bytes of a reply. The address and port that a tunnel was connected from are zeros: clients need them for BIND alone, and
 * they would show how the network behind the server looks.
 */
export function socksReply(version: SocksVersion, reply: SocksReply): Uint8Array {
	if (version === 4) return Uint8Array.of(0, reply === 'succeeded' ? GRANTED : REJECTED, 0, 0, 0, 0, 0, 0);
	return Uint8Array.of(5, socksReplies[reply], 0, IPV4, 0, 0, 0, 0, 0, 0);
}
