/** A client of SOCKS by raw bytes: it says what it is told, and takes what it is answered. */
import { addressBytes } from '../../src/protocol/socks/address-bytes.ts';
import type { RawPeer } from './raw-peer.ts';

/** The replies of SOCKS5 by number, and those of SOCKS4. */
export const SUCCEEDED = 0;
export const GRANTED = 90;
export const REJECTED = 91;

/** What is said, as text of latin1. */
export function bytes(...numbers: number[]): string {
	return String.fromCharCode(...numbers);
}

function port(number: number): string {
	return bytes(number >> 8, number & 255);
}

/** A request of SOCKS5: names as names, addresses as addresses. */
export function request5(host: string, to: number, command = 1): string {
	const address = addressBytes(host);
	const type = address === null ? bytes(3, host.length) + host : bytes(address.length === 4 ? 1 : 4, ...address);
	return bytes(5, command, 0) + type + port(to);
}

/** A request of SOCKS4, or SOCKS4a for a name. */
export function request4(host: string, to: number, user = ''): string {
	const address = addressBytes(host);
	const start = bytes(4, 1) + port(to) + bytes(...(address ?? [0, 0, 0, 1]));
	return `${start}${user}\0${address === null ? `${host}\0` : ''}`;
}

export function login(user: string, password: string): string {
	return bytes(1, user.length) + user + bytes(password.length) + password;
}

/** The greeting of a client without a password, and of one with one. */
export const ANYBODY: string = bytes(5, 1, 0);
export const SOMEBODY: string = bytes(5, 2, 0, 2);

/** The next `length` bytes. */
export async function taken(peer: RawPeer, length: number): Promise<number[]> {
	return [...Buffer.from(await peer.read(new RegExp(`^[\\s\\S]{${length}}`)), 'latin1')];
}

/** Takes the reply of SOCKS5, all ten bytes, and answers its number. */
export async function reply5(peer: RawPeer): Promise<number> {
	const [version, reply = -1, ...rest] = await taken(peer, 10);
	if (version !== 5 || rest.join() !== '0,1,0,0,0,0,0,0')
		throw new Error(`No reply of SOCKS5: ${version} ${reply} ${rest.join()}`);
	return reply;
}

/** Takes the reply of SOCKS4 and answers its number. */
export async function reply4(peer: RawPeer): Promise<number> {
	const [version, reply = -1] = await taken(peer, 8);
	if (version !== 0) throw new Error(`No reply of SOCKS4: ${version}`);
	return reply;
}

/** Goes through a whole handshake of SOCKS5, and answers the number of its reply. */
export async function connect5(
	peer: RawPeer,
	host: string,
	to: number,
	who: { readonly user: string; readonly password: string } | null = null,
): Promise<number> {
	peer.send(who === null ? ANYBODY : SOMEBODY);
	const [, method] = await taken(peer, 2);
	if (method !== (who === null ? 0 : 2)) throw new Error(`Method ${method}`);
	if (who !== null) {
		peer.send(login(who.user, who.password));
		const [, status] = await taken(peer, 2);
		if (status !== 0) throw new Error(`The credentials were answered ${status}`);
	}
	peer.send(request5(host, to));
	return reply5(peer);
}

/** Goes through a whole handshake of SOCKS4, and answers the number of its reply. */
export function connect4(peer: RawPeer, host: string, to: number, user = ''): Promise<number> {
	peer.send(request4(host, to, user));
	return reply4(peer);
}
