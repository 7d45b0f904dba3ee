/** A request in absolute-form, or out of an intercepted tunnel, on its way to its origin; and the response on its way back. */
import type { Receiver } from '../../client/index.ts';
import {
	type Context,
	cancelPayload,
	type IncomingRequest,
	isSource,
	OutgoingResponse,
	PendingResponse,
} from '../../convention/index.ts';
import { FieldList, tags } from '../../fields/index.ts';
import { stripRequest, stripResponse, stripTrailers } from '../hop-by-hop.ts';
import { limitForwards } from '../max-forwards.ts';
import type { Destination } from './destination.ts';
import type { ForwardGateway } from './forward-gateway.ts';

export function sendRequest(
	gateway: ForwardGateway,
	request: IncomingRequest,
	context: Context,
	to: Destination,
): Response | Promise<Response> {
	const fields = FieldList.from(request.fields).copy();
	const answer = limitForwards(request, fields, gateway.options.maxForwards ?? 10);
	if (answer !== null) return answer;
	const connection = fields.getTagged(tags.connection);
	const payload = stripTrailers(request.payload, connection);
	stripRequest(fields, context.offers, connection);
	// RFC 9112 section 3.2.2: whatever was received, Host is made anew from whom the request is for.
	fields.deleteTagged(tags.host);
	if (gateway.options.via !== false) gateway.hop.sign(fields, request.version);
	const relay = new ForwardRelay(gateway, request, context, to);
	const asked = { method: request.method, target: to.path as string, authority: to.authority, fields, payload };
	gateway.upstreams.to(`${to.scheme}://${to.authority}`).send(asked, context, relay);
	return relay;
}

class ForwardRelay extends PendingResponse implements Receiver {
	private readonly gateway: ForwardGateway;
	private readonly request: IncomingRequest;
	private readonly context: Context;
	private readonly to: Destination;

	constructor(gateway: ForwardGateway, request: IncomingRequest, context: Context, to: Destination) {
		super();
		this.gateway = gateway;
		this.request = request;
		this.context = context;
		this.to = to;
	}

	received(response: OutgoingResponse): void {
		let relayed: OutgoingResponse;
		try {
			relayed = this.relayed(response);
		} catch (error) {
			cancelPayload(response.payload, error);
			return this.reject(error);
		}
		this.resolve(relayed);
	}

	failed(error: unknown): void {
		let settled: Response;
		try {
			settled = this.gateway.settle(this.request, this.context, error, this.to);
		} catch (other) {
			return this.reject(other);
		}
		this.resolve(settled);
	}

	private relayed(response: OutgoingResponse): OutgoingResponse {
		const { fields, status, payload } = response;
		const connection = fields.getTagged(tags.connection);
		stripResponse(fields, status, connection);
		if (this.gateway.options.via !== false) this.gateway.hop.sign(fields, '1.1');
		if (connection === null || !isSource(payload)) return response;
		const stripped = stripTrailers(payload, connection);
		return stripped === payload ? response : new OutgoingResponse(status, fields, stripped, response);
	}
}
