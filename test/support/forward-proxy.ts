/** The set-up of a forward proxy's tests: raw client ⇄ engine with `forward` ⇄ scripted origins, all on loopback. */
import type { TestContext } from 'node:test';
import type { App } from '../../src/convention/index.ts';
import type { Listener } from '../../src/engine/index.ts';
import { type AuditRecord, type Forward, type ForwardOptions, forward } from '../../src/proxy/forward/index.ts';
import { type EngineOptions, listen, portOf } from './engines.ts';
import { connect } from './raw-client.ts';
import type { RawPeer } from './raw-peer.ts';

export interface ForwardProxy {
	readonly proxy: Forward;
	readonly front: Listener;
	readonly port: number;
	/** What was told to the audit, in order. */
	readonly audit: AuditRecord[];
	/** What was logged. */
	readonly log: string[];
	client(): Promise<RawPeer>;
}

export interface ForwardProxyOptions {
	readonly forward?: ForwardOptions;
	readonly engine?: EngineOptions;
	/** Which engine clients come in by. Default: h1. */
	readonly make?: Parameters<typeof listen>[4];
	/** Middleware around the proxy. */
	readonly wrap?: (app: App) => App;
}

/** A forward proxy, `turnabout` by name, that reaches loopback on every port unless it is told otherwise. */
export async function forwardProxy(t: TestContext, options: ForwardProxyOptions = {}): Promise<ForwardProxy> {
	const audit: AuditRecord[] = [];
	const log: string[] = [];
	const proxy = forward({
		name: 'turnabout',
		ports: null,
		...(options.forward?.guard === undefined && { allowPrivate: ['loopback', 'self'] }),
		audit: (record) => void audit.push(record),
		log: ({ upstream, message }) => void log.push(`${upstream}: ${message}`),
		...options.forward,
	});
	t.after(() => proxy.close());
	const front = await listen(t, options.wrap?.(proxy) ?? proxy, options.engine, undefined, options.make);
	return { proxy, front, port: portOf(front), audit, log, client: () => connect(t, portOf(front)) };
}

/** Opens a tunnel and takes the answer. */
export async function tunnelTo(client: RawPeer, authority: string, fields = ''): Promise<string> {
	client.send(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${fields}\r\n`);
	return client.read('\r\n\r\n');
}
