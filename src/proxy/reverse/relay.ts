/** The way back: the upstream's response, stripped and marked, or what is said in its place. One for each request. */
import type { Receiver, SpokenVersion } from '../../client/index.ts';
import {
	type Context,
	cancelPayload,
	type IncomingRequest,
	isSource,
	OutgoingResponse,
	PendingResponse,
} from '../../convention/index.ts';
import { tags } from '../../fields/index.ts';
import { stripResponse, stripTrailers } from '../hop-by-hop.ts';
import type { Gateway, Target } from './gateway.ts';
import { mapCookies, mapLocations } from './mapping.ts';

export class Relay extends PendingResponse implements Receiver {
	private readonly gateway: Gateway;
	private readonly target: Target;
	/** Whom the upstream took itself for: what Host said. */
	private readonly asked: string;
	private readonly request: IncomingRequest;
	private readonly context: Context;
	private readonly settles: boolean;

	constructor(
		gateway: Gateway,
		target: Target,
		asked: string,
		request: IncomingRequest,
		context: Context,
		settles: boolean,
	) {
		super();
		this.gateway = gateway;
		this.target = target;
		this.asked = asked;
		this.request = request;
		this.context = context;
		this.settles = settles;
	}

	received(response: OutgoingResponse, version: SpokenVersion): void {
		let relayed: Response | Promise<Response>;
		try {
			relayed = this.relay(response, version);
		} catch (error) {
			cancelPayload(response.payload, error);
			return this.reject(error);
		}
		this.resolve(relayed);
	}

	failed(error: unknown): void {
		if (!this.settles) return this.reject(error);
		let settled: Response;
		try {
			settled = this.gateway.settle(this.request, error, this.target);
		} catch (other) {
			return this.reject(other);
		}
		this.resolve(settled);
	}

	private relay(response: OutgoingResponse, version: SpokenVersion): Response | Promise<Response> {
		const { gateway, target, request, context } = this;
		const { options } = gateway;
		const { fields, status } = response;
		const connection = fields.getTagged(tags.connection);
		stripResponse(fields, status, connection);
		if (options.via !== false) gateway.hop.sign(fields, version);
		if (options.location === 'map') mapLocations(fields, request, { target, asked: this.asked, mount: context.mount });
		if (options.cookies !== undefined) mapCookies(fields, options.cookies);
		const relayed = withoutNominatedTrailers(response, connection);
		if (options.onResponse === undefined) return relayed;
		const changed = options.onResponse(relayed, { request, context });
		return changed instanceof Promise ? settled(changed, relayed) : (changed ?? relayed);
	}
}

async function settled(changed: Promise<Response | undefined>, relayed: OutgoingResponse): Promise<Response> {
	try {
		return (await changed) ?? relayed;
	} catch (error) {
		cancelPayload(relayed.payload, error);
		throw error;
	}
}

function withoutNominatedTrailers(response: OutgoingResponse, connection: string | null): OutgoingResponse {
	const { status, fields, payload } = response;
	if (connection === null || !isSource(payload)) return response;
	const stripped = stripTrailers(payload, connection);
	return stripped === payload ? response : new OutgoingResponse(status, fields, stripped, response);
}
