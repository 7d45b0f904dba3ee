/** What an app is told of its connection. Made when it is first asked for: most exchanges never do. */
import {
	type Address,
	type Connection,
	ExchangeState,
	type Protocol,
	type State,
	type TlsFacts,
} from '../convention/index.ts';
import type { Transport } from '../transport/index.ts';

let lastId = 0;

export class ConnectionFacts implements Connection {
	readonly id: number;
	readonly remote: Address;
	readonly local: Address;
	readonly tls: TlsFacts | null;
	readonly protocol: Protocol;
	private states: State | null = null;

	constructor(transport: Transport, protocol: Protocol) {
		this.id = ++lastId;
		this.remote = transport.remote;
		this.local = transport.local;
		this.tls = transport.tls;
		this.protocol = protocol;
	}

	get state(): State {
		this.states ??= new ExchangeState();
		return this.states;
	}
}
