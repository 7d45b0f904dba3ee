/** Who ends the TLS of a tunnel to see what is in it. `forward` knows no engine: whoever intercepts brings one along. */
import type { Tunnel } from '../../bytes/index.ts';
import type { App, Context } from '../../convention/index.ts';
import type { Destination } from './destination.ts';

/** What an interceptor is handed, for one tunnel. */
export interface Intercepted {
	readonly client: Tunnel;
	readonly destination: Destination;
	/** The exchange of the CONNECT itself. */
	readonly context: Context;
	/** Answers the requests that are found inside. Each of their contexts must have the key `destination` of this tunnel. */
	readonly app: App;
	/** Carries the tunnel through to its destination after all, unread; `early` are bytes that were read from the client. */
	through(early: Uint8Array | null): void;
}

export interface Interceptor {
	/** Whether tunnels to this destination are to be looked into. */
	wants(destination: Destination): boolean;
	take(intercepted: Intercepted): void;
}
