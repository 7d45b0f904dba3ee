/** The connections to one HTTP upstream. */
import type { Context } from '../convention/index.ts';
import type { Transport } from '../transport/index.ts';
import { ClientConnection } from './client-connection.ts';
import type { ClientExchange } from './client-exchange.ts';
import { ConnectionPool } from './connection-pool.ts';
import { type Dialler, diallerOf } from './dial.ts';
import { introducedDialler } from './dial-introduced.ts';
import type { IdleShare } from './idle-share.ts';
import type { UpstreamSettings } from './options.ts';
import type { Origin } from './origin.ts';

export class Pool extends ConnectionPool<ClientConnection, ClientExchange> {
	readonly settings: UpstreamSettings;
	/** Where each connection says for whom it is made: nobody else is served on it. */
	private readonly introduced: ((context: Context) => Dialler) | null;

	/** `share`: see ConnectionPool. */
	constructor(origin: Origin, settings: UpstreamSettings, share: IdleShare | null = null) {
		super(origin, diallerOf(origin, settings.tls, settings, settings.parent), share);
		this.settings = settings;
		const { proxyHeader, tls } = settings;
		this.introduced = proxyHeader === null ? null : introducedDialler(origin, tls, settings, proxyHeader);
	}

	protected override diallerFor(exchange: ClientExchange): Dialler {
		return this.introduced?.(exchange.context) ?? this.dialler;
	}

	override release(connection: ClientConnection): void {
		if (this.introduced === null) super.release(connection);
		else connection.discard();
	}

	protected connectionOver(transport: Transport): ClientConnection {
		return new ClientConnection(this, transport);
	}
}
