/**
 * The one grammar of listening addresses, shared by flags, configuration and code:
 *
 *     8080   :8080   127.0.0.1:8080   [::1]:8080   localhost:8080   unix:/run/app.sock   systemd   systemd:web
 *
 * A bare port means this machine alone; a port behind an empty host means every interface. Port 0 takes a free one.
 * This file only reads and writes the text; listening is in listen.ts.
 */
import { isIPv4, isIPv6 } from 'node:net';

/** Where to listen. `host` is null for all interfaces. */
export type Place =
	| { readonly kind: 'ip'; readonly host: string | null; readonly port: number }
	| { readonly kind: 'unix'; readonly path: string }
	/** A socket that was passed on to us, by its name; null for the only one. */
	| { readonly kind: 'inherited'; readonly name: string | null };

/** Used when nothing is said. */
export const DEFAULT_ADDRESS = '127.0.0.1:8080';

/** The address a bare port belongs to. */
const LOOPBACK = '127.0.0.1';

/** Room in `sockaddr_un.sun_path` without the closing NUL: 107 bytes on Linux, 103 on macOS and the BSDs. */
const LONGEST_PATH = process.platform === 'linux' ? 107 : 103;

const HOST_NAME = /^(?!-)[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\.?$/;

/** A text that is not an address to listen on; `hint` says what to write instead. */
export class AddressError extends TypeError {
	readonly code = 'ERR_TURNABOUT_ADDRESS';
	readonly hint: string;

	constructor(reason: string, hint: string) {
		super(reason);
		this.name = 'AddressError';
		this.hint = hint;
	}
}

const FORMS =
	'Write a port (8080), host:port (127.0.0.1:8080, [::1]:8080, :8080 for all interfaces) unix:/path, or systemd for a socket that is passed on.';

/** Reads an address. Throws AddressError. */
export function parseAddress(text: string): Place {
	if (text === '') throw new AddressError('the address is empty', FORMS);
	if (text.startsWith('unix:')) return unixPlace(text.slice('unix:'.length));
	const inherited = /^systemd(?::([\w.-]+))?$/.exec(text);
	if (inherited !== null) return { kind: 'inherited', name: inherited[1] ?? null };
	if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
		throw new AddressError('a URL, where an address is wanted', `Leave out the scheme and the path. ${FORMS}`);
	}
	if (/^\d+$/.test(text)) return { kind: 'ip', host: LOOPBACK, port: portOf(text) };
	if (isIPv6(text)) throw new AddressError('an IPv6 address needs brackets and a port', `For example [${text}]:8080.`);
	const colon = text.lastIndexOf(':');
	if (colon === -1 || text.endsWith(']')) throw new AddressError('the port is missing', `For example ${text}:8080.`);
	return { kind: 'ip', host: hostOf(text.slice(0, colon)), port: portOf(text.slice(colon + 1)) };
}

/** The text that `parseAddress` reads as this place. */
export function formatPlace(place: Place): string {
	if (place.kind === 'unix') return `unix:${place.path}`;
	if (place.kind === 'inherited') return place.name === null ? 'systemd' : `systemd:${place.name}`;
	const { host, port } = place;
	return `${host === null ? '' : isIPv6(host) ? `[${host}]` : host}:${port}`;
}

function hostOf(text: string): string | null {
	if (text === '') return null;
	if (text.startsWith('[')) {
		const inner = text.slice(1, -1);
		if (text.endsWith(']') && isIPv6(inner)) return inner;
		throw new AddressError(`${text} is not an IPv6 address in brackets`, 'For example [::1]:8080.');
	}
	if (text.includes(':')) throw new AddressError('an IPv6 address needs brackets', `For example [${text}]:8080.`);
	if (text === '*') throw new AddressError('* is not a host', 'An empty host means all interfaces: :8080.');
	// Digits and dots alone are meant to be IPv4: as a name they would go to DNS and fail there, later and in other words.
	if (/^[\d.]+$/.test(text) ? !isIPv4(text) : !HOST_NAME.test(text)) {
		throw new AddressError(`${JSON.stringify(text)} is not a host`, FORMS);
	}
	return text;
}

function portOf(text: string): number {
	if (text === '') throw new AddressError('the port is missing', FORMS);
	if (!/^\d+$/.test(text))
		throw new AddressError(`${JSON.stringify(text)} is not a port`, 'A port is a number, 0 to 65535.');
	const port = Number(text);
	if (port > 65_535) throw new AddressError(`${text} is not a port`, 'A port is a number, 0 to 65535.');
	return port;
}

function unixPlace(path: string): Place {
	if (path === '') throw new AddressError('the path of the socket is missing', 'For example unix:/run/turnabout.sock.');
	if (path.startsWith('//')) throw new AddressError('unix: takes a path, not a URL', `Write unix:${path.slice(2)}.`);
	if (path.includes('\0')) throw new AddressError('the path holds a NUL character', FORMS);
	if (Buffer.byteLength(path) > LONGEST_PATH) {
		throw new AddressError(
			`the path is longer than ${LONGEST_PATH} bytes`,
			'The system allows no longer ones for sockets.',
		);
	}
	return { kind: 'unix', path };
}

/** Whether only this machine reaches it. */
export function isLoopback(place: Place): boolean {
	if (place.kind === 'unix') return true;
	// Who has made the socket knows.
	if (place.kind === 'inherited') return false;
	const { host } = place;
	return host !== null && (host === '::1' || host === 'localhost' || (isIPv4(host) && host.startsWith('127.')));
}
