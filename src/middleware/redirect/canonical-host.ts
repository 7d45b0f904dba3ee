/** One host for all: `www.example.org` and whatever else leads here is sent to `example.org`. */
import type { Layer } from '../../convention/index.ts';
import { formatAuthority } from '../../fields/index.ts';
import { checkNames } from '../../names/index.ts';
import { exceptOf } from './exceptions.ts';
import { checkStatus, ownPath, type RedirectStatus } from './location.ts';
import { authorityOf, checkedAuthority, checkedHosts, schemeOf } from './origin.ts';
import { redirecting } from './redirecting.ts';

export interface CanonicalHostOptions {
	/** Only requests for these hosts are redirected. Default: all that are for another. */
	readonly from?: readonly string[];
	/** Patterns of paths that are answered under every host. Default: none. */
	readonly except?: readonly string[];
	/** Default: 308, permanent, and the method stays. */
	readonly status?: RedirectStatus;
}

/**
 * Middleware that sends requests for other hosts to `host` (with a port, if it has one), to the same path and by the same
 * scheme. Throws TypeError or RangeError with the option's name and the reason.
 */
export function canonicalHost(host: string, options: CanonicalHostOptions = {}): Layer {
	const wanted = checkedAuthority('canonicalHost: host', host);
	checkNames('canonicalHost: ', options, ['from', 'except', 'status']);
	const from = options.from === undefined ? null : checkedHosts('canonicalHost: from', options.from);
	if (from?.has(wanted.host)) throw new TypeError(`canonicalHost: from has ${wanted.host} itself`);
	const except = exceptOf('canonicalHost: except', options.except);
	const status = checkStatus('canonicalHost', options.status ?? 308);
	const written = formatAuthority(wanted);
	return redirecting('canonicalHost', (request, context) => {
		const path = ownPath(request, context);
		if (path === null) return null;
		const scheme = schemeOf(request, context);
		const asked = authorityOf(request, context);
		const usual = scheme === 'https' ? 443 : 80;
		// Without a port of its own, the host is right on any.
		const right = asked?.host === wanted.host && (wanted.port === null || (asked.port ?? usual) === wanted.port);
		if (right || (from !== null && !from.has(asked?.host ?? ''))) return null;
		if (except !== null && except.find(request) !== null) return null;
		return { location: `${scheme}://${written}${path}`, status };
	});
}
