/** One connection whose bytes are none of our business: a tunnel is asked for as soon as it is there. */
import { FieldList } from '../../fields/index.ts';
import type { Transport } from '../../transport/index.ts';
import { ConnectConnection } from '../connect-connection.ts';
import type { ListenedConnection, SocketListener } from '../socket-listener.ts';

export class TcpConnection extends ConnectConnection {
	constructor(listener: SocketListener<ListenedConnection>, transport: Transport, countedAs: string | null) {
		super(listener, transport, countedAs, 'tcp');
	}

	begin(target: string): void {
		this.ask(target, FieldList.of([['Host', target]]));
	}

	received(bytes: Uint8Array, length: number): void {
		if (!this.lingering) this.keep(bytes.subarray(0, length));
	}

	/** A client may close its half before anybody has answered; its tunnel will hear of it. */
	ended(): void {
		this.clientFinished = true;
	}

	/** There are no words for it. */
	protected tellRefusal(): void {}
	protected tellOpened(): void {}

	/** Nobody is told anything: it is cut off, and the client sees that. */
	protected override close(): void {
		this.lingering = true;
		this.transport.destroy(true);
	}
}
