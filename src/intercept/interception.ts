/**
 * One tunnel: a look at its first bytes decides whether it is carried through, refused, or read. If it is read, TLS ends
 * here, an engine speaks with the client, and whoever handed the tunnel over answers what is asked inside.
 */
import type { TLSSocket } from 'node:tls';
import type { Tunnel } from '../bytes/index.ts';
import { type App, type Connection, client } from '../convention/index.ts';
import type { SocketHost } from '../engine/h1/index.ts';
import { formatAuthority } from '../fields/index.ts';
import type { ClientHello } from '../protocol/tls-hello/index.ts';
import { type Destination, destination, type Intercepted, readHost } from '../proxy/index.ts';
import { ALERT, sendAlert } from './alert.ts';
import type { Authority } from './certificate-authority.ts';
import { endTls } from './end-tls.ts';
import type { Interceptions } from './intercept.ts';
import { InterceptedConnection, InterceptedContext } from './intercepted-context.ts';
import { peek, type Seen } from './peek.ts';
import { rejectsCertificate } from './rejections.ts';

const PORTS = { http: 80, https: 443 } as const;

export class Interception {
	private readonly all: Interceptions;
	private readonly given: Intercepted;
	/** The client's address, for the log and for whose certificate it refuses. */
	private readonly address: string;
	private connection: Connection | null = null;
	private host: SocketHost | null = null;
	private over = false;

	constructor(all: Interceptions, given: Intercepted) {
		this.all = all;
		this.given = given;
		const { remote } = given.context.connection;
		this.address = given.context.get(client)?.address ?? (remote.kind === 'ip' ? remote.host : remote.kind);
	}

	begin(): void {
		// A tunnel that breaks off behind its client's end does not say so to those who read it.
		this.given.context.onFinished({ exchangeFinished: () => this.tunnelOver() });
		peek(this.given.client, this.all.settings.handshake, (seen, tunnel) => this.decide(seen, tunnel));
	}

	destroy(): void {
		this.end();
		void this.host?.close();
		this.given.client.destroy();
	}

	private tunnelOver(): void {
		if (!this.over) this.destroy();
	}

	private end(): void {
		this.over = true;
		this.all.over(this);
	}

	// What becomes of it.

	private decide(seen: Seen, tunnel: Tunnel): void {
		if (this.over) return;
		const { host } = this.given.destination;
		const excepted = this.all.settings.except.has(host);
		if (seen.kind === 'hello') return this.decideOnHello(seen.hello, tunnel, excepted);
		if (excepted) return this.passThrough(tunnel);
		if (seen.kind === 'other') return this.decideOnPlain(tunnel);
		if (seen.kind === 'malformed') return this.refuse(tunnel, ALERT.decodeError, `Malformed TLS: ${seen.reason}`);
		if (seen.kind === 'silent') this.note('warn', 'The client of a tunnel has not said what it speaks');
		this.destroy();
	}

	private decideOnHello({ serverName, protocols }: ClientHello, tunnel: Tunnel, excepted: boolean): void {
		const { settings, rejections } = this.all;
		const { host } = this.given.destination;
		const name = serverName ?? host;
		if (name !== host) {
			// Unread, it would be the tunnel of somebody who was not asked for.
			const known = readHost(name).host === name && !excepted && !settings.except.has(name);
			const readable = known && settings.mismatch === 'follow';
			if (!readable) return this.refuse(tunnel, ALERT.accessDenied, `SNI names another server: ${name}`);
		} else if (excepted || (settings.pinned === 'pass' && rejections.has(this.address, host))) {
			return this.passThrough(tunnel);
		}
		settings.ca.load().then(
			(authority) => {
				if (!this.over) this.read(tunnel, name, protocols, authority);
			},
			(error: unknown) => {
				if (!this.over) this.refuse(tunnel, ALERT.internalError, `There is no authority: ${String(error)}`, error);
			},
		);
	}

	private decideOnPlain(tunnel: Tunnel): void {
		const { plain } = this.all.settings;
		if (plain === 'pass') return this.passThrough(tunnel);
		if (plain === 'refuse') {
			this.all.counts.refused++;
			this.note('warn', 'No TLS is spoken in a tunnel');
			return this.destroy();
		}
		this.readPlain(tunnel);
	}

	private passThrough(tunnel: Tunnel): void {
		this.all.counts.passed++;
		this.end();
		this.given.through(tunnel);
	}

	private refuse(tunnel: Tunnel, alert: number, message: string, error?: unknown): void {
		this.all.counts.refused++;
		this.note(error === undefined ? 'warn' : 'error', message, error);
		this.end();
		sendAlert(tunnel, alert);
	}

	private note(level: 'warn' | 'error', message: string, error?: unknown): void {
		const { host } = this.given.destination;
		const { address } = this;
		this.all.settings.log({ level, message, host, client: address, ...(error === undefined ? {} : { error }) });
	}

	// Reading it.

	private read(tunnel: Tunnel, name: string, offered: readonly string[], authority: Authority): void {
		const { leaves, http2, settings } = this.all;
		const protocols = http2 === null ? ['http/1.1'] : ['h2', 'http/1.1'];
		const options = { context: leaves.contextFor(name, authority), protocols, offered, patience: settings.handshake };
		endTls(tunnel, options, {
			secured: (socket) => this.speak(socket, this.appFor('https', name)),
			failed: (error) => this.handshakeFailed(error),
			closed: () => this.end(),
		});
	}

	private speak(socket: TLSSocket, app: App): void {
		const { http1, http2, counts } = this.all;
		if (this.over) {
			socket.destroy();
			return;
		}
		counts.intercepted++;
		this.host = socket.alpnProtocol === 'h2' && http2 !== null ? http2(app) : http1(app, true);
		this.host.take(socket);
	}

	/** What is no HTTP either is answered 400. */
	private readPlain(tunnel: Tunnel): void {
		const { context, destination: to } = this.given;
		const host = this.all.http1(this.appFor('http', to.host), false);
		this.all.counts.intercepted++;
		this.host = host;
		host.takeTunnel(tunnel, context.connection);
	}

	private handshakeFailed(error: Error): void {
		if (!rejectsCertificate(error)) return;
		this.all.counts.rejected++;
		this.all.rejections.add(this.address, this.given.destination.host);
		this.note('warn', 'A client refuses our certificate: it does not trust the authority, or knows the server’s own');
	}

	/** Answers what is asked inside: as an exchange of its own, of the client that is outside. */
	private appFor(scheme: 'http' | 'https', host: string): App {
		const { app, context: around, destination: outer } = this.given;
		const port = outer.port === PORTS[scheme] ? null : outer.port;
		const to: Omit<Destination, 'path'> = {
			scheme,
			host,
			port: outer.port,
			authority: formatAuthority({ host, port }),
			intercepted: true,
		};
		return (request, context) => {
			this.connection ??= new InterceptedConnection(context.connection, around.connection);
			const inside = new InterceptedContext(context, around, this.connection);
			inside.set(destination, { ...to, path: (request as { readonly target?: string }).target ?? null });
			return app(request, inside, inside);
		};
	}
}
