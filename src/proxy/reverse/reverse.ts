/**
 * The gateway (RFC 9110 section 3.7): an app whose answer comes from an upstream that it speaks for. The duties
 * themselves are in the files around; here is the order in which they are kept.
 */
import { type Source, WholeSource } from '../../bytes/index.ts';
import { parseOrigin, type Upstream, type UpstreamStatistics, upstream } from '../../client/index.ts';
import {
	type App,
	type Context,
	HttpError,
	IncomingRequest,
	isSource,
	OutgoingResponse,
	raw,
	rawResponse,
	UpstreamError,
} from '../../convention/index.ts';
import { FieldList, passedThrough, tags } from '../../fields/index.ts';
import { ForwardedWriter } from '../forwarded.ts';
import { stripRequest, stripResponse, stripTrailers } from '../hop-by-hop.ts';
import { limitForwards } from '../max-forwards.ts';
import { processName } from '../name.ts';
import { failureEntry, failureResponse, logToStderr } from './failure.ts';
import { mapCookies, mapLocations } from './mapping.ts';
import type { OutgoingRequest, ReverseOptions } from './options.ts';
import { Paths } from './paths.ts';
import { Rotation } from './rotation.ts';

export interface Reverse extends App {
	/** What each upstream's pool is doing, by the upstream's name. */
	statistics(): Readonly<Record<string, UpstreamStatistics>>;
	/** Closes the connections to all upstreams: idle ones now, the others behind their exchange. */
	close(): Promise<void>;
}

/** One upstream with what depends on its URL. */
interface Target {
	readonly ask: Upstream;
	readonly paths: Paths;
}

/**
 * A reverse proxy to one upstream, or to several in turn. Each of `to` is `http://host:port[/path]`, `https://…` or
 * `unix:/path`; a path is put in front of every target. Failures are answered 502, 503 or 504 with Proxy-Status; an
 * upstream that cannot be connected to is passed over if another can take the request. Throws TypeError for a bad URL or option.
 */
export function reverse(to: string | URL | readonly (string | URL)[], options: ReverseOptions = {}): Reverse {
	const gateway = new Gateway(typeof to === 'string' || to instanceof URL ? [to] : to, options);
	const app = (request: Request, context: Context): Response | Promise<Response> => gateway.handle(request, context);
	return Object.assign(app, {
		statistics: () => gateway.statistics(),
		close: () => gateway.close(),
	});
}

class Gateway {
	private readonly options: ReverseOptions;
	private readonly name: string;
	private readonly forwarded: ForwardedWriter;
	private readonly rotation: Rotation<Target>;

	constructor(to: readonly (string | URL)[], options: ReverseOptions) {
		if (to.length === 0) throw new TypeError('A reverse proxy needs at least one upstream.');
		this.options = options;
		this.name = options.name ?? processName;
		this.forwarded = new ForwardedWriter(options.forwarded?.trust, options.forwarded?.send);
		const targets = to.map((one) => ({
			ask: upstream(one, options),
			paths: new Paths(options.prefix, parseOrigin(one).path),
		}));
		this.rotation = new Rotation(targets);
	}

	handle(given: Request, context: Context): Response | Promise<Response> {
		const request = raw(given);
		if (request.method === 'CONNECT') throw new HttpError(405, NO_CONNECT);
		const fields = FieldList.from(request.fields).copy();
		if (this.isLoop(fields)) return this.fail(request, new UpstreamError('proxy_loop_detected'), 'none');
		const answer = limitForwards(request, fields, this.options.maxForwards ?? 10);
		if (answer !== null) return answer;
		stripRequest(fields, context.offers);
		this.forwarded.write(fields, request, context);
		if (this.options.via !== false) fields.push('Via', `${request.version} ${this.name}`);
		if (this.rotation.size > 1) return this.askInTurn(request, fields, context);
		const target = this.rotation.next();
		return this.ask(target, request, request.payload, fields, context).then(undefined, (error) =>
			this.settle(request, error, target),
		);
	}

	/** RFC 9110 section 7.6.3: our own name in Via means that the request has come back to us. */
	private isLoop(fields: FieldList): boolean {
		return fields.hasTagged(tags.via) && passedThrough(fields.getTagged(tags.via) ?? '', this.name);
	}

