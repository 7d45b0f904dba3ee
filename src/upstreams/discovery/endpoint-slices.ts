/** Upstreams by the EndpointSlices of a Kubernetes service: the pods that are ready, known by their names. */
import { existsSync, readFileSync } from 'node:fs';
import { question, type Upstream, upstream } from '../../client/index.ts';
import { FieldList } from '../../fields/index.ts';
import type { UpstreamSpec } from '../options.ts';
import { checkedFollowing, type Following, followed } from './following.ts';

export interface EndpointSlicesOptions extends Following {
	/** Default: that of the pod we are in, else `default`. */
	readonly namespace?: string;
	/** The port's name or number, where the service has several. Default: the first. */
	readonly port?: string | number;
	/** Default: `http`. */
	readonly scheme?: 'http' | 'https';
	/** The API server. Default: that of the cluster we are in. */
	readonly server?: string;
	/** Default: that of our service account, read anew each time: it is renewed. */
	readonly token?: string;
	/** PEM of the API server's authority. Default: that of our service account. */
	readonly ca?: string;
}

const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';
/** Bytes of a list of slices. */
const MOST = 16_777_216;
/** Seconds between two looks; `most` and `least` bound it. */
const SECONDS = 5;

interface Slice {
	readonly addressType?: string;
	readonly endpoints?: readonly {
		readonly addresses: readonly string[];
		readonly conditions?: { readonly ready?: boolean | null };
		readonly targetRef?: { readonly name?: string };
	}[];
	readonly ports?: readonly { readonly name?: string; readonly port?: number }[] | null;
}

/**
 * The ready endpoints of `service`, each an upstream with its pod's name. The API server is asked every five seconds; our service account
 * needs `list` for `endpointslices`. Throws TypeError or RangeError for options that cannot be meant, and where there is no cluster.
 */
export function endpointSlices(
	service: string,
	options: EndpointSlicesOptions = {},
): AsyncIterable<readonly UpstreamSpec[]> {
	if (typeof service !== 'string' || !/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(service))
		throw new TypeError('endpointSlices: the name of a service is needed');
	const known = ['namespace', 'port', 'scheme', 'server', 'token', 'ca'];
	const following = checkedFollowing('endpointSlices', options, known);
	const { namespace = accountFile('namespace') ?? 'default', port = null, scheme = 'http' } = options;
	const api = apiServer(options);
	const selector = encodeURIComponent(`kubernetes.io/service-name=${service}`);
	const path = `/apis/discovery.k8s.io/v1/namespaces/${encodeURIComponent(namespace)}/endpointslices`;
	return followed(following, async () => {
		const token = options.token ?? accountFile('token');
		const fields = FieldList.of({
			Accept: 'application/json',
			...(token === null ? {} : { Authorization: `Bearer ${token}` }),
		});
		const target = `${path}?labelSelector=${selector}`;
		const { status, body } = await question(api, { target, fields }, { mostBytes: MOST });
		if (status !== 200 || body === null)
			throw new Error(`the API server answers ${status} for the slices of ${service}`);
		const { items = [] } = JSON.parse(new TextDecoder().decode(body)) as { readonly items?: readonly Slice[] };
		return { list: endpointsOf(items, port, scheme), seconds: SECONDS };
	});
}

function apiServer({ server, ca }: EndpointSlicesOptions): Upstream {
	const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = '443' } = process.env;
	const inside = host === undefined ? null : `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
	const at = server ?? inside;
	if (at === null) throw new TypeError('endpointSlices: this is no pod; name the API server with the option server');
	const authority = ca ?? accountFile('ca.crt');
	return upstream(at, {
		timeouts: { connect: 5_000, firstByte: 10_000, total: 20_000 },
		...(authority === null ? {} : { tls: { ca: authority } }),
	});
}

/** A slice may be of IPv6 or of names; an endpoint in two slices, while one takes the other's place, is one. */
function endpointsOf(slices: readonly Slice[], wanted: string | number | null, scheme: string): UpstreamSpec[] {
	const found = new Map<string, UpstreamSpec>();
	for (const { endpoints = [], ports } of slices) {
		const port = portOf(ports ?? [], wanted);
		if (port === null) continue;
		for (const { addresses, conditions, targetRef } of endpoints) {
			const [address] = addresses;
			if (address === undefined || conditions?.ready === false) continue;
			const place = `${address.includes(':') ? `[${address}]` : address}:${port}`;
			const name = targetRef?.name ?? place;
			found.set(name, { url: `${scheme}://${place}`, name });
		}
	}
	return [...found.values()];
}

function portOf(ports: NonNullable<Slice['ports']>, wanted: string | number | null): number | null {
	const found = ports.find(({ name, port }) => wanted === null || name === wanted || port === wanted);
	return found?.port ?? (typeof wanted === 'number' ? wanted : null);
}

/** What Kubernetes puts into every pod; null elsewhere. */
function accountFile(name: string): string | null {
	const path = `${ACCOUNT}/${name}`;
	return existsSync(path) ? readFileSync(path, 'utf8').trim() : null;
}
