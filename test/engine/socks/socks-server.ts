/** An engine that speaks SOCKS in front of an app that does, for each host, what its name says. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { pipe, type Tunnel } from '../../../src/bytes/index.ts';
import { Abort, type App, OutgoingResponse, raw, respond } from '../../../src/convention/index.ts';
import type { Listener, ListenOptions } from '../../../src/engine/index.ts';
import { socks } from '../../../src/engine/socks/index.ts';
import { FieldList } from '../../../src/fields/index.ts';
import { type EngineOptions, listen, portOf } from '../../support/engines.ts';
import { connect } from '../../support/raw-client.ts';
import type { RawPeer } from '../../support/raw-peer.ts';
import { pause, until } from '../../support/until.ts';

export function tunnel(use: (tunnel: Tunnel) => void, status = 200): OutgoingResponse {
	return new OutgoingResponse(status, FieldList.empty(), null, { tunnel: use });
}

export const echo = (): OutgoingResponse => tunnel(({ readable, writable }) => pipe(readable, writable));

const hosts: Readonly<Record<string, App>> = {
	echo,
	'late-echo': () => pause(60).then(echo),
	refuse: () => respond(403, {}, 'a page that nobody reads'),
	late: () => pause(20).then(() => respond(502, {}, '')),
	page: () => respond(200, {}, 'no tunnel'),
	switch: () => tunnel(() => {}, 101),
	never: () => new Promise(() => {}),
	throw: () => {
		throw new Error('from the app');
	},
	abort: () => {
		throw new Abort();
	},
	broken: () =>
		tunnel(() => {
			throw new Error('from the tunnel');
		}),
	hello: () => respond(200, {}, 'hello'),
};

export const byHost: App = (request, context) => {
	const host = raw(request).authority.split(':')[0] as string;
	return (hosts[host] as App)(request, context, context);
};

export interface SocksServer {
	readonly listener: Listener;
	readonly port: number;
	readonly log: string[];
	client(): Promise<RawPeer>;
	/** Nobody is left, nothing has gone astray, and the next client is served. */
	check(): Promise<void>;
}

export async function socksServer(
	t: TestContext,
	options: EngineOptions = {},
	app: App = byHost,
	where?: ListenOptions,
): Promise<SocksServer> {
	const stray: unknown[] = [];
	const keep = (error: unknown): void => void stray.push(error);
	process.on('uncaughtException', keep).on('unhandledRejection', keep);
	t.after(() => process.off('uncaughtException', keep).off('unhandledRejection', keep));
	const log: string[] = [];
	const settings = { also: [socks()], log: ({ message }: { message: string }) => void log.push(message), ...options };
	const listener = await listen(t, app, settings, where);
	const client = (): Promise<RawPeer> => connect(t, portOf(listener));
	const check = async (): Promise<void> => {
		await until(() => listener.statistics().connections === 0, 'no connection');
		assert.deepEqual([listener.statistics().active, stray], [0, []]);
		const next = (await client()).send('GET / HTTP/1.1\r\nHost: hello\r\n\r\n');
		assert.equal((await next.message()).body, 'hello');
		next.destroy();
	};
	return { listener, port: portOf(listener), log, client, check };
}