	/** Asks one upstream after the other, until one can be connected to; a payload that can be sent once is sent once. */
	private async askInTurn(request: IncomingRequest, fields: FieldList, context: Context): Promise<Response> {
		const content = request.payload instanceof WholeSource ? request.payload.take() : null;
		for (let attempt = 1; ; attempt++) {
			const target = this.rotation.next();
			const payload = content === null ? request.payload : new WholeSource(content);
			try {
				return await this.ask(target, request, payload, fields.copy(), context);
			} catch (error) {
				const another = error instanceof UpstreamError && error.retryable && attempt < this.rotation.size;
				if (!another || (payload !== null && content === null)) return this.settle(request, error, target);
				this.rotation.avoid(target);
			}
		}
	}

	private ask(
		target: Target,
		request: IncomingRequest,
		payload: Source | null,
		fields: FieldList,
		context: Context,
	): Promise<Response> {
		const { origin } = target.ask;
		const keepsHost = this.options.host === 'keep' && request.authority !== '';
		const out: OutgoingRequest = {
			method: request.method,
			target: target.paths.outward(request),
			authority: keepsHost ? request.authority : origin.authority,
			fields,
		};
		// RFC 9112 section 3.2.2: Host is made anew from whom the request is for, whatever was received.
		fields.deleteTagged(tags.host);
		this.options.rewrite?.({ in: request, out, context });
		const sent = new IncomingRequest({
			method: out.method,
			target: out.target,
			form: 'origin',
			authority: out.authority,
			scheme: origin.secure ? 'https' : 'http',
			version: '1.1',
			fields,
			payload,
			trailersReader: request,
			circumstances: context,
		});
		return (target.ask(sent, context) as Promise<Response>).then((response) =>
			this.relay(target, request, rawResponse(response), context),
		);
	}

	/** The upstream's response on its way to the client. */
	private relay(target: Target, request: IncomingRequest, response: OutgoingResponse, context: Context): Response | Promise<Response> {
		const { options } = this;
		const { fields, status } = response;
		const connection = fields.getTagged(tags.connection);
		stripResponse(fields, status);
		if (options.via !== false) fields.push('Via', `1.1 ${this.name}`);
		if (options.location === 'map') mapLocations(fields, request, target.ask.origin, target.paths, context.mount);
		if (options.cookies !== undefined) mapCookies(fields, options.cookies);
		const relayed = withoutNominatedTrailers(response, connection);
		if (options.onResponse === undefined) return relayed;
		const changed = options.onResponse(relayed, { request, context });
		return changed instanceof Promise ? changed.then((other) => other ?? relayed) : (changed ?? relayed);
	}

	/** What the client is told when there is no response; what is not the upstream's fault is thrown on. */
	private settle(request: IncomingRequest, error: unknown, target: Target): Response {
		if (!(error instanceof UpstreamError)) throw error;
		return this.fail(request, error, target.ask.origin.name);
	}

	private fail(request: IncomingRequest, error: UpstreamError, upstreamName: string): Response {
		request.payload?.cancel(error);
		(this.options.log ?? logToStderr)(failureEntry(request, error, upstreamName));
		return failureResponse(request, error, this.options.proxyStatus === false ? null : this.name);
	}

	statistics(): Readonly<Record<string, UpstreamStatistics>> {
		return Object.fromEntries(this.rotation.all.map(({ ask }) => [ask.origin.name, ask.statistics()]));
	}

	async close(): Promise<void> {
		await Promise.all(this.rotation.all.map(({ ask }) => ask.close()));
	}
}

const NO_CONNECT = {
	message: 'This is a reverse proxy: it opens no tunnels by CONNECT.',
	fields: { Allow: 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, TRACE' },
};

function withoutNominatedTrailers(response: OutgoingResponse, connection: string | null): OutgoingResponse {
	const { status, fields, payload } = response;
	if (connection === null || !isSource(payload)) return response;
	const stripped = stripTrailers(payload, connection);
	return stripped === payload ? response : new OutgoingResponse(status, fields, stripped, response);
}
