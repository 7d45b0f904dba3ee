/** What the forward proxy would do with a request, found by the same code that does it, without looking anything up. */
import { type Context, type Explanation, HttpError, type RawRequest } from '../../convention/index.ts';
import { FieldList } from '../../fields/index.ts';
import { decide } from './decide.ts';
import type { Destination } from './destination.ts';
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
	const asks =
		to.path === null ? `Opens a tunnel to ${to.authority}` : `Asks ${to.authority} for ${request.method} ${to.path}`;
	return { does: [`${asks}, if its addresses pass the guard. Allowed by: ${rule}.`] };
}
