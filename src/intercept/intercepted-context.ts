/**
 * The circumstances of a request that was found inside of a tunnel: its own exchange, seen from where its client really is.
 * What layers around the proxy have found out about the client of the CONNECT, its identity say, is known inside, too.
 */
import {
	type Address,
	attemptTracer,
	type Connection,
	type Context,
	DerivedContext,
	deadline,
	type Key,
	type Protocol,
	type State,
	type TlsFacts,
	traceContext,
	upstreamTimer,
} from '../convention/index.ts';

/** These are of one exchange: how long that of the CONNECT may take, and what it has waited for. */
const ITS_OWN: ReadonlySet<Key<unknown>> = new Set<Key<unknown>>([
	attemptTracer,
	deadline,
	traceContext,
	upstreamTimer,
]);

export class InterceptedContext extends DerivedContext {
	private readonly around: Context;
	private readonly made: Connection;

	/** `inner`: the exchange of the request; `around`: that of the CONNECT; `connection`: made of both of theirs. */
	constructor(inner: Context, around: Context, connection: Connection) {
		super(inner);
		this.around = around;
		this.made = connection;
	}

	override get connection(): Connection {
		return this.made;
	}

	override get remoteAddr(): Context['remoteAddr'] {
		return this.around.remoteAddr;
	}

	override get<T>(key: Key<T>): T | undefined {
		return this.outer.has(key) || ITS_OWN.has(key) ? this.outer.get(key) : this.around.get(key);
	}

	override has(key: Key<unknown>): boolean {
		return this.outer.has(key) || (!ITS_OWN.has(key) && this.around.has(key));
	}
}

/** TLS is that inside of the tunnel, addresses are those outside. */
export class InterceptedConnection implements Connection {
	readonly id: number;
	readonly remote: Address;
	readonly local: Address;
	readonly tls: TlsFacts | null;
	readonly protocol: Protocol;
	readonly state: State;

	constructor(inner: Connection, around: Connection) {
		this.id = inner.id;
		this.remote = around.remote;
		this.local = around.local;
		this.tls = inner.tls;
		this.protocol = inner.protocol;
		this.state = inner.state;
	}
}
