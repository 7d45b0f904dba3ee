/** From http to https. Host is what the client says: it is put into an answer only where it is one of ours. */
import { HttpError, type Layer } from '../../convention/index.ts';
import { formatAuthority } from '../../fields/index.ts';
import { checkNames, checkObject } from '../../names/index.ts';
import { exceptOf } from './exceptions.ts';
import { checkStatus, ownPath, type RedirectStatus } from './location.ts';
import { authorityOf, checkedHosts, schemeOf } from './origin.ts';
import { redirecting } from './redirecting.ts';

export interface HttpsRedirectOptions {
	/** The hosts that are ours, without ports. A request for another one gets 421. */
	readonly hosts: readonly string[];
	/** Where https is listened for. Default: 443, which is left out. */
	readonly port?: number;
	/** Patterns of paths that stay on http: `/.well-known/acme-challenge/*`. Default: none. */
	readonly except?: readonly string[];
	/** Default: 308, permanent, and the method stays. */
	readonly status?: RedirectStatus;
}

/**
 * Middleware that sends requests by http to the same place by https; behind a proxy it goes by what `clientAddress` has found.
 * Throws TypeError or RangeError with the option's name and the reason.
 */
export function httpsRedirect(options: HttpsRedirectOptions): Layer {
	checkObject('httpsRedirect', options, "{ hosts: ['example.org'] }");
	checkNames('httpsRedirect: ', options, ['hosts', 'port', 'except', 'status']);
	const { port = 443 } = options;
	const hosts = checkedHosts('httpsRedirect: hosts', options.hosts);
	const except = exceptOf('httpsRedirect: except', options.except);
	const status = checkStatus('httpsRedirect', options.status ?? 308);
	if (!Number.isInteger(port) || port < 1 || port > 65_535) {
		throw new RangeError(`httpsRedirect: port must be from 1 to 65,535, not ${String(port)}`);
	}
	return redirecting('httpsRedirect', (request, context) => {
		if (schemeOf(request, context) === 'https') return null;
		const path = ownPath(request, context);
		if (path === null || (except !== null && except.find(request) !== null)) return null;
		const host = authorityOf(request, context)?.host;
		// RFC 9110 section 15.5.20.
		if (host === undefined || !hosts.has(host)) throw new HttpError(421);
		const location = `https://${formatAuthority({ host, port: port === 443 ? null : port })}${path}`;
		return { location, status };
	});
}
