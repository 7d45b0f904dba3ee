/** One client's connection in SOCKS: a handshake before the exchange, and a reply behind it. */
import { Disconnected } from '../../convention/index.ts';
import { FieldList, formatAuthority } from '../../fields/index.ts';
import { type SocksReply, type SocksRequest, SocksServer, socksReply } from '../../protocol/socks/index.ts';
import type { Transport } from '../../transport/index.ts';
import { ConnectConnection } from '../connect-connection.ts';
import type { ListenedConnection, SocketListener } from '../socket-listener.ts';
import { replyFor } from './reply-for.ts';

/** A FIN this soon behind the request is a client that closes its half; later, one that has left. */
const SAME_BURST = 100;

export class SocksConnection extends ConnectConnection {
	private readonly handshake: SocksServer = new SocksServer();
	/** When the request was complete. */
	private asked = 0;

	constructor(listener: SocketListener<ListenedConnection>, transport: Transport, countedAs: string | null) {
		super(listener, transport, countedAs, 'socks5');
	}

	received(bytes: Uint8Array, length: number): void {
		if (this.lingering) return;
		if (this.exchange !== null) return this.keep(bytes.subarray(0, length));
		const { handshake, transport } = this;
		const end = handshake.receive(bytes, 0, length);
		const output = handshake.takeOutput();
		if (output.length > 0) transport.write(output);
		if (handshake.failure !== null) return this.violated(handshake.failure);
		const { request } = handshake;
		if (request === null) return;
		if (end < length) this.keep(bytes.subarray(end, length));
		this.asked = performance.now();
		const target = formatAuthority(request);
		this.ask(target, fieldsOf(target, request), request.version === 4 ? 'socks4' : 'socks5');
	}

	/** FIN. A client may close its half behind its request, or right behind what it sends early. */
	ended(): void {
		this.clientFinished = true;
		if (this.lingering) return;
		if (this.exchange === null) return this.transport.destroy();
		if (performance.now() - this.asked > SAME_BURST) this.lose(new Disconnected());
	}

	private violated(message: string): void {
		this.listener.violation(this.facts.id, message);
		this.close();
	}

	protected tellRefusal(status: number, proxyStatus: string | null): void {
		this.reply(replyFor(status, proxyStatus));
	}

	protected tellOpened(): void {
		this.reply('succeeded');
	}

	private reply(reply: SocksReply): void {
		const { request } = this.handshake;
		if (request !== null) this.transport.write(socksReply(request.version, reply));
	}
}

/** User and password are Proxy-Authorization in the Basic scheme (RFC 7617), which the layers of `auth` read. */
function fieldsOf(target: string, { credentials }: SocksRequest): FieldList {
	const fields = FieldList.of([['Host', target]]);
	if (credentials !== null)
		fields.append('Proxy-Authorization', `Basic ${btoa(`${credentials.user}:${credentials.password}`)}`);
	return fields;
}
