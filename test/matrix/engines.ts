/**
 * The engines of the matrix: how each is started, who talks to it, and what it can do. To add one, add a row. An engine
 * in a process of its own serves `app` of app.ts, which it imports by name; nothing else of a case is on its side.
 */
import { ServerResponse } from 'node:http';
import type { TlsOptions } from '../../src/certificates/index.ts';
import type { Abilities, App } from '../../src/convention/index.ts';
import { h1 } from '../../src/engine/h1/index.ts';
import { http2 } from '../../src/engine/h2/index.ts';
import type { Engine } from '../../src/engine/index.ts';
import { memory } from '../../src/engine/memory/index.ts';
import { nodeHttp } from '../../src/engine/node-http/index.ts';
import { authority, server } from '../support/certificates.ts';
import { app as matrixApp } from './app.ts';
import type { Trait } from './case.ts';
import { h1Client } from './h1-client.ts';
import { h2Client } from './h2-client.ts';
import { memoryClient } from './memory-client.ts';
import type { Client } from './talk.ts';

export type Protocol = 'h1' | 'h2' | 'memory';

/** An engine that is up, and a client of it. */
export interface Started {
	readonly client: Client;
	/** What the client speaks. */
	readonly protocol: Protocol;
	stop(): Promise<void>;
}

export interface Subject {
	readonly name: string;
	/** For the page: what the column stands for. */
	readonly about: string;
	readonly protocol: Protocol;
	/** What `context.can` says; the suite holds the engine to it. */
	readonly can: Abilities;
	/** What else is missing. Default: nothing. */
	readonly lacking?: readonly Trait[];
	/** Default: serves `app` of app.ts. */
	start(app?: App): Promise<Started>;
}

const all: Abilities = {
	inform: true,
	trailers: true,
	tunnel: true,
	rawFields: true,
	halfClose: true,
	sendFile: false,
};

/** Failures are the subject of the cases: nobody needs to read of them. */
const quiet = { log: (): void => {} };

type Speak = (port: number, authority?: string) => Client;

function overSockets(engine: () => Engine, protocol: 'h1' | 'h2', tls?: TlsOptions): Subject['start'] {
	const speak: Speak = protocol === 'h1' ? h1Client : h2Client;
	return async (app = matrixApp) => {
		const listener = await engine().listen(app, { host: '127.0.0.1', port: 0, ...(tls && { tls }) });
		const port = listener.address.kind === 'ip' ? listener.address.port : 0;
		const client = speak(port, tls && authority);
		return {
			client,
			protocol,
			stop: async () => {
				client.close();
				await listener.close();
			},
		};
	};
}

async function inMemory(app: App = matrixApp): Promise<Started> {
	const listener = await memory().listen(app);
	const client = memoryClient(listener);
	return {
		client,
		protocol: 'memory',
		stop: async () => {
			client.close();
			await listener.close();
		},
	};
}

const nodeCan: Abilities = { ...all, inform: 'writeInformation' in ServerResponse.prototype };
const h2Can: Abilities = { ...all, rawFields: false };

export const subjects: readonly Subject[] = [
	{ name: 'h1', about: '`h1()`', protocol: 'h1', can: all, start: overSockets(() => h1(quiet), 'h1') },
	{
		name: 'h1 TLS',
		about: '`h1()` with TLS',
		protocol: 'h1',
		can: all,
		start: overSockets(() => h1(quiet), 'h1', server),
	},
	{
		name: 'node-http',
		about: '`nodeHttp()`',
		protocol: 'h1',
		can: nodeCan,
		start: overSockets(() => nodeHttp(quiet), 'h1'),
	},
	{
		name: 'node-http TLS',
		about: '`nodeHttp()` with TLS',
		protocol: 'h1',
		can: nodeCan,
		start: overSockets(() => nodeHttp(quiet), 'h1', server),
	},
	{
		name: 'http2',
		about: '`http2()`, prior knowledge',
		protocol: 'h2',
		can: h2Can,
		start: overSockets(() => http2(quiet), 'h2'),
	},
	{
		name: 'http2 TLS',
		about: '`http2()` with TLS, ALPN `h2`',
		protocol: 'h2',
		can: h2Can,
		start: overSockets(() => http2(quiet), 'h2', server),
	},
	{
		name: 'http2 for HTTP/1.1',
		about: '`http2()`, asked in HTTP/1.1',
		protocol: 'h1',
		can: nodeCan,
		start: overSockets(() => http2(quiet), 'h1'),
	},
	{
		name: 'http2 TLS for HTTP/1.1',
		about: '`http2()` with TLS, ALPN `http/1.1`',
		protocol: 'h1',
		can: nodeCan,
		start: overSockets(() => http2(quiet), 'h1', server),
	},
	{ name: 'memory', about: '`memory()`', protocol: 'memory', can: all, start: inMemory },
];
