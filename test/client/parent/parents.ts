/** Parent proxies as small as they can be, for tests: what they were asked is kept, and what they answer can be anything. */
import { connect, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import type { Tunnel } from '../../../src/bytes/index.ts';
import { type Connector, type ConnectorOptions, connector } from '../../../src/client/index.ts';
import type { RawPeer } from '../../support/raw-peer.ts';
import { type Listening, origin, type RawServer, rawServer } from '../../support/raw-server.ts';

export interface HttpParent {
	readonly server: RawServer;
	readonly port: number;
	/** Heads of CONNECT, as they came. */
	readonly asked: string[];
}

/** Answers CONNECT with a tunnel to where it says, or to `to`; `before` may answer instead, or early. */
export async function httpParent(
	t: TestContext,
	{ to, answer, ...listening }: Listening & { to?: number; answer?: (head: string) => string | null } = {},
): Promise<HttpParent> {
	const asked: string[] = [];
	const server = await rawServer(
		t,
		async (peer) => {
			const head = await peer.read('\r\n\r\n');
			asked.push(head);
			const own = answer?.(head) ?? null;
			if (own !== null && !/^HTTP\/1\.[01] 2[\s\S]*\r\n\r\n$/.test(own)) {
				peer.send(own);
				return;
			}
			const port = to ?? Number(/^CONNECT \S+:(\d+) /.exec(head)?.[1]);
			splice(peer, port, own ?? 'HTTP/1.1 200 Connection established\r\n\r\n');
		},
		listening,
	);
	return { server, port: server.port, asked };
}

/** Joins a peer to a port of this machine, whatever host was asked for. */
function splice(peer: RawPeer, port: number, greeting: string): void {
	const onward: Socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
	const { socket } = peer;
	onward.on('error', () => socket.destroy());
	socket.on('error', () => onward.destroy());
	onward.on('connect', () => {
		peer.send(greeting);
		peer.keep = false;
		onward.write(Buffer.from(peer.unread, 'latin1'));
		socket.pipe(onward);
		onward.pipe(socket);
	});
	onward.on('close', () => socket.destroy());
	socket.on('close', () => onward.destroy());
}

export interface SocksParent {
	readonly server: RawServer;
	readonly port: number;
	/** `type:host:port` of every request, and `user:password` before it when there was one. */
	readonly asked: string[];
}

/** SOCKS5 with or without a password; `reply` may be a number other than 0. */
export async function socksParent(
	t: TestContext,
	{ login, reply = 0, to }: { login?: string; reply?: number; to?: number } = {},
): Promise<SocksParent> {
	const asked: string[] = [];
	const server = await rawServer(t, async (peer) => {
		const take = async (length: number): Promise<Buffer> =>
			Buffer.from(await peer.read(new RegExp(`^[\\s\\S]{${length}}`)), 'latin1');
		const [, methods = 0] = await take(2);
		const offered = [...(await take(methods))];
		const method = login === undefined ? 0 : 2;
		if (!offered.includes(method)) {
			peer.send('\x05\xff').finish();
			return;
		}
		peer.send(Uint8Array.of(5, method));
		let prefix = '';
		if (login !== undefined) {
			const user = await take((await take(2))[1] as number);
			const password = await take((await take(1))[0] as number);
			const given = `${user.toString()}:${password.toString()}`;
			prefix = `${given}@`;
			const good = given === login;
			peer.send(Uint8Array.of(1, good ? 0 : 1));
			if (!good) {
				peer.finish();
				return;
			}
		}
		const type = (await take(4))[3] as number;
		const host = type === 1 ? await take(4) : type === 4 ? await take(16) : await take((await take(1))[0] as number);
		const port = (await take(2)).readUInt16BE();
		asked.push(`${prefix}${type}:${type === 3 ? host.toString() : host.toString('hex')}:${port}`);
		const answer = `\x05${String.fromCharCode(reply)}\0\x01\0\0\0\0\0\0`;
		if (reply === 0) splice(peer, to ?? port, answer);
		else peer.send(answer).finish();
	});
	return { server, port: server.port, asked };
}

/** An HTTP proxy that answers requests in absolute form itself, with what it was asked. */
export async function absoluteParent(t: TestContext, listening?: Listening): Promise<RawServer> {
	return origin(
		t,
		(request) => {
			const body = `${request.startLine}|${request.fields.map(([name, value]) => `${name}: ${value}`).join('|')}`;
			return `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
		},
		listening,
	);
}

/** A connector that is closed when the test is over. */
export function connectorTo(t: TestContext, options: ConnectorOptions): Connector {
	const one = connector(options);
	t.after(() => one.close());
	return one;
}

/** What a tunnel delivers until it ends, or until `enough` bytes have come. */
export function readAll(tunnel: Tunnel, enough = Number.POSITIVE_INFINITY): Promise<string> {
	return new Promise((resolve, reject) => {
		let text = '';
		tunnel.readable.start({
			write: (chunk) => {
				text += Buffer.from(chunk).toString('latin1');
				if (text.length >= enough) resolve(text);
				return true;
			},
			end: () => resolve(text),
			fail: reject,
		});
	});
}
