/** Requests that are for the proxy itself, as for any server: not to be passed on, least of all to ourselves (RFC 9110 section 7.6). */
import { type App, type Context, type RawRequest, raw, respond } from '../../convention/index.ts';
import { parseAuthority } from '../../fields/index.ts';
import { page } from '../pages.ts';

/**
 * In HTTP/1 the form of the target says so. In HTTP/2 all requests look alike: there they are ours when they name the
 * address that they came in by.
 */
export function isForUs(request: RawRequest, context: Context): boolean {
	if (request.form !== 'origin' && request.form !== 'asterisk') return false;
	if (request.version !== '2') return true;
	const { local, tls } = context.connection;
	const authority = parseAuthority(request.authority);
	if (authority === null || local.kind !== 'ip') return true;
	if (request.scheme !== (tls === null ? 'http' : 'https')) return false;
	const port = authority.port ?? (request.scheme === 'https' ? 443 : 80);
	const { host } = authority;
	return port === local.port && (host === local.host || host === 'localhost' || host === tls?.sni);
}

/** What a browser sees that was pointed at the proxy as if it were a site. */
export const ownPage: App = (given) => {
	const request = raw(given);
	request.payload?.cancel();
	const { type, text } = page(request, 404, [
		'This is a forward proxy: set it as the proxy of a program, such as by HTTP_PROXY and HTTPS_PROXY.',
	]);
	return respond(404, { 'Content-Type': type, 'Cache-Control': 'no-store' }, text);
};
