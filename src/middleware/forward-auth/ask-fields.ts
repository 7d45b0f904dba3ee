/** The question: what the server is shown of a request, and whose it is. */
import type { Context, RawRequest } from '../../convention/index.ts';
import { FieldList } from '../../fields/index.ts';
import { client } from '../keys.ts';
import type { ForwardAuthSettings } from './options.ts';

const ALWAYS = ['Accept', 'User-Agent', 'Cookie'] as const;

/** Everything in it is the client's word, but for the X-Forwarded fields, which are ours. */
export function questionFields(request: RawRequest, context: Context, settings: ForwardAuthSettings): FieldList {
	const fields = FieldList.empty();
	const add = (name: string, from: string = name): void => {
		for (const value of request.fields.all(from)) fields.append(name, value);
	};
	for (const name of ALWAYS) add(name);
	add('Authorization', settings.role === 'proxy' ? 'Proxy-Authorization' : 'Authorization');
	for (const name of settings.send) if (!fields.has(name)) add(name);
	const known = context.get(client);
	const address = known?.address ?? addressOf(context);
	fields.append('X-Forwarded-Method', request.method);
	fields.append('X-Forwarded-Proto', known?.scheme ?? request.scheme);
	fields.append('X-Forwarded-Host', known?.host ?? request.authority);
	fields.append('X-Forwarded-Uri', uriOf(request, context.mount));
	if (address !== null) fields.append('X-Forwarded-For', address);
	return fields;
}

function addressOf(context: Context): string | null {
	const { remote } = context.connection;
	return remote.kind === 'ip' ? remote.host : null;
}

/** Path and query as they were asked for, byte for byte; of CONNECT, host and port. */
function uriOf({ target, form }: RawRequest, mount: string): string {
	if (form === 'origin') return mount + target;
	if (form !== 'absolute') return target;
	const path = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/?#]*(.*)$/s.exec(target)?.[1] ?? '';
	return path.startsWith('/') ? path : `/${path}`;
}
