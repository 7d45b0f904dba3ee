/** What the gateway would do with a request, found by the same code that does it, without asking any upstream. */
import {
	type Context,
	type Explanation,
	isWebSocketConnect,
	type RawRequest,
	raw,
	statusLine,
} from '../../convention/index.ts';
import { FieldList, tags } from '../../fields/index.ts';
import { requestNotes, responseNotes } from '../field-notes.ts';
import { limitForwards } from '../max-forwards.ts';
import type { Gateway } from './gateway.ts';

export function explainGateway(gateway: Gateway, given: RawRequest, context: Context): Explanation {
	const request = raw(given);
	const names = gateway.targets.map(({ upstream }) => upstream.origin.name);
	if (request.method === 'CONNECT' && !isWebSocketConnect(request, context))
		return { does: ['Opens no tunnels by CONNECT.'], answers: statusLine(405) };
	const fields = FieldList.from(request.fields).copy();
	if (gateway.hop.isLoop(fields))
		return {
			does: [`Finds its own name, ${gateway.hop.name}, in Via (RFC 9110 section 7.6.3).`],
			answers: statusLine(502, 'a loop'),
		};
	if (limitForwards(request, fields, gateway.options.maxForwards ?? 10) !== null)
		return { does: ['Answers itself, since Max-Forwards is 0 (RFC 9110 section 7.6.2).'], answers: statusLine(200) };
	const connection = fields.getTagged(tags.connection);
	gateway.prepare(fields, connection, request, context);
	const [target] = gateway.targets;
	if (target === undefined) return { does: [] };
	const out = gateway.outgoing(target, request, null, fields, context);
	const which = names.length === 1 ? (names[0] as string) : `one of ${names.join(', ')}, in turn,`;
	const asks = `Asks ${which} for ${out.method} ${out.target}, with Host ${out.authority}.`;
	const name = gateway.options.via === false ? null : gateway.hop.name;
	const rewrites = gateway.options.rewrite === undefined ? [] : ['`rewrite` has had its say.'];
	return { does: [asks, ...rewrites], fields: [...requestNotes(request, fields, connection), ...responseNotes(name)] };
}
