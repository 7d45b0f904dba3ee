/** A listening address that accepts its sockets itself: within the limits, counted, and seen off. What is spoken on a socket is the engine's. */
import type { Socket } from 'node:net';
import type { Address, App } from '../convention/index.ts';
import { type Member, Roster } from '../transport/index.ts';
import { type Acceptor, accept, type Greeting } from '../transport/node/index.ts';
import type { Listener, ListenerStatistics, ListenOptions } from './engine.ts';
import { EngineListener } from './engine-listener.ts';
import { alpnChallengeGreeting } from './node-alpn-challenge.ts';
import { passThroughGreeting } from './node-pass-through.ts';
import { type GreetingNeeds, proxyHeaderGreeting } from './node-proxy-header.ts';
import { tlsAcceptance } from './node-tls.ts';
import type { TunnelHost } from './node-tunnel-host.ts';
import type { SocketSettings } from './socket-settings.ts';

/** What a client of HTTP/1.1 that is one connection too many is sent. */
export const TOO_MANY_CONNECTIONS =
	'HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 22\r\nRetry-After: 1\r\nConnection: close\r\n\r\nToo many connections.\n';

/** Milliseconds that a refused client has for reading why. */
const REFUSED = 2_000;

/** Milliseconds, as long as timers can wait: the listener's own deadline closes what has not left. */
export const LONGEST = 2_147_483_647;

/** A connection as its listener sees it. */
export interface ListenedConnection extends Member {
	/** The address under which it is counted; null when the listener does not count by address. */
	readonly countedAs: string | null;
	/** Says goodbye as its protocol does, at once where nothing is under way. */
	drain(): void;
	/** Cuts it off. */
	destroy(): void;
}

/** Speaks on connections that somebody else makes: out of tunnels, say. It listens nowhere by itself. */
export interface SocketHost extends Listener {
	/** Takes a connected socket or TLS stream over, as if it had been accepted here. */
	take(socket: Socket): void;
}

export abstract class SocketListener<C extends ListenedConnection> extends EngineListener implements SocketHost {
	readonly settings: SocketSettings;
	private readonly open: Roster<C> = new Roster();
	private readonly perAddress: Map<string, number> = new Map();
	private acceptor: Acceptor | null = null;
	/** Who takes connections that are not ours to speak on. */
	private tunnels: TunnelHost | null = null;
	private readonly emptied: (() => void)[] = [];
	private accepted = 0;
	private refused = 0;
	private active = 0;

	constructor(app: App, settings: SocketSettings, secure: boolean) {
		super(app, secure);
		this.settings = settings;
	}

	/** Takes over a socket that is let in: tells `opened`, then speaks. */
	protected abstract connected(socket: Socket, countedAs: string | null): void;
	/** What a client that is one too many is sent; '' for nothing. */
	protected abstract readonly refusal: string;
	/** All sockets are closed: lets go of what the engine holds. */
	protected released(): void {}

	/** `protocols`: what ALPN offers, best first. */
	protected async accept(options: ListenOptions, protocols: readonly string[]): Promise<this> {
		const { tls } = options;
		const handshake = this.settings.timeouts.header;
		const report = (message: string): void => this.settings.log({ level: 'warn', message });
		const secure = tls === undefined ? {} : { tls: tlsAcceptance(tls, { protocols, handshake, report }) };
		const greet = this.greetingOf(options, { patience: handshake, report });
		this.acceptor = await accept({ at: options, ...secure, ...(greet !== null && { greet }) }, (socket) =>
			this.admit(socket),
		);
		return this;
	}

	/** What is looked at before anything is spoken, in its order. */
	private greetingOf({ proxyHeaderFrom, passThrough, tls }: ListenOptions, needs: GreetingNeeds): Greeting | null {
		const greetings: Greeting[] = [];
		if (proxyHeaderFrom !== undefined) greetings.push(proxyHeaderGreeting(proxyHeaderFrom, needs));
		if (tls?.challenge !== undefined) greetings.push(alpnChallengeGreeting(tls.challenge, needs.patience));
		if (passThrough !== undefined) {
			if (tls === undefined) throw new TypeError('passThrough: only TLS asks for names; give the listener `tls`');
			this.tunnels = passThrough.host(this.app);
			greetings.push(passThroughGreeting(passThrough, this.tunnels, needs.patience));
		}
		return greetings.length === 0 ? null : greetings.reduceRight((inner, outer) => inTurn(outer, inner));
	}

