/**
 * The same server facing outwards: a forward proxy, for the web at large and for the demo's own front. Loopback is closed
 * like everything that is not public; `self` opens what this process itself listens on, and `ports` leaves of that the front.
 */
import { forward, type ServeOptions } from 'turnabout';

/** What `serve` needs but the address to listen on; `front` is the port of the demo's front. */
export function outward(front: number): ServeOptions {
	return {
		app: forward({ ports: [80, 443, front], allowPrivate: ['self'] }),
		accessLog: '-',
		drain: 1_000,
		socks: true,
	};
}
