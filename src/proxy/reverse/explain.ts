/** What the gateway would do with a request, found by the same code that does it, without asking any upstream. */
import {
	type Context,
	type Explanation,
	type FieldNote,
	isWebSocketConnect,
	type RawRequest,
	raw,
} from '../../convention/index.ts';
import { FieldList, tags, tokens } from '../../fields/index.ts';
import { limitForwards } from '../max-forwards.ts';
import type { Gateway } from './gateway.ts';

export function explainGateway(gateway: Gateway, given: RawRequest, context: Context): Explanation {
	const request = raw(given);
	const names = gateway.targets.map(({ upstream }) => upstream.origin.name);
	if (request.method === 'CONNECT' && !isWebSocketConnect(request, context))
		return { does: [], answers: '405: a reverse proxy opens no tunnels by CONNECT' };
	const fields = FieldList.from(request.fields).copy();
	if (gateway.hop.isLoop(fields))
		return {
			does: [`Finds its own name, ${gateway.hop.name}, in Via (RFC 9110 section 7.6.3).`],
			answers: '502: a loop',
		};
	if (limitForwards(request, fields, gateway.options.maxForwards ?? 10) !== null)
		return { does: ['Max-Forwards is 0 (RFC 9110 section 7.6.2).'], answers: 'itself, instead of the upstream' };
	const connection = fields.getTagged(tags.connection);
	gateway.prepare(fields, connection, request, context);
	const [target] = gateway.targets;
	if (target === undefined) return { does: [] };
	const out = gateway.outgoing(target, request, null, fields, context);
	const which = names.length === 1 ? (names[0] as string) : `one of ${names.join(', ')}, in turn,`;
	const asks = `Asks ${which} for ${out.method} ${out.target}, with Host ${out.authority}.`;
	const rewrites = gateway.options.rewrite === undefined ? [] : ['`rewrite` has had its say.'];
	return { does: [asks, ...rewrites], fields: [...changes(request, fields, connection), ...onTheWayBack(gateway)] };
}

/** What became of each field, by name; Host is told apart. */
function changes(request: RawRequest, after: FieldList, connection: string | null): FieldNote[] {
	const nominated = tokens(connection ?? '');
	const names = new Map<string, string>();
	for (const [name] of [...request.fields, ...after])
		if (!names.has(name.toLowerCase())) names.set(name.toLowerCase(), name);
	names.delete('host');
	return [...names].flatMap(([lower, name]): FieldNote[] => {
		const [old, now] = [request.fields.all(lower), after.all(lower)];
		if (old.join('\n') === now.join('\n')) return [];
		const asked = nominated.includes(lower) ? NOMINATED : (SOURCES[lower] ?? null);
		const source = asked === null ? {} : { source: asked };
		if (now.length === 0) return [{ what: 'removes', name, on: 'request', ...source }];
		return [{ what: old.length === 0 ? 'adds' : 'sets', name, value: now.join(', '), on: 'request', ...source }];
	});
}

function onTheWayBack({ options, hop: { name } }: Gateway): FieldNote[] {
	const stripped: FieldNote = {
		what: 'removes',
		name: 'Connection, and what it names',
		on: 'response',
		source: NOMINATED,
	};
	const via: FieldNote = {
		what: 'adds',
		name: 'Via',
		value: `1.1 ${name}`,
		on: 'response',
		source: 'RFC 9110 section 7.6.3',
	};
	return options.via === false ? [stripped] : [stripped, via];
}

const NOMINATED = 'RFC 9110 section 7.6.1';
const IN_USE = 'in use, specified nowhere';

/** Why a field of a request changes at this hop. */
const SOURCES: Readonly<Record<string, string>> = {
	connection: NOMINATED,
	'keep-alive': NOMINATED,
	'proxy-connection': NOMINATED,
	te: 'RFC 9110 section 10.1.4',
	'transfer-encoding': 'RFC 9112 section 6.1',
	upgrade: 'RFC 9110 section 7.8',
	'proxy-authorization': 'RFC 9110 section 11.7.2',
	'max-forwards': 'RFC 9110 section 7.6.2',
	via: 'RFC 9110 section 7.6.3',
	forwarded: 'RFC 7239 section 4',
	'x-forwarded-for': IN_USE,
	'x-forwarded-host': IN_USE,
	'x-forwarded-proto': IN_USE,
	'x-forwarded-prefix': IN_USE,
	'client-cert': 'RFC 9440 section 4.1',
	'client-cert-chain': 'RFC 9440 section 4.1',
};
