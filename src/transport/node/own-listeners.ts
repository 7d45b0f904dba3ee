/**
 * Where this process itself listens. Whoever connects on behalf of others must know, or could be led back into the house by
 * its own address: past what stands before its door, or round and round. Every listener is noted while it accepts; sockets
 * in the file system are not, since nobody is led there by an address.
 */
import { networkInterfaces } from 'node:os';
import { normalAddress } from '../../addresses/index.ts';
import type { Address } from '../../convention/index.ts';

interface OwnListener {
	/** In its usual form; null for all addresses of this machine. */
	readonly host: string | null;
	readonly port: number;
}

const listeners: Set<OwnListener> = new Set();

/** Notes where we accept connections from now on; what it gives back forgets it, and may be called again. */
export function noteListener(address: Address): () => void {
	if (address.kind !== 'ip') return () => {};
	const { host, port } = address;
	const normal = usualForm(host);
	// What listens by a name listens on some of our addresses; which of them is not told.
	const listener = { host: normal === '0.0.0.0' || normal === '::' ? null : normal, port };
	listeners.add(listener);
	return () => listeners.delete(listener);
}

/**
 * Whether a connection to this address and port would end here: the address of a listener, or any of the machine's own where
 * one listens on all of them. Port 0 stands for one that is not known: then any listener's will do.
 */
export function isOwnListener(address: string, port: number): boolean {
	for (const listener of listeners) {
		if (port !== 0 && port !== listener.port) continue;
		const reached = whereItLeads(address);
		if (reached === null) continue;
		if (listener.host === null ? isOwnAddress(reached) : listener.host === reached) return true;
	}
	return false;
}

/** The unspecified address of either family leads to loopback. */
function whereItLeads(address: string): string | null {
	const normal = usualForm(address);
	if (normal === '0.0.0.0') return '127.0.0.1';
	return normal === '::' ? '::1' : normal;
}

function usualForm(address: string): string | null {
	const zone = address.indexOf('%');
	return normalAddress(zone < 0 ? address : address.slice(0, zone));
}

function isOwnAddress(address: string): boolean {
	return address.startsWith('127.') || address === '::1' || ofInterfaces().has(address);
}

/** Milliseconds that the addresses of the interfaces are believed: asking costs some hundred microseconds. */
const BELIEVED = 3_000;

let asked: number = Number.NEGATIVE_INFINITY;
let addresses: ReadonlySet<string> = new Set();

function ofInterfaces(): ReadonlySet<string> {
	const now = performance.now();
	if (now - asked < BELIEVED) return addresses;
	const all = Object.values(networkInterfaces()).flatMap((some) => some ?? []);
	addresses = new Set(all.map(({ address }) => usualForm(address) ?? address));
	asked = now;
	return addresses;
}
