/** HTTP/1.1 by node's own server: what our engine is compared with, and a way out where something needs node's. */
import type { App } from '../../convention/index.ts';
import type { Engine, ListenOptions } from '../engine.ts';
import type { NodeConnection } from '../node-connection.ts';
import { NodeHttp1 } from '../node-http1.ts';
import { NodeListener } from '../node-listener.ts';
import { TOO_MANY_CONNECTIONS } from '../socket-listener.ts';
import { type SocketEngineOptions, type SocketSettings, socketSettings } from '../socket-settings.ts';

/**
 * The engine over `node:http`, plain or TLS. It can do what the HTTP/1.1 engine can, with three gaps: a client whose offer of an
 * upgrade is declined is answered and the connection ends; methods that node does not know are answered 400; and before
 * Node 26 only 100, 102 and 103 with Link are sent of 1xx. node has limits of its own for what a chunk's extensions and
 * trailers may cost; of the rest `target`, `fieldCount`, `headBytes` and `bodyBytes` hold, and all of connections. Throws
 * TypeError or RangeError for an option that is none.
 */
export function nodeHttp(options: SocketEngineOptions = {}): Engine {
	const settings = socketSettings(options);
	return {
		name: 'node-http',
		listen: (app, listen) => new NodeHttpListener(app, settings, listen).begin(listen),
	};
}

class NodeHttpListener extends NodeListener {
	protected readonly refusal: string = TOO_MANY_CONNECTIONS;
	private readonly http: NodeHttp1;

	constructor(app: App, settings: SocketSettings, options: ListenOptions) {
		super(app, settings, options.tls !== undefined);
		this.http = new NodeHttp1(this);
	}

	async begin(options: ListenOptions): Promise<this> {
		try {
			return await this.accept(options, ['http/1.1']);
		} catch (error) {
			this.released();
			throw error;
		}
	}

	protected speak(connection: NodeConnection): void {
		this.http.connected(connection);
	}

	protected override released(): void {
		this.http.close();
	}
}
