/** Upstreams by SRV records (RFC 2782): host, port and weight, of the best priority that there is. */
import { Resolver } from 'node:dns/promises';
import type { UpstreamSpec } from '../options.ts';
import { checkedFollowing, type Following, followed } from './following.ts';

export interface ServicesOptions extends Following {
	/** Default: `http`. */
	readonly scheme?: 'http' | 'https';
	/** Name servers to ask instead of the system's. */
	readonly servers?: readonly string[];
}

/** SRV records come without their time to live from node. */
const SECONDS = 30;

/**
 * The targets of `name`, such as `_http._tcp.shop.internal`, each an upstream named `host:port`. Those of a worse priority are not
 * asked. Throws TypeError or RangeError for options that cannot be meant.
 */
export function services(name: string, options: ServicesOptions = {}): AsyncIterable<readonly UpstreamSpec[]> {
	if (typeof name !== 'string' || name === '')
		throw new TypeError('services: a name such as _http._tcp.example.org is needed');
	const { scheme = 'http', servers } = options;
	const following = checkedFollowing('services', options, ['scheme', 'servers']);
	const resolver = new Resolver();
	if (servers !== undefined) resolver.setServers(servers);
	return followed(following, async () => {
		const records = await resolver.resolveSrv(name);
		const best = Math.min(...records.map(({ priority }) => priority));
		const list = records
			.filter(({ priority }) => priority === best)
			.map(({ name: host, port, weight }) => ({
				url: `${scheme}://${host}:${port}`,
				name: `${host}:${port}`,
				// Weight 0 is "hardly ever", and not "never".
				weight: Math.max(weight, 0.01),
			}));
		return { list, seconds: SECONDS };
	});
}
