/**
 * How requests reach an upstream that is asked in HTTP/2, or in what TLS settles on: one set of sessions, and a pool of
 * connections of HTTP/1.1 beside it for upstreams that turn out to speak no other.
 */
import type { Socket } from 'node:net';
import { type Context, UpstreamError } from '../../convention/index.ts';
import { FieldList } from '../../fields/index.ts';
import { type Asked, ClientExchange, type ExchangeHost, type Receiver } from '../client-exchange.ts';
import type { UpstreamStatistics } from '../connection-pool.ts';
import type { UpstreamSettings } from '../options.ts';
import type { Origin } from '../origin.ts';
import { Pool } from '../pool.ts';
import { type Route, sum } from '../route.ts';
import { Sessions, type SessionsOwner } from './sessions.ts';

/** Null where HTTP/1.1 is spoken in any case. Throws node's error for a certificate, key or authority that cannot be read. */
export function http2Route(origin: Origin, settings: UpstreamSettings): Route | null {
	const { http } = settings;
	if (http === '1.1' || (http === 'negotiate' && !origin.secure)) return null;
	const host = new Http2Host(origin, settings);
	return {
		send: (request: Asked, context: Context, receiver: Receiver): void =>
			new ClientExchange(host, request, FieldList.from(request.fields), context, receiver).begin(),
		statistics: () => host.statistics(),
		close: async () => host.close(),
	};
}

class Http2Host implements ExchangeHost, SessionsOwner {
	readonly settings: UpstreamSettings;
	readonly origin: Origin;
	private readonly sessions: Sessions;
	/** Made when an upstream speaks no HTTP/2, or no WebSockets over it. */
	private http1: Pool | null = null;
	/** What the upstream has settled on, when it is not HTTP/2. */
	private speaksHttp1 = false;
	private closed = false;

	constructor(origin: Origin, settings: UpstreamSettings) {
		this.origin = origin;
		this.settings = settings;
		this.sessions = new Sessions(origin, settings, this);
	}

	serve(exchange: ClientExchange): void {
		if (this.speaksHttp1) this.pool.serve(exchange);
		else this.sessions.serve(exchange);
	}

	leave(exchange: ClientExchange): void {
		this.sessions.leave(exchange);
		this.http1?.leave(exchange);
	}

	retry(exchange: ClientExchange): void {
		if (this.speaksHttp1) this.pool.retry(exchange);
		else this.sessions.retry(exchange);
	}

	countFailure(): void {
		this.sessions.failed++;
	}

	private get pool(): Pool {
		if (this.http1 === null) {
			this.http1 = new Pool(this.origin, this.settings);
			if (this.closed) this.http1.close();
		}
		return this.http1;
	}

	// What the sessions find out.

	settledOnHttp1(socket: Socket, waiting: readonly ClientExchange[]): void {
		if (this.settings.http === '2') {
			socket.destroy();
			const error = new UpstreamError('tls_protocol_error', { retryable: true, details: 'NO_HTTP2' });
			for (const exchange of waiting) exchange.fail(error);
			return;
		}
		this.speaksHttp1 = true;
		const [first, ...others] = waiting;
		if (first === undefined) socket.destroy();
		else this.pool.serveOver(socket, first);
		for (const exchange of others) this.pool.serve(exchange);
	}

	/** The upstream takes no WebSockets over HTTP/2 (RFC 8441 section 3): it is asked in the words of HTTP/1.1, if we may. */
	noExtendedConnect(exchange: ClientExchange): void {
		if (this.settings.http === 'negotiate') this.pool.serve(exchange);
		else exchange.fail(new UpstreamError('http_upgrade_failed', { details: 'NO_EXTENDED_CONNECT' }));
	}

	statistics(): UpstreamStatistics {
		return sum(this.sessions.statistics(), this.http1?.statistics());
	}

	close(): void {
		this.closed = true;
		this.sessions.close();
		this.http1?.close();
	}
}
