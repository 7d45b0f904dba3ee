/** What the system still holds of that which was written to a connection over IPv4: not sent, or not acknowledged. */
import { existsSync, readFileSync } from 'node:fs';
import type { Socket } from 'node:net';

const TABLE = '/proc/net/tcp';

/** Whether this system tells. */
export const unsentIsKnown: boolean = existsSync(TABLE);

/** In bytes; 0 for a connection that the system has forgotten. */
export function unsentBySystem({ localPort, remotePort }: Socket): number {
	for (const line of readFileSync(TABLE, 'utf8').split('\n')) {
		// "sl local_address rem_address st tx_queue:rx_queue …", all in hexadecimal.
		const [, local = '', remote = '', , queues = ''] = line.trim().split(/ +/);
		if (portOf(local) === localPort && portOf(remote) === remotePort) return Number.parseInt(queues, 16);
	}
	return 0;
}

function portOf(address: string): number {
	return Number.parseInt(address.slice(address.indexOf(':') + 1), 16);
}
