/** A cache on real sockets: raw client ⇄ engine with `cache` around `reverse` ⇄ scripted origin. */
import type { TestContext } from 'node:test';
import { type CacheLayer, type CacheOptions, cache } from '../../src/cache/index.ts';
import type { App } from '../../src/convention/index.ts';
import { reverse } from '../../src/proxy/reverse/index.ts';
import { listen, portOf } from '../support/engines.ts';
import type { Message } from '../support/message.ts';
import { connect } from '../support/raw-client.ts';
import type { RawPeer } from '../support/raw-peer.ts';
import { type Answer, origin, type RawServer } from '../support/raw-server.ts';

export interface CacheFront {
	readonly origin: RawServer;
	readonly layer: CacheLayer;
	readonly port: number;
	client(): Promise<RawPeer>;
	/** A request on a new connection, and its answer. */
	ask(target: string, fields?: readonly string[], method?: string, body?: string): Promise<Message>;
}

export async function cacheFront(t: TestContext, answer: Answer, options: CacheOptions = {}): Promise<CacheFront> {
	const behind = await origin(t, answer);
	const proxy = reverse(`http://127.0.0.1:${behind.port}`, {
		name: 'turnabout',
		log: () => {},
		timeouts: { firstByte: 2_000 },
	});
	t.after(() => proxy.close());
	const layer = cache({ rfc: true, ...options });
	const port = portOf(await listen(t, layer(proxy) as App, { log: () => {} }));
	const client = (): Promise<RawPeer> => connect(t, port);
	return {
		origin: behind,
		layer,
		port,
		client,
		ask: async (target, fields = [], method = 'GET', body = '') => {
			const peer = await client();
			const length = body === '' ? [] : [`Content-Length: ${body.length}`];
			const lines = [`${method} ${target} HTTP/1.1`, 'Host: cached.example', ...fields, ...length];
			peer.send(`${lines.join('\r\n')}\r\n\r\n${body}`);
			let message = await peer.message(method);
			while (message.status < 200) message = await peer.message(method);
			peer.destroy();
			return message;
		},
	};
}

/** A response of an origin. */
export function response(fields: readonly string[], body = 'body', status = '200 OK'): string {
	const lines = [`HTTP/1.1 ${status}`, ...fields, `Content-Length: ${body.length}`];
	return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

/** A date so many seconds from now. */
export const dated = (seconds: number): string => new Date(Date.now() + seconds * 1_000).toUTCString();
