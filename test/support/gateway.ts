/** The set-up of every duty's proof: raw client ⇄ engine with `reverse` ⇄ scripted origin, all on loopback sockets. */
import type { TestContext } from 'node:test';
import type { App } from '../../src/convention/index.ts';
import type { Listener } from '../../src/engine/index.ts';
import { reverse } from '../../src/proxy/reverse/index.ts';
import { type EngineOptions, listen, portOf } from './engines.ts';
import type { Message } from './message.ts';
import { connect } from './raw-client.ts';
import type { RawPeer } from './raw-peer.ts';
import { type Answer, ok, origin as originOf, type RawServer, rawServer, type Script } from './raw-server.ts';

export type ReverseOptions = NonNullable<Parameters<typeof reverse>[1]>;

export interface Gateway {
	/** The scripted upstream. */
	readonly origin: RawServer;
	/** The listener in front of `reverse`. */
	readonly front: Listener;
	readonly proxy: ReturnType<typeof reverse>;
	readonly port: number;
	/** A new raw connection to the front. */
	client(): Promise<RawPeer>;
}

export interface GatewayOptions {
	readonly reverse?: ReverseOptions;
	readonly engine?: EngineOptions;
	/** Middleware between engine and proxy. */
	readonly wrap?: (app: App) => App;
}

/** Puts `reverse`, which calls itself `turnabout` here, in front of an origin. */
export async function before(t: TestContext, origin: RawServer, options: GatewayOptions = {}): Promise<Gateway> {
	const proxy = reverse(`http://127.0.0.1:${origin.port}`, { name: 'turnabout', log: () => {}, ...options.reverse });
	t.after(() => proxy.close());
	const front = await listen(t, options.wrap?.(proxy) ?? proxy, options.engine);
	return { origin, front, proxy, port: portOf(front), client: () => connect(t, portOf(front)) };
}

/** A gateway whose origin answers whole requests. */
export async function gateway(t: TestContext, answer: Answer, options?: GatewayOptions): Promise<Gateway> {
	return before(t, await originOf(t, answer), options);
}

/** A gateway whose origin follows a script for each connection. */
export async function scripted(t: TestContext, script: Script, options?: GatewayOptions): Promise<Gateway> {
	return before(t, await rawServer(t, script), options);
}

/** A gateway whose origin answers everything with `200 fine`. */
export function plainGateway(t: TestContext, options?: GatewayOptions): Promise<Gateway> {
	return gateway(t, () => ok('fine'), options);
}

/** The lines of a GET with what is behind them. */
export function get(target: string, fields = ''): string {
	return `GET ${target} HTTP/1.1\r\nHost: front.example\r\n${fields}\r\n`;
}

/** Sends one request on a new connection and returns the final answer; `seen` is what the origin got, if anything. */
export async function exchange(
	g: Gateway,
	request: string,
	method?: string,
): Promise<{ answer: Message; seen: Message | undefined; client: RawPeer }> {
	const before = g.origin.requests.length;
	const client = await g.client();
	client.send(request);
	const answer = await client.message(method ?? request.slice(0, request.indexOf(' ')));
	return { answer, seen: g.origin.requests[before], client };
}
