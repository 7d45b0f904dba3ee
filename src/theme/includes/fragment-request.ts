/**
 * The request for a fragment. It is made anew and not derived: of the page's request it has only what the tables name, so
 * that nothing of it, a Range or a condition say, changes what a fragment is, and no secret goes where it does not belong.
 */
import { type Context, IncomingRequest, type RawRequest } from '../../convention/index.ts';
import { FieldList } from '../../fields/index.ts';
import type { Destination } from './destinations.ts';

/** What must be known of the request for the page. */
export type Asked = Pick<RawRequest, 'url' | 'authority' | 'scheme' | 'fields'>;

const ANYBODY = ['accept-language', 'user-agent'];
/** What the app behind us may know: how the client reached us. */
const OWN_APP = ['host', 'forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-forwarded-port'];
const WHO = ['cookie', 'authorization'];

export function fragmentRequest(
	{ own, url }: Destination,
	asked: Asked,
	context: Context,
	credentials: boolean,
): IncomingRequest {
	const fields = FieldList.empty();
	if (!own) fields.append('Host', url.host);
	const names = own ? [...OWN_APP, ...ANYBODY, ...(credentials ? WHO : [])] : ANYBODY;
	for (const name of names) for (const value of asked.fields.all(name)) fields.append(named(name), value);
	fields.append('Accept', 'text/html');
	fields.append('Accept-Encoding', 'identity');
	return new IncomingRequest({
		method: 'GET',
		target: url.pathname + url.search,
		form: 'origin',
		authority: own ? asked.authority : url.host,
		scheme: own ? asked.scheme : url.protocol === 'https:' ? 'https' : 'http',
		version: '1.1',
		fields,
		payload: null,
		trailersReader: null,
		circumstances: context,
	});
}

/** `x-forwarded-for` as `X-Forwarded-For`: some read fields by their usual spelling. */
function named(name: string): string {
	return name.replace(/(?:^|-)[a-z]/g, (letter) => letter.toUpperCase());
}
