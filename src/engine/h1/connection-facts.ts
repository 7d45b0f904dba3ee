/** What an app is told of its connection. Made when it is first asked for: most exchanges never do. */
import { type Address, type Connection, ExchangeState, type State, type TlsFacts } from '../../convention/index.ts';
import type { Transport } from '../../transport/index.ts';

export class ConnectionFacts implements Connection {
	readonly id: number;
	readonly remote: Address;
	readonly local: Address;
	readonly tls: TlsFacts | null;
	readonly protocol = '1.1';
	private states: State | null = null;

	constructor(id: number, transport: Transport) {
		this.id = id;
		this.remote = transport.remote;
		this.local = transport.local;
		this.tls = transport.tls;
	}

	get state(): State {
		this.states ??= new ExchangeState();
		return this.states;
	}
}
