/** One listening address that speaks HTTP/2, and HTTP/1.1 with those who speak no other. */
import type { App } from '../../convention/index.ts';
import type { ListenOptions } from '../engine.ts';
import type { NodeConnection } from '../node-connection.ts';
import { NodeHttp1 } from '../node-http1.ts';
import { NodeListener } from '../node-listener.ts';
import type { Http2Settings } from './options.ts';
import { versionSpoken } from './preface.ts';
import { ServerSession } from './server-session.ts';

export class Http2Listener extends NodeListener {
	override readonly settings: Http2Settings;
	/** Before the first byte nobody knows what the client speaks; a closed connection is understood by all. */
	protected readonly refusal: string = '';
	private readonly http1: NodeHttp1 | null;

	constructor(app: App, settings: Http2Settings, secure: boolean) {
		super(app, settings, secure);
		this.settings = settings;
		this.http1 = settings.http1 ? new NodeHttp1(this) : null;
	}

	async begin(options: ListenOptions): Promise<this> {
		const protocols = this.http1 === null ? ['h2'] : ['h2', 'http/1.1'];
		try {
			return await this.accept(options, protocols);
		} catch (error) {
			this.released();
			throw error;
		}
	}

	protected speak(connection: NodeConnection): void {
		const { http1 } = this;
		const { socket, tls } = connection;
		if (tls !== null) return this.speakVersion(connection, tls.alpn === 'h2' ? '2' : '1.1');
		if (http1 === null) return this.speakVersion(connection, '2');
		connection.drain = () => void socket.destroy();
		versionSpoken(socket, this.timeouts.header, (version) => {
			if (version !== null) return this.speakVersion(connection, version);
			if (!socket.destroyed) this.timedOut();
			socket.destroy();
		});
	}

	private speakVersion(connection: NodeConnection, version: '1.1' | '2'): void {
		if (version === '2') ServerSession.begin(this, connection);
		else if (this.http1 === null) connection.socket.destroy();
		else this.http1.connected(connection);
	}

	protected override released(): void {
		this.http1?.close();
	}
}