	/** Without an acceptor it is a host: see `take`. */
	get address(): Address {
		return this.acceptor?.address ?? { kind: 'memory' };
	}

	statistics(): ListenerStatistics {
		const { accepted, refused, requests, active, violations, timeoutsPassed: timeouts } = this;
		const own = { connections: this.open.size, accepted, refused, requests, active, violations, timeouts };
		return this.tunnels === null ? own : together(own, this.tunnels.statistics());
	}

	take(socket: Socket): void {
		this.admit(socket);
	}

	private admit(socket: Socket): void {
		this.accepted++;
		const address = this.addressToCount(socket);
		const full = this.open.size >= this.settings.limits.connections || this.isFull(address);
		if (this.draining || full) this.refuse(socket);
		else this.connected(socket, address);
	}

	/** The remote address when connections from one address are limited, else null: it costs a system call. */
	private addressToCount(socket: Socket): string | null {
		return Number.isFinite(this.settings.limits.connectionsPerAddress) ? (socket.remoteAddress ?? null) : null;
	}

	private isFull(address: string | null): boolean {
		return address !== null && (this.perAddress.get(address) ?? 0) >= this.settings.limits.connectionsPerAddress;
	}

	/** It is not counted, so its time runs whatever the client does meanwhile. */
	private refuse(socket: Socket): void {
		this.refused++;
		const timer = setTimeout(() => socket.destroy(), REFUSED).unref();
		socket.on('error', () => {}).on('close', () => clearTimeout(timer));
		socket.resume();
		socket.end(this.refusal);
	}

	// What connections report.

	protected opened(connection: C): void {
		this.open.add(connection);
		const { countedAs } = connection;
		if (countedAs !== null) this.perAddress.set(countedAs, (this.perAddress.get(countedAs) ?? 0) + 1);
	}

	/** Somebody else speaks on the same connection from now on. */
	replaced(connection: C, other: C): void {
		if (this.open.delete(connection)) this.open.add(other);
	}

	/** May be told more than once. */
	connectionClosed(connection: C): void {
		if (!this.open.delete(connection)) return;
		const { countedAs } = connection;
		if (countedAs !== null) this.uncount(countedAs);
		if (this.open.size === 0) for (const resolve of this.emptied.splice(0)) resolve();
	}

	private uncount(address: string): void {
		const left = (this.perAddress.get(address) ?? 1) - 1;
		if (left === 0) this.perAddress.delete(address);
		else this.perAddress.set(address, left);
	}

	exchangeBegun(): void {
		this.requests++;
		this.active++;
	}

	exchangeEnded(): void {
		this.active--;
	}

	// How it ends.

	protected async allLeave(): Promise<void> {
		this.acceptor?.stop();
		for (const connection of this.open.all()) connection.drain();
		await Promise.all([this.allClosed(), this.tunnels?.drain(LONGEST)]);
	}

	async close(): Promise<void> {
		this.draining = true;
		this.acceptor?.stop();
		for (const connection of this.open.all()) connection.destroy();
		await Promise.all([this.allClosed(), this.tunnels?.close()]);
		this.released();
	}

	/** Resolves when no connection is open. */
	private async allClosed(): Promise<void> {
		if (this.open.size === 0) return;
		await new Promise<void>((resolve) => this.emptied.push(resolve));
	}
}

function inTurn(first: Greeting, second: Greeting): Greeting {
	return (socket, proceed) => first(socket, () => second(socket, proceed));
}

/** Of two who speak on the connections of one listener. */
function together(one: ListenerStatistics, other: ListenerStatistics): ListenerStatistics {
	const names = Object.keys(one) as (keyof ListenerStatistics)[];
	return Object.fromEntries(names.map((name) => [name, one[name] + other[name]])) as unknown as ListenerStatistics;
}
