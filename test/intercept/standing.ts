/** A forward proxy of a few lines with an interceptor in it, and clients that go through it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { connect as connectTcp, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join as path } from 'node:path';
import type { TestContext } from 'node:test';
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';
import { join } from '../../src/bytes/index.ts';
import { connector } from '../../src/client/index.ts';
import { type App, type Context, raw, respond } from '../../src/convention/index.ts';
import {
	type Authority,
	certificateAuthority,
	type Intercept,
	type InterceptLogEntry,
	type InterceptOptions,
	intercept,
} from '../../src/intercept/index.ts';
import { type Destination, destination } from '../../src/proxy/index.ts';
import { type EngineOptions, listen, portOf } from '../support/engines.ts';

export interface Standing {
	readonly port: number;
	readonly authority: Authority;
	readonly interceptor: Intercept;
	readonly log: InterceptLogEntry[];
	/** Destinations that tunnels were connected to unread. */
	readonly through: string[];
	/** Outcomes of CONNECTs. */
	readonly ended: unknown[];
}

export function temporary(t: TestContext): string {
	const directory = mkdtempSync(path(tmpdir(), 'intercept-'));
	t.after(() => rmSync(directory, { recursive: true, force: true }));
	return directory;
}

/** `inside` answers what is found in tunnels; `to` is where tunnels lead that are carried through. */
export async function standing(
	t: TestContext,
	inside: App,
	options: Partial<InterceptOptions> = {},
	to: number | null = null,
	engine: EngineOptions = {},
	before: (context: Context) => void = () => {},
): Promise<Standing> {
	const ca = options.ca ?? certificateAuthority({ directory: path(temporary(t), 'ca') });
	const log: InterceptLogEntry[] = [];
	const through: string[] = [];
	const ended: unknown[] = [];
	const interceptor = intercept({ hosts: ['*'], ca, log: (entry) => log.push(entry), ...options });
	t.after(() => interceptor.close());
	const connections = connector();
	t.after(() => connections.close());
	const app: App = (request, context) => {
		const target = destinationOf(raw(request).target);
		before(context);
		context.onFinished({ exchangeFinished: (outcome) => ended.push(outcome) });
		if (!interceptor.wants(target)) return respond(403);
		return respond(200, null, null, {
			tunnel: (client) =>
				interceptor.take({
					client,
					destination: target,
					context,
					app: inside,
					through: (tunnel) => {
						through.push(target.host);
						connections.connect('127.0.0.1', to ?? target.port, context, {
							connected: (there) => join(tunnel, there),
							failed: () => tunnel.destroy(),
						});
					},
				}),
		});
	};
	const listener = await listen(t, app, engine);
	const authority = await ca.load();
	return { port: portOf(listener), authority, interceptor, log, through, ended };
}

function destinationOf(target: string): Destination {
	const [, host = '', port = ''] = /^\[?(.*?)\]?:(\d+)$/.exec(target) ?? [];
	return { scheme: 'tunnel', host, port: Number(port), authority: target, path: null, intercepted: false };
}

/** A tunnel to `target`, as the client has it. */
export async function tunnel(t: TestContext, port: number, target: string): Promise<Socket> {
	const socket = connectTcp({ port, host: '127.0.0.1', allowHalfOpen: true });
	t.after(() => socket.destroy());
	socket.on('error', () => {});
	socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`);
	let head = '';
	while (!head.includes('\r\n\r\n')) {
		head += await new Promise<string>((resolve, reject) => {
			socket.once('data', (chunk: Buffer) => resolve(chunk.toString('latin1')));
			socket.once('close', () => reject(new Error(`closed after ${head}`)));
		});
	}
	if (!head.startsWith('HTTP/1.1 200')) throw new Error(head);
	return socket;
}

/** TLS inside of a tunnel; rejects with what is wrong with the handshake. */
export async function secured(
	t: TestContext,
	stand: Pick<Standing, 'port' | 'authority'>,
	target: string,
	options: ConnectionOptions = {},
): Promise<TLSSocket> {
	const socket = await tunnel(t, stand.port, target);
	const host = target.replace(/:\d+$/, '');
	const tls = connectTls({
		socket,
		...(/^[\d.]+$|\[/.test(host) ? { host: host.replace(/[[\]]/g, '') } : { servername: host }),
		ca: stand.authority.pem,
		...options,
	});
	t.after(() => tls.destroy());
	await new Promise<void>((resolve, reject) => {
		tls.once('secureConnect', resolve);
		tls.once('error', reject);
		tls.once('close', () => reject(new Error('closed')));
	});
	tls.on('error', () => {});
	return tls;
}

/** One request of HTTP/1.1 that closes; gives all that was answered. */
export function asked(socket: Socket, request: string): Promise<string> {
	socket.write(request);
	return all(socket);
}

export async function all(socket: Socket): Promise<string> {
	let text = '';
	socket.on('data', (chunk: Buffer) => {
		text += chunk.toString('latin1');
	});
	await new Promise<void>((resolve) => {
		socket.once('end', resolve);
		socket.once('close', resolve);
	});
	return text;
}

/** Tells what is known inside. */
export const tells: App = (request, context) => {
	const { method, target, authority, scheme, version } = raw(request);
	const { path: where, ...to } = context.get(destination) as Destination;
	const { remote, tls, protocol } = context.connection;
	return respond(
		200,
		{ 'Content-Type': 'application/json' },
		JSON.stringify({
			method,
			target,
			authority,
			scheme,
			version,
			to,
			where,
			remote: remote.kind === 'ip' ? remote.host : remote.kind,
			sni: tls?.sni ?? null,
			alpn: tls?.alpn ?? null,
			protocol,
		}),
	);
};
