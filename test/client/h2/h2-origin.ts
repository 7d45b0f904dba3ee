/** Upstreams that speak HTTP/2, and `reverse` before them. */
import {
	createSecureServer,
	createServer,
	type Http2SecureServer,
	type Http2Server,
	type ServerHttp2Session,
	type ServerHttp2Stream,
	type ServerOptions,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { h1 } from '../../../src/engine/h1/index.ts';
import type { Engine } from '../../../src/engine/index.ts';
import { type Reverse, type ReverseOptions, reverse } from '../../../src/proxy/index.ts';
import { portOf } from '../../support/engines.ts';
import { mint, minted } from '../../support/minted.ts';
import { connect } from '../../support/raw-client.ts';
import type { RawPeer } from '../../support/raw-peer.ts';

export type Headers = Readonly<Record<string, string | string[] | undefined>>;
export type OnStream = (stream: ServerHttp2Stream, headers: Headers) => void;

export interface H2Origin {
	readonly port: number;
	readonly sessions: ServerHttp2Session[];
	readonly seen: Headers[];
}

async function listening(t: TestContext, server: Http2Server | Http2SecureServer, on: OnStream): Promise<H2Origin> {
	const sessions: ServerHttp2Session[] = [];
	const seen: Headers[] = [];
	server.on('session', (session: ServerHttp2Session) => {
		sessions.push(session);
		session.on('error', () => {});
	});
	server.on('stream', (stream: ServerHttp2Stream, headers: Headers) => {
		stream.on('error', () => {});
		seen.push(headers);
		on(stream, headers);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	t.after(() => {
		for (const session of sessions) session.destroy();
		server.close();
	});
	return { port: (server.address() as AddressInfo).port, sessions, seen };
}

export function h2Origin(t: TestContext, on: OnStream, options: ServerOptions = {}): Promise<H2Origin> {
	return listening(t, createServer(options), on);
}

/** With a certificate for `localhost`. */
export function secureOrigin(t: TestContext, on: OnStream): Promise<H2Origin> {
	return listening(t, createSecureServer({ ...minted('localhost') }), on);
}

export const trusting = { ca: mint } as const;

export interface Front {
	readonly proxy: Reverse;
	readonly port: number;
	client(): Promise<RawPeer>;
}

/** `reverse` with `http: '2'`, unless told otherwise. */
export async function front(
	t: TestContext,
	to: string,
	options: ReverseOptions = {},
	engine: Engine = h1({ log: () => {} }),
): Promise<Front> {
	const proxy = reverse(to, { name: 'turnabout', log: () => {}, http: '2', ...options });
	const listener = await engine.listen(proxy, { host: '127.0.0.1', port: 0 });
	t.after(async () => {
		await listener.close();
		await proxy.close();
	});
	const port = portOf(listener);
	return { proxy, port, client: () => connect(t, port) };
}
