/** One HTTP/1.1 exchange. When the next request may be read is in server-connection.ts. */
import type { Source } from '../../bytes/index.ts';
import {
	type Abilities,
	type Connection,
	Disconnected,
	type RawResponse,
	reasonPhrase,
	type Version,
} from '../../convention/index.ts';
import { FieldList, listOf, tags } from '../../fields/index.ts';
import { NONE, type RequestHead } from '../../protocol/h1/index.ts';
import { TransportTunnel } from '../../transport/index.ts';
import { EngineExchange } from '../engine-exchange.ts';
import { dateLine } from './date-line.ts';
import type { H1Listener } from './listener.ts';
import { ResponseWriter } from './response-writer.ts';
import type { ServerConnection } from './server-connection.ts';

/** This engine can do it all. A FileRange is read through memory. */
const abilities: Abilities = {
	inform: true,
	trailers: true,
	tunnel: true,
	rawFields: true,
	halfClose: true,
	sendFile: false,
};

const NO_OFFERS: readonly string[] = [];

const disconnected = (cause: Error | null): Error => new Disconnected(undefined, { cause });

export class Exchange extends EngineExchange {
	readonly owner: ServerConnection;
	readonly head: RequestHead;
	/** The request's body: fed while it comes in, or whole. */
	readonly payload: Source | null;

	constructor(owner: ServerConnection, head: RequestHead, payload: Source | null) {
		super();
		this.owner = owner;
		this.head = head;
		this.payload = payload;
	}

	get listener(): H1Listener {
		return this.owner.listener;
	}

	get method(): string {
		return this.head.method;
	}

	get target(): string {
		return this.head.target;
	}

	get form(): RequestHead['form'] {
		return this.head.form;
	}

	get authority(): string {
		return this.head.authority;
	}

	get scheme(): 'http' | 'https' {
		if (this.head.form === 'absolute') return (this.head.target.charCodeAt(4) | 0x20) === 0x73 ? 'https' : 'http';
		return this.owner.secure ? 'https' : 'http';
	}

	get received(): number {
		return this.owner.bodyBytes;
	}

	get version(): Version {
		return this.head.version === 11 ? '1.1' : '1.0';
	}

	get fields(): FieldList {
		return this.head.fields;
	}

	get connection(): Connection {
		return this.owner.facts;
	}

	get can(): Abilities {
		return abilities;
	}

	get offers(): readonly string[] {
		const { head } = this;
		if (!head.offersTunnel) return NO_OFFERS;
		if (head.method === 'CONNECT') return ['connect'];
		return listOf((head.fields.getTagged(tags.upgrade) ?? '').toLowerCase());
	}

	protected sendInformational(status: number, fields: FieldList): void {
		this.owner.inform(status, fields);
	}

	writerOf(response: RawResponse): ResponseWriter {
		const writer = new ResponseWriter(this, response);
		this.owner.writer = writer;
		return writer;
	}

	/** After the head the connection belongs to the app's tunnel (RFC 9110 sections 7.8 and 9.3.6). */
	openTunnel(response: RawResponse): void {
		const { owner } = this;
		const { codec, transport } = owner;
		const { status, reason } = response;
		const fields = FieldList.from(response.fields);
		const head = codec.responseHead(status, reason ?? reasonPhrase(status), fields, NONE, dateLine());
		codec.switchProtocols();
		this.status = status;
		transport.write(head);
		owner.patience.end();
		owner.intake.detach((early) => this.handOver(response, early));
	}

	private handOver(response: RawResponse, early: Uint8Array | null): void {
		const { owner, listener } = this;
		const { tunnelIdle } = listener.settings.timeouts;
		const patience = { idle: tunnelIdle, total: 0 };
		const tunnel = new TransportTunnel(owner.transport, early, owner, patience, disconnected);
		// The client's FIN came before the tunnel was there to hear of it.
		if (owner.clientFinished) tunnel.ended();
		try {
			response.tunnel?.(tunnel);
		} catch (error) {
			listener.logFailure(this, error);
			tunnel.destroy();
		}
	}

	giveUpRequest(): void {
		this.owner.codec.close();
	}

	lose(cause: Error): void {
		this.owner.abandon(cause);
		this.owner.transport.destroy();
	}
}
