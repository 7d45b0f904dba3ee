/**
 * A connection to anybody, as a tunnel: bytes that are none of our business. What CONNECT and SOCKS end in. Each belongs to
 * one exchange, whose end is its own; none is kept or used again.
 */
import type { Socket } from 'node:net';
import type { Tunnel } from '../bytes/index.ts';
import {
	type Address,
	type ClosedListener,
	type Context,
	Disconnected,
	type FinishedListener,
	type Outcome,
	UpstreamError,
} from '../convention/index.ts';
import { type Member, Roster, TransportTunnel, type TunnelOwner } from '../transport/index.ts';
import { NOBODY, SocketTransport } from '../transport/node/index.ts';
import { dial, diallerOf } from './dial.ts';
import { introducedDialler } from './dial-introduced.ts';
import { type UpstreamOptions, type UpstreamSettings, upstreamSettings } from './options.ts';
import type { Origin } from './origin.ts';
import { parentDialler } from './parent/index.ts';
import { cutBy, tunnelError } from './tunnel-end.ts';

/** What is needed to reach somebody: `guard`, `parent`, `proxyHeader`, `resolve`, and of `timeouts` those for connecting and for tunnels. */
export type ConnectorOptions = Pick<UpstreamOptions, 'guard' | 'parent' | 'proxyHeader' | 'resolve' | 'timeouts'>;

/** The other end of a connection that stands. */
export interface Reached {
	/** The address that was dialled: the parent's, where there is one. The system is asked with each look. */
	readonly remote: Address;
}

/** Who asked: told exactly once. */
export interface ConnectReceiver {
	/** The tunnel's reading begins when it is started. */
	connected(tunnel: Tunnel, reached: Reached): void;
	failed(error: unknown): void;
}

export interface ConnectorStatistics {
	/** Connections being made now, and tunnels that stand. */
	readonly dialling: number;
	readonly tunnels: number;
	/** Since the start. */
	readonly dialled: number;
	readonly failed: number;
}

export interface Connector {
	/** Connects to `host` (without brackets) and `port` for this exchange; given up when its client leaves. */
	connect(host: string, port: number, context: Context, receiver: ConnectReceiver): void;
	statistics(): ConnectorStatistics;
	/** Cuts off what stands, and connects no more. */
	close(): Promise<void>;
}

export function connector(options: ConnectorOptions = {}): Connector {
	const settings = upstreamSettings(options);
	// Certificates of a parent that cannot be read are found now.
	if (settings.parent !== null) parentDialler(settings.parent, settings);
	return new Connections(settings);
}

class Connections implements Connector {
	readonly settings: UpstreamSettings;
	readonly open: Roster<Connecting> = new Roster();
	dialling = 0;
	dialled = 0;
	failed = 0;
	private closed = false;

	constructor(settings: UpstreamSettings) {
		this.settings = settings;
	}

	connect(host: string, port: number, context: Context, receiver: ConnectReceiver): void {
		if (this.closed) return receiver.failed(new UpstreamError('destination_unavailable'));
		new Connecting(this, originOf(host, port), context, receiver).begin();
	}

	statistics(): ConnectorStatistics {
		const { dialling, open, dialled, failed } = this;
		return { dialling, tunnels: open.size - dialling, dialled, failed };
	}

	async close(): Promise<void> {
		this.closed = true;
		for (const one of this.open.all()) one.cut(new UpstreamError('destination_unavailable'));
	}
}

class Connecting implements ClosedListener, FinishedListener, TunnelOwner, Member {
	rosterPlace = -1;
	private readonly connections: Connections;
	private readonly origin: Origin;
	private readonly context: Context;
	private readonly receiver: ConnectReceiver;
	private tunnel: TransportTunnel | null = null;
	private giveUp: (() => void) | null = null;
	private settled = false;

	constructor(connections: Connections, origin: Origin, context: Context, receiver: ConnectReceiver) {
		this.connections = connections;
		this.origin = origin;
		this.context = context;
		this.receiver = receiver;
	}

	begin(): void {
		const { connections, context, origin } = this;
		connections.open.add(this);
		connections.dialling++;
		context.onClosed(this);
		if (this.settled) return;
		const { settings } = connections;
		const dialler =
			settings.proxyHeader === null
				? diallerOf(origin, {}, settings, settings.parent)
				: introducedDialler(origin, {}, settings, settings.proxyHeader)(context);
		const giveUp = dial(dialler, { patience: settings.timeouts.connect, latest: 0 }, (error, socket) => {
			this.giveUp = null;
			if (socket === null) this.fail(error);
			else this.connected(socket);
		});
		if (!this.settled) this.giveUp = giveUp;
	}

	private connected(socket: Socket): void {
		const { connections, context } = this;
		// What a parent sent right behind its answer.
		const early: Uint8Array | null = socket.readableLength > 0 ? socket.read() : null;
		const transport = new SocketTransport(socket, NOBODY);
		this.settle();
		connections.dialled++;
		const { tunnelIdle, tunnelTotal } = connections.settings.timeouts;
		const patience = { idle: tunnelIdle, total: tunnelTotal };
		this.tunnel = new TransportTunnel(transport, early, this, patience, tunnelError);
		transport.listen();
		// Whatever becomes of the answer, this half never outlives the exchange.
		context.onFinished(this);
		this.receiver.connected(this.tunnel, transport);
	}

	private fail(error: unknown): void {
		if (this.settled) return;
		this.settle();
		this.connections.open.delete(this);
		this.connections.failed++;
		this.receiver.failed(error);
	}

	private settle(): void {
		this.settled = true;
		this.connections.dialling--;
		this.context.offClosed(this);
	}

	cut(reason: Error): void {
		this.tunnel?.destroy(reason);
		const { giveUp } = this;
		this.fail(reason);
		giveUp?.();
	}

	exchangeClosed(reason: unknown): void {
		this.cut(reason instanceof Error ? reason : new Disconnected());
	}

	exchangeFinished(outcome: Outcome): void {
		this.tunnel?.destroy(cutBy(outcome));
	}

	tunnelClosed(): void {
		this.connections.open.delete(this);
	}
}

function originOf(host: string, port: number): Origin {
	const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
	return { name: authority, secure: false, authority, host, port, socketPath: null, path: '' };
}
