/** Where an application listens: `unix:/path/to/socket`, `host:port` or `[address]:port`. */
import { type Origin, parseOrigin } from '../origin.ts';

/** Throws TypeError, naming the argument, for anything else. */
export function parseFastCgiAddress(address: string): Origin {
	if (typeof address !== 'string') throw new TypeError(`address: not a text but ${typeof address}. ${HINT}`);
	if (address.startsWith('unix:')) return parseOrigin(address);
	const match = /^(?:\[([0-9a-fA-F:.]+)\]|([\w.-]+)):(\d{1,5})$/.exec(address);
	const port = Number(match?.[3]);
	const host = match?.[1] ?? match?.[2];
	if (host === undefined || port < 1 || port > 65_535)
		throw new TypeError(`address: not where FastCGI is spoken: ${JSON.stringify(address)}. ${HINT}`);
	return { name: address, secure: false, authority: address, host, port, socketPath: null, path: '' };
}

const HINT = 'Write unix:/run/php/php-fpm.sock or 127.0.0.1:9000.';
