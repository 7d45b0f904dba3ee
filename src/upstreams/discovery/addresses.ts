/** Upstreams by the addresses of a name (A and AAAA), asked again when their time to live is over. */
import { Resolver } from 'node:dns/promises';
import type { UpstreamSpec } from '../options.ts';
import { checkedFollowing, type Following, followed } from './following.ts';

export interface AddressesOptions extends Following {
	/** Default: 80, or 443 for https. */
	readonly port?: number;
	/** Default: `http`. */
	readonly scheme?: 'http' | 'https';
	/** Which addresses. Default: both, those of IPv4 first. */
	readonly family?: 4 | 6 | 'both';
	/** Name servers to ask instead of the system's: `192.0.2.53`, `192.0.2.53:5353`. */
	readonly servers?: readonly string[];
}

interface Record {
	readonly address: string;
	readonly ttl: number;
}

/**
 * The addresses that the name servers have for `name`, each an upstream of its own, named `address:port`. An answer without any is
 * a failure: what was known before stays. Throws TypeError or RangeError for options that cannot be meant.
 */
export function addresses(name: string, options: AddressesOptions = {}): AsyncIterable<readonly UpstreamSpec[]> {
	if (typeof name !== 'string' || name === '') throw new TypeError('addresses: the name of a host is needed');
	const { scheme = 'http', family = 'both', servers, port = scheme === 'https' ? 443 : 80 } = options;
	const following = checkedFollowing('addresses', options, ['port', 'scheme', 'family', 'servers']);
	const resolver = new Resolver();
	if (servers !== undefined) resolver.setServers(servers);
	return followed(following, async () => {
		const found = await recordsOf(resolver, name, family);
		const list = found.map(({ address }) => {
			const place = `${address.includes(':') ? `[${address}]` : address}:${port}`;
			return { url: `${scheme}://${place}`, name: place };
		});
		return { list, seconds: Math.min(...found.map(({ ttl }) => ttl)) };
	});
}

async function recordsOf(resolver: Resolver, name: string, family: 4 | 6 | 'both'): Promise<Record[]> {
	const asked: Promise<Record[]>[] = [];
	if (family !== 6) asked.push(resolver.resolve4(name, { ttl: true }));
	if (family !== 4) asked.push(resolver.resolve6(name, { ttl: true }));
	const answers = await Promise.allSettled(asked);
	const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
	if (found.length > 0) return found;
	const failed = answers.find((answer) => answer.status === 'rejected');
	throw failed?.reason ?? new Error(`${name} has no address`);
}
