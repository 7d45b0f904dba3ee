/**
 * The gateway (RFC 9110 section 3.7): an intermediary that speaks for its upstreams. The duties themselves are in the
 * files around; here is the order in which they are kept on the way out. The way back is relay.ts.
 */
import { type Source, WholeSource } from '../../bytes/index.ts';
import { type Asked, type Upstream, type UpstreamStatistics, upstream } from '../../client/index.ts';
import {
	type App,
	type Context,
	HttpError,
	type IncomingRequest,
	isWebSocketConnect,
	raw,
	UpstreamError,
	webSocketsByUpgrade,
} from '../../convention/index.ts';
import { FieldList, tags } from '../../fields/index.ts';
import { failureEntry, failureResponse, logToStderr } from '../failure.ts';
import { ForwardedWriter } from '../forwarded.ts';
import { Hop } from '../hop.ts';
import { stripRequest, stripTrailers } from '../hop-by-hop.ts';
import { limitForwards } from '../max-forwards.ts';
import { adviceFor } from './advice.ts';
import type { ReverseOptions } from './options.ts';
import { Paths } from './paths.ts';
import { Relay } from './relay.ts';
import { Rotation } from './rotation.ts';

/** One upstream with what depends on its URL. */
export interface Target {
	readonly upstream: Upstream;
	readonly paths: Paths;
}

const NO_CONNECT = {
	message: 'This is a reverse proxy: it opens no tunnels by CONNECT.',
	fields: { Allow: 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, TRACE' },
};

export class Gateway {
	readonly options: ReverseOptions;
	readonly hop: Hop;
	private readonly forwarded: ForwardedWriter;
	private readonly rotation: Rotation<Target>;
	/** Upstreams are asked in HTTP/1.1. */
	private readonly upgraded: App = webSocketsByUpgrade((request, context) => this.handle(request, context));

	/** What goes wrong with the only upstream is answered, not thrown. */
	private readonly settles: boolean;

	constructor(to: readonly (string | URL)[], options: ReverseOptions, settles = true) {
		if (to.length === 0) throw new TypeError('A reverse proxy needs at least one upstream.');
		this.options = options;
		this.settles = settles;
		this.hop = new Hop(options.name);
		this.forwarded = new ForwardedWriter(options.forwarded?.trust, options.forwarded?.send);
		this.rotation = new Rotation(
			to.map((one) => {
				const app = upstream(one, options);
				return { upstream: app, paths: new Paths(options.prefix, app.origin.path) };
			}),
		);
	}

	handle(given: Request, context: Context): Response | Promise<Response> {
		const request = raw(given);
		if (request.method === 'CONNECT') {
			if (isWebSocketConnect(request, context)) return this.upgraded(request, context, context);
			throw new HttpError(405, NO_CONNECT);
		}
		const fields = FieldList.from(request.fields).copy();
		if (this.hop.isLoop(fields)) return this.fail(request, new UpstreamError('proxy_loop_detected'), 'none');
		const answer = limitForwards(request, fields, this.options.maxForwards ?? 10);
		if (answer !== null) return answer;
		const connection = fields.getTagged(tags.connection);
		const payload = stripTrailers(request.payload, connection);
		this.prepare(fields, connection, request, context);
		if (this.rotation.size > 1) return this.askInTurn(request, payload, fields, context);
		return this.ask(this.rotation.next(), request, payload, fields, context, this.settles);
	}

	/** What this hop owes to the fields of a request, in place; `connection` is the value of Connection. */
	prepare(fields: FieldList, connection: string | null, request: IncomingRequest, context: Context): void {
		stripRequest(fields, context.offers, connection);
		// RFC 9112 section 3.2.2: Host is made anew from whom the request is for, whatever was received.
		fields.deleteTagged(tags.host);
		this.forwarded.write(fields, request, context);
		if (this.options.via !== false) this.hop.sign(fields, request.version);
	}

	/** Asks one upstream after the other, until one can be connected to; a payload that can be sent once is sent once. */
	private async askInTurn(
		request: IncomingRequest,
		given: Source | null,
		fields: FieldList,
		context: Context,
	): Promise<Response> {
		const content = given instanceof WholeSource && given.trailers === null ? given.take() : null;
		for (let attempt = 1; ; attempt++) {
			const target = this.rotation.next();
			const payload = content === null ? given : new WholeSource(content);
			try {
				return await this.ask(target, request, payload, fields.copy(), context, false);
			} catch (error) {
				const another = error instanceof UpstreamError && error.retryable && attempt < this.rotation.size;
				if (!another || (payload !== null && content === null)) return this.settle(request, error, target);
				this.log(request, error, target.upstream.origin.name);
				this.rotation.avoid(target);
			}
		}
	}

	/** `settles`: what goes wrong with the upstream is answered, not thrown. */
	private ask(
		target: Target,
		request: IncomingRequest,
		payload: Source | null,
		fields: FieldList,
		context: Context,
		settles: boolean,
	): Promise<Response> {
		const outgoing = this.outgoing(target, request, payload, fields, context);
		const relay = new Relay(this, target, outgoing.authority, request, context, settles);
		target.upstream.send(outgoing, context, relay);
		return relay;
	}

	outgoing(
		target: Target,
		request: IncomingRequest,
		payload: Source | null,
		fields: FieldList,
		context: Context,
	): Asked {
		const keepsHost = this.options.host !== 'upstream' && request.authority !== '';
		const out = {
			method: request.method,
			target: target.paths.outward(request),
			authority: keepsHost ? request.authority : target.upstream.origin.authority,
			fields,
			payload,
		};
		this.options.rewrite?.({ in: request, out, context });
		return out;
	}

	/** What the client is told when there is no response; what is not the upstream's fault is thrown on. */
	settle(request: IncomingRequest, error: unknown, target: Target): Response {
		if (!(error instanceof UpstreamError)) throw error;
		return this.fail(request, error, target.upstream.origin.name);
	}

	private fail(request: IncomingRequest, error: UpstreamError, upstreamName: string): Response {
		request.payload?.cancel(error);
		this.log(request, error, upstreamName);
		const name = this.options.proxyStatus === false ? null : this.hop.name;
		return failureResponse(request, error, name, adviceFor(error.status));
	}

	private log(request: IncomingRequest, error: UpstreamError, upstreamName: string): void {
		(this.options.log ?? logToStderr)(failureEntry(request, error, upstreamName));
	}

	get targets(): readonly Target[] {
		return this.rotation.all;
	}

	statistics(): Readonly<Record<string, UpstreamStatistics>> {
		return Object.fromEntries(this.rotation.all.map((one) => [one.upstream.origin.name, one.upstream.statistics()]));
	}

	async close(): Promise<void> {
		await Promise.all(this.rotation.all.map((one) => one.upstream.close()));
	}
}
