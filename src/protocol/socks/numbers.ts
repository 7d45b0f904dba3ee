/** The numbers of SOCKS that both sides write and read (RFC 1928, RFC 1929, and SOCKS4, which no RFC has). */

export type SocksVersion = 4 | 5;

export const CONNECT = 1;

/** Methods of authentication (RFC 1928 section 3). */
export const NO_AUTHENTICATION = 0;
export const USER_PASSWORD = 2;
export const NONE_ACCEPTABLE = 0xff;

/** Types of addresses (RFC 1928 section 5). */
export const IPV4 = 1;
export const NAME = 3;
export const IPV6 = 4;

/** What a server answers to a request (RFC 1928 section 6). */
export const socksReplies = {
	succeeded: 0,
	generalFailure: 1,
	notAllowed: 2,
	networkUnreachable: 3,
	hostUnreachable: 4,
	connectionRefused: 5,
	timedOut: 6,
	commandNotSupported: 7,
	addressTypeNotSupported: 8,
} as const;

export type SocksReply = keyof typeof socksReplies;
