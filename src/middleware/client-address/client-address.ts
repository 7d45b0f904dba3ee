/**
 * Who the client is, where proxies stand in front of us. It goes around all that decides by addresses, and proves the key
 * `client` to it. What is not believed does not reach the app either: whoever looks at the fields again, a framework or the
 * server behind a proxy of ours, must not come to another answer.
 */
import {
	type App,
	type Context,
	DerivedContext,
	derive,
	type Explanation,
	type FieldNote,
	type Key,
	type Layer,
	type LayerNote,
	layer,
	type RawRequest,
	raw,
} from '../../convention/index.ts';
import { FieldList } from '../../fields/index.ts';
import { peerText } from '../caller.ts';
import { type Client, client } from '../keys.ts';
import { strayIn } from './claims.ts';
import { type ClientAddressOptions, type Settings, settingsOf } from './options.ts';
import { walk } from './walk.ts';

/**
 * Middleware that finds the client behind trusted proxies (RFC 7239, or X-Forwarded-For) and proves `client`. Throws
 * TypeError with the option's name and the reason.
 */
export function clientAddress(options: ClientAddressOptions): Layer<Key<Client, 'client'>> {
	const settings = settingsOf(options);
	const note: LayerNote = {
		name: 'clientAddress',
		proves: [client],
		refuses,
		explain: (request, context) => explain(request, context, settings),
	};
	return layer(
		note,
		(next: App): App =>
			(given, context) => {
				const request = raw(given);
				const peer = peerText(context.connection.remote);
				const trusted = settings.trust.has(peer);
				context.set(client, trusted ? walk(request, peer, settings) : itself(request, peer));
				const stray = strayIn(FieldList.from(request.fields), trusted, settings.standard);
				if (stray.length === 0) return next(given, context, context);
				return next(derive(request, { fields: without(request, stray) }), context, context);
			},
	);
}

function itself(request: RawRequest, address: string): Client {
	return { address, scheme: request.scheme, host: null, unnamed: false };
}

function without(request: RawRequest, names: readonly string[]): FieldList {
	const fields = FieldList.from(request.fields).copy();
	for (const name of names) fields.delete(name);
	return fields;
}

/** Layers that decide by the client's address: they would have decided by the proxy's. */
const DECIDING = ['rateLimit', 'ipAllow', 'maintenance', 'httpsRedirect', 'canonicalHost'];

function refuses(outer: readonly { readonly name: string }[]): string | null {
	if (outer.some(({ name }) => name === 'clientAddress')) {
		return 'it stands within another clientAddress, which has taken off what this one would read';
	}
	const before = outer.find(({ name }) => DECIDING.includes(name));
	return before === undefined ? null : `put it around ${before.name}, which decides by the proxy's address otherwise`;
}

function explain(request: RawRequest, context: Context, settings: Settings): Explanation {
	const peer = peerText(context.connection.remote);
	const trusted = settings.trust.has(peer);
	const found = trusted ? walk(request, peer, settings) : itself(request, peer);
	const field = settings.standard ? 'Forwarded' : 'X-Forwarded-For';
	const stray = strayIn(FieldList.from(request.fields), trusted, settings.standard);
	const fields = stray.map(
		(name): FieldNote => ({ what: 'removes', name, on: 'request', source: 'RFC 7239 section 8.1' }),
	);
	const told = found.host === null ? found.scheme : `${found.scheme}, asking for ${found.host}`;
	return {
		context: new FoundContext(context, found),
		does: [
			trusted
				? `Believes ${field} of ${peer}, which is trusted.`
				: `Believes nothing of ${peer || 'a peer without an address'}.`,
			`The client is ${found.address || 'without an address'}, by ${told}.`,
			`Passes the request on, with the client${fields.length === 0 ? '' : ', and without what is not believed'}.`,
		],
		...(fields.length > 0 && { fields, request: derive(request, { fields: without(request, stray) }) }),
	};
}

/** The context that goes on, without changing the one there is. */
class FoundContext extends DerivedContext {
	private readonly found: Client;

	constructor(outer: Context, found: Client) {
		super(outer);
		this.found = found;
	}

	override get<T>(key: Key<T>): T | undefined {
		return key === client ? (this.found as T) : super.get(key);
	}

	override has(key: Key<unknown>): boolean {
		return key === client || super.has(key);
	}
}
