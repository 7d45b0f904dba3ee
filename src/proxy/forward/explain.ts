/** What the forward proxy would do with a request, found by the same code that does it, without looking anything up. */
import { GuardError, refusedLiteral } from '../../client/index.ts';
import {
	type Context,
	DerivedContext,
	type Explanation,
	type FieldNote,
	HttpError,
	type Key,
	type RawRequest,
	type UpstreamError,
} from '../../convention/index.ts';
import { FieldList, isIPv4, isIPv6, tags } from '../../fields/index.ts';
import { requestNotes, responseNotes } from '../field-notes.ts';
import { stripRequest } from '../hop-by-hop.ts';
import { limitForwards } from '../max-forwards.ts';
import { decide } from './decide.ts';
import { type Destination, destination } from './destination.ts';
import type { ForwardGateway } from './forward-gateway.ts';
import { isForUs } from './own-requests.ts';
import { readDestination } from './read-destination.ts';

export async function explainForward(
	gateway: ForwardGateway,
	request: RawRequest,
	context: Context,
): Promise<Explanation> {
	if (isForUs(request, context)) return { does: ['Takes the request for one to the proxy itself, by its target.'] };
	let to: Destination;
	try {
		to = readDestination(request);
	} catch (error) {
		if (!(error instanceof HttpError)) throw error;
		return { does: [error.message], answers: '400 Bad Request' };
	}
	if (gateway.hop.isLoop(FieldList.from(request.fields)))
		return { does: ['Finds its own name in Via (RFC 9110 section 7.6.3).'], answers: '502 Bad Gateway: a loop' };
	const { allowed, rule } = await decide(gateway.options, request, context, to);
	if (!allowed) return { does: [`Refuses ${to.authority}: ${rule}.`], answers: '403 Forbidden' };
	const refused = refusedLiteral(gateway.guard, to.host, to.port);
	if (refused !== null) {
		const does = [`Allows ${to.authority} by the rule: ${rule}.`, `Closed by the guard: ${reasonOf(refused)}.`];
		return { does, answers: '403 Forbidden' };
	}
	const fields = FieldList.from(request.fields).copy();
	if (to.path !== null && limitForwards(request, fields, gateway.options.maxForwards ?? 10) !== null)
		return { does: ['Max-Forwards is 0 (RFC 9110 section 7.6.2).'], answers: 'itself, instead of the destination' };
	const step = { does: sentences(gateway, request, to, rule), fields: notes(gateway, request, fields, context, to) };
	if (gateway.inner === gateway.outward) return step;
	return { ...step, next: gateway.inner, context: new Within(context, to) };
}

function sentences(gateway: ForwardGateway, request: RawRequest, to: Destination, rule: string): string[] {
	const way = gateway.routes.describe(to);
	const address = isIPv4(to.host) || isIPv6(to.host);
	const guard = address
		? 'Its address passes the guard.'
		: 'Its addresses are looked up then, and have to pass the guard.';
	const allowed = `Allowed by: ${rule}. ${guard}`;
	if (to.path !== null)
		return [`Asks ${to.authority} for ${request.method} ${to.path}, with Host ${to.authority}, ${way}.`, allowed];
	if (gateway.options.intercept?.wants(to) !== true) return [`Opens a tunnel to ${to.authority}, ${way}.`, allowed];
	return [
		`Looks into the tunnel to ${to.authority}, unless its server is excepted: ends its TLS, and takes each request inside for one of its own, which goes ${way}.`,
		allowed,
	];
}

/** A tunnel has no fields that would go on. */
function notes(
	gateway: ForwardGateway,
	request: RawRequest,
	fields: FieldList,
	context: Context,
	to: Destination,
): FieldNote[] {
	if (to.path === null) return [];
	const connection = fields.getTagged(tags.connection);
	stripRequest(fields, context.offers, connection);
	const name = gateway.options.via === false ? null : gateway.hop.name;
	if (name !== null) gateway.hop.sign(fields, request.version);
	return [...requestNotes(request, fields, connection), ...responseNotes(name)];
}

function reasonOf({ cause }: UpstreamError): string {
	return cause instanceof GuardError ? cause.reason : 'its address';
}

/** For those who stand within: whom it is for, without a mark on the context that was given. */
class Within extends DerivedContext {
	private readonly to: Destination;

	constructor(outer: Context, to: Destination) {
		super(outer);
		this.to = to;
	}

	override get<T>(key: Key<T>): T | undefined {
		return (key as Key<unknown>) === destination ? (this.to as T) : super.get(key);
	}

	override has(key: Key<unknown>): boolean {
		return key === destination || super.has(key);
	}
}
