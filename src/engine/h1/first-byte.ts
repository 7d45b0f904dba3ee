/**
 * Listens for the first byte of a connection. Until it comes, and when it is none of another protocol's, the connection is one
 * of HTTP/1.1 in all respects: time-outs, farewells, counts.
 */
import type { Transport, TransportHandler } from '../../transport/index.ts';
import type { SpokenByByte } from '../also-spoken.ts';
import type { H1Listener } from './listener.ts';
import type { ServerConnection } from './server-connection.ts';

export class FirstByte implements TransportHandler {
	private readonly listener: H1Listener;
	private readonly transport: Transport;
	private readonly http: ServerConnection;
	private readonly also: readonly SpokenByByte[];

	constructor(listener: H1Listener, transport: Transport, http: ServerConnection, also: readonly SpokenByByte[]) {
		this.listener = listener;
		this.transport = transport;
		this.http = http;
		this.also = also;
	}

	received(bytes: Uint8Array, length: number, durable: boolean): void {
		const { http } = this;
		// One that is being seen off is not begun with.
		const other = http.lingering ? undefined : this.also.find((one) => one.beginsWith(bytes[0] as number));
		const handler = other === undefined ? http : this.handOver(other);
		this.transport.handler = handler;
		handler.received(bytes, length, durable);
	}

	private handOver(other: SpokenByByte): TransportHandler {
		const { http, listener } = this;
		http.patience.end();
		const connection = other.speak(listener, this.transport, http.countedAs);
		listener.replaced(http, connection);
		return connection;
	}

	ended(): void {
		this.http.ended();
	}

	drained(): void {
		this.http.drained();
	}

	closed(error: Error | null): void {
		this.http.closed(error);
	}

	broken(error: unknown): void {
		this.http.broken(error);
	}
}
