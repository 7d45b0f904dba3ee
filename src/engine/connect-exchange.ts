/** A connection that is to be a tunnel, as an exchange: CONNECT, as HTTP has it, so that the same layers, policies and logs see both. */
import {
	type Abilities,
	type Connection,
	cancelPayload,
	type RawResponse,
	type TargetForm,
	type Version,
} from '../convention/index.ts';
import { FieldList } from '../fields/index.ts';
import { EngineExchange, type ExchangeHost, type Writing } from './engine-exchange.ts';

/** Nothing can be said but yes and no. */
const abilities: Abilities = {
	inform: false,
	trailers: false,
	tunnel: true,
	rawFields: true,
	halfClose: true,
	sendFile: false,
};

const OFFERS: readonly string[] = ['connect'];

/** The connection that asks. */
export interface TunnelOpener {
	readonly listener: ExchangeHost & { readonly secure: boolean };
	readonly facts: Connection;
	/** Bytes that have come through the tunnel. */
	readonly tunnelled: number;
	/** There is no tunnel; `proxyStatus` is that field's value, if the answer has one. */
	refuse(status: number, proxyStatus: string | null): void;
	openTunnel(exchange: ConnectExchange, response: RawResponse): void;
	lose(cause: Error): void;
}

export class ConnectExchange extends EngineExchange {
	readonly method = 'CONNECT';
	readonly form: TargetForm = 'authority';
	readonly version: Version = '1.1';
	readonly target: string;
	readonly fields: FieldList;
	readonly payload = null;
	readonly offers: readonly string[] = OFFERS;
	readonly can: Abilities = abilities;
	private readonly owner: TunnelOpener;

	constructor(owner: TunnelOpener, target: string, fields: FieldList) {
		super();
		this.owner = owner;
		this.target = target;
		this.fields = fields;
		this.requestComplete(null);
	}

	get listener(): ExchangeHost {
		return this.owner.listener;
	}

	get connection(): Connection {
		return this.owner.facts;
	}

	get authority(): string {
		return this.target;
	}

	get scheme(): 'http' | 'https' {
		return this.owner.listener.secure ? 'https' : 'http';
	}

	get received(): number {
		return this.owner.tunnelled;
	}

	/** Of an answer that opens no tunnel only its meaning is left. */
	writerOf(response: RawResponse): Writing {
		return {
			begin: () => {
				const fields = FieldList.from(response.fields);
				cancelPayload(response.payload);
				this.status = response.status;
				this.owner.refuse(response.status, fields.get('proxy-status'));
			},
			fail: (error) => this.lose(error),
		};
	}

	openTunnel(response: RawResponse): void {
		this.status = response.status;
		this.owner.openTunnel(this, response);
	}

	/** Every request is the only one on its connection, and it has come whole. */
	giveUpRequest(): void {}

	lose(cause: Error): void {
		this.owner.lose(cause);
	}

	protected sendInformational(): void {}
}
