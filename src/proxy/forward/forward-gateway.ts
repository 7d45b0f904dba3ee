/**
 * The forward proxy (RFC 9110 section 3.7): the client chose us, and says with each request whom it is for. What lives here
 * is the order of things: whose request it is, whether it may go on, who sends it. Sending is send-request.ts and
 * send-tunnel.ts; the duties of a hop are in the files around.
 */
import { type AddressGuard, publicAddresses } from '../../client/index.ts';
import {
	type App,
	type Context,
	HttpError,
	type IncomingRequest,
	isWebSocketConnect,
	noteApp,
	raw,
	UpstreamError,
	webSocketsByUpgrade,
} from '../../convention/index.ts';
import { FieldList } from '../../fields/index.ts';
import { failureEntry, failureResponse, logToStderr } from '../failure.ts';
import { Hop } from '../hop.ts';
import { follow, noteFailure } from './audit-exchange.ts';
import { type Decision, decide } from './decide.ts';
import { type Destination, destination } from './destination.ts';
import type { ForwardOptions } from './options.ts';
import { isForUs, ownPage } from './own-requests.ts';
import { readDestination, readWithin } from './read-destination.ts';
import { asRefusal, linesFor, refusal } from './refusal.ts';
import { Routes } from './routes.ts';
import { sendRequest } from './send-request.ts';
import { sendTunnel } from './send-tunnel.ts';

const UNDECIDED: Decision = { allowed: false, rule: 'no decision' };

export class ForwardGateway {
	readonly options: ForwardOptions;
	readonly hop: Hop;
	readonly guard: AddressGuard;
	readonly routes: Routes;
	/** Answers what is found inside intercepted tunnels. */
	readonly within: App = (request, context) => this.handleWithin(request, context);
	/** What stands between the policy and the wire, or `outward` itself. */
	readonly inner: App;
	/** The innermost app. */
	readonly outward: App = noteApp((request, context) => this.send(raw(request), context), 'outward', 'Sends it.');
	private readonly local: App;
	/** Upstreams are asked in HTTP/1.1. */
	private readonly upgraded: App = webSocketsByUpgrade((request, context) => this.handle(request, context));

	constructor(options: ForwardOptions) {
		this.options = options;
		this.hop = new Hop(options.name);
		this.guard = options.guard ?? publicAddresses({ allow: options.allowPrivate ?? [] });
		this.routes = new Routes({ ...options, guard: this.guard }, options.origins ?? 1_024);
		this.inner = options.inner?.(this.outward) ?? this.outward;
		this.local = options.local ?? ownPage;
	}

	handle(given: Request, context: Context): Response | Promise<Response> {
		const request = raw(given);
		if (isWebSocketConnect(request, context)) return this.upgraded(request, context, context);
		if (isForUs(request, context)) return this.local(request, context, context);
		return this.admit(request, context, readDestination(request));
	}

	private handleWithin(given: Request, context: Context): Response | Promise<Response> {
		const request = raw(given);
		const outer = context.get(destination);
		if (outer === undefined) throw new Error('An interceptor must set the key `destination` for what it finds');
		if (request.method === 'CONNECT') {
			if (isWebSocketConnect(request, context)) return webSocketsByUpgrade(this.within)(request, context, context);
			throw new HttpError(405, { message: 'There are no tunnels within this tunnel.' });
		}
		return this.admit(request, context, readWithin(request, outer));
	}

	/** Asks whether it may go on, and lets it. */
	private admit(request: IncomingRequest, context: Context, to: Destination): Response | Promise<Response> {
		context.set(destination, to);
		if (this.hop.isLoop(FieldList.from(request.fields)))
			return this.fail(request, context, new UpstreamError('proxy_loop_detected'), to);
		let decision: Decision | Promise<Decision>;
		try {
			decision = decide(this.options, request, context, to);
		} catch (error) {
			return this.undecided(error, request, context, to);
		}
		if (!(decision instanceof Promise)) return this.decided(decision, request, context, to);
		return decision.then(
			(late) => this.decided(late, request, context, to),
			(error: unknown) => this.undecided(error, request, context, to),
		);
	}

	/** What failed to decide has not let through, and the audit says so. */
	private undecided(error: unknown, request: IncomingRequest, context: Context, to: Destination): Response {
		const { audit } = this.options;
		if (audit !== undefined) follow(audit, UNDECIDED, request, context, to);
		return this.settle(request, context, error, to);
	}

	private decided(
		decision: Decision,
		request: IncomingRequest,
		context: Context,
		to: Destination,
	): Response | Promise<Response> {
		const { audit } = this.options;
		if (audit !== undefined) follow(audit, decision, request, context, to);
		if (!decision.allowed) return this.fail(request, context, refusal(decision.rule), to);
		return this.inner(request, context, context);
	}

	/** The innermost app: what stands within may have changed the request, but not whom it is for. */
	private send(request: IncomingRequest, context: Context): Response | Promise<Response> {
		const to = context.get(destination);
		if (to === undefined) throw new Error('Nothing has said whom this request is for');
		// Without layers in between it is the request that was let through.
		if (to.scheme === 'tunnel' && this.inner === this.outward) return sendTunnel(this, request, context, to);
		const now = to.intercepted ? readWithin(request, to) : readDestination(request);
		if (now.authority !== to.authority || now.scheme !== to.scheme)
			throw new Error(`A layer within the forward proxy has changed the destination from ${to.authority}`);
		return to.scheme === 'tunnel' ? sendTunnel(this, request, context, to) : sendRequest(this, request, context, now);
	}

	/** What the client is told when there is no response; what is not the destination's fault is thrown on. */
	settle(request: IncomingRequest, context: Context, error: unknown, to: Destination): Response {
		if (!(error instanceof UpstreamError)) throw error;
		return this.fail(request, context, error, to);
	}

	private fail(request: IncomingRequest, context: Context, failure: UpstreamError, to: Destination): Response {
		const error = this.report(request, context, failure, to);
		request.payload?.cancel(error);
		return failureResponse(request, error, this.hop.name, linesFor(error, to));
	}

	/** Audit and log are told; gives the error as the client may know it. */
	report(request: IncomingRequest, context: Context, failure: UpstreamError, to: Destination): UpstreamError {
		const error = asRefusal(failure);
		noteFailure(context, error);
		(this.options.log ?? logToStderr)(failureEntry(request, error, to.authority));
		return error;
	}

	async close(): Promise<void> {
		await this.routes.close();
	}
}
