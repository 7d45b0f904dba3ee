/** CONNECT (RFC 9110 section 9.3.6): once the destination can be reached, bytes both ways that are none of our business. */
import { join, type Tunnel } from '../../bytes/index.ts';
import type { ConnectReceiver, Reached } from '../../client/index.ts';
import {
	type Context,
	HttpError,
	type IncomingRequest,
	OutgoingResponse,
	PendingResponse,
	UpstreamError,
} from '../../convention/index.ts';
import { FieldList } from '../../fields/index.ts';
import { noteDialled } from './audit-exchange.ts';
import type { Destination } from './destination.ts';
import type { ForwardGateway } from './forward-gateway.ts';

export function sendTunnel(
	gateway: ForwardGateway,
	request: IncomingRequest,
	context: Context,
	to: Destination,
): Response | Promise<Response> {
	if (!context.offers.includes('connect')) throw new HttpError(501, { message: 'No tunnel can be opened here.' });
	if (request.payload !== null) request.payload.cancel();
	const { intercept } = gateway.options;
	if (intercept?.wants(to) === true) {
		return opened((client) => {
			const through = (looked: Tunnel): void => connectBehind(gateway, looked, request, context, to);
			intercept.take({ client, destination: to, context, app: gateway.within, through });
		});
	}
	const opening = new Opening(gateway, request, context, to);
	gateway.routes.connect(to, context, opening);
	return opening;
}

/** No Content-Length and no Transfer-Encoding: what follows is no content of this response. */
function opened(tunnel: (client: Tunnel) => void): OutgoingResponse {
	return new OutgoingResponse(200, FieldList.empty(), null, { reason: 'Connection established', tunnel });
}

class Opening extends PendingResponse implements ConnectReceiver {
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

	connected(there: Tunnel, reached: Reached): void {
		noteDialled(this.context, reached);
		this.resolve(opened((client) => join(client, there)));
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
}

/** The client has been told that its tunnel stands: a destination that cannot be reached can only be seen in its end. */
function connectBehind(
	gateway: ForwardGateway,
	client: Tunnel,
	request: IncomingRequest,
	context: Context,
	to: Destination,
): void {
	gateway.routes.connect(to, context, {
		connected: (there, reached) => {
			noteDialled(context, reached);
			join(client, there);
		},
		failed: (error) => {
			const failure =
				error instanceof UpstreamError ? error : new UpstreamError('proxy_internal_error', { cause: error });
			client.destroy(gateway.report(request, context, failure, to));
		},
	});
}
