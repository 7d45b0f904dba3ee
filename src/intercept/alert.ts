/** TLS alerts (RFC 8446 section 6) for clients whose TLS does not even begin: they say more than a closed connection. */
import type { Tunnel } from '../bytes/index.ts';
import { Timer, wheel } from '../transport/index.ts';

export const ALERT = { decodeError: 50, accessDenied: 49, internalError: 80 } as const;

/** Milliseconds that the client has for reading it. */
const GOODBYE = 2_000;

/** Sends a fatal alert, in a record of its own, and ends the tunnel. */
export function sendAlert(tunnel: Tunnel, description: number): void {
	tunnel.writable.write(Uint8Array.from([21, 3, 3, 0, 2, 2, description]));
	tunnel.writable.end();
	tunnel.readable.cancel();
	wheel.set(new Timer({ timedOut: () => tunnel.destroy() }), GOODBYE);
}
