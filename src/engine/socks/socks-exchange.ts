/**
 * A client's request in SOCKS as an exchange: CONNECT, as HTTP has it, so that the same layers, policies and logs see both.
 * User and password are Proxy-Authorization in the Basic scheme (RFC 7617), which the layers of `auth` read.
 */
import {
	type Abilities,
	type Connection,
	cancelPayload,
	type RawResponse,
	type TargetForm,
	type Version,
} from '../../convention/index.ts';
import { FieldList, formatAuthority } from '../../fields/index.ts';
import type { SocksRequest } from '../../protocol/socks/index.ts';
import { EngineExchange, type ExchangeHost, type Writing } from '../engine-exchange.ts';
import { replyFor } from './reply-for.ts';
import type { SocksConnection } from './socks-connection.ts';

/** There are no words in SOCKS but yes and no. */
const abilities: Abilities = {
	inform: false,
	trailers: false,
	tunnel: true,
	rawFields: true,
	halfClose: true,
	sendFile: false,
};

const OFFERS: readonly string[] = ['connect'];

export class SocksExchange extends EngineExchange {
	readonly method = 'CONNECT';
	readonly form: TargetForm = 'authority';
	readonly version: Version = '1.1';
	readonly target: string;
	readonly fields: FieldList;
	readonly payload = null;
	readonly offers: readonly string[] = OFFERS;
	readonly can: Abilities = abilities;
	private readonly owner: SocksConnection;

	constructor(owner: SocksConnection, request: SocksRequest) {
		super();
		this.owner = owner;
		this.target = formatAuthority(request);
		this.fields = fieldsOf(this.target, request);
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
				this.owner.refuse(replyFor(response.status, fields.get('proxy-status')));
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

function fieldsOf(target: string, { credentials }: SocksRequest): FieldList {
	const fields = FieldList.of([['Host', target]]);
	if (credentials !== null)
		fields.append('Proxy-Authorization', `Basic ${btoa(`${credentials.user}:${credentials.password}`)}`);
	return fields;
}
