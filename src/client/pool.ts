/** The connections to one HTTP upstream. */
import type { Transport } from '../transport/index.ts';
import { ClientConnection } from './client-connection.ts';
import type { ClientExchange } from './client-exchange.ts';
import { ConnectionPool } from './connection-pool.ts';
import { diallerOf } from './dial.ts';
import type { IdleShare } from './idle-share.ts';
import type { UpstreamSettings } from './options.ts';
import type { Origin } from './origin.ts';

export class Pool extends ConnectionPool<ClientConnection, ClientExchange> {
	readonly settings: UpstreamSettings;

	/** `share`: see ConnectionPool. */
	constructor(origin: Origin, settings: UpstreamSettings, share: IdleShare | null = null) {
		super(origin, diallerOf(origin, settings.tls, settings, settings.parent), share);
		this.settings = settings;
	}

	protected connectionOver(transport: Transport): ClientConnection {
		return new ClientConnection(this, transport);
	}
}
