/**
 * Where an href leads: to the app in this process, to an origin over the network, or nowhere. The network is closed but for
 * the allow-list, and every address behind it is judged when it is connected to: see src/client/guard.ts.
 */
import { type AddressGuard, publicAddresses, type Upstream, upstream } from '../../client/index.ts';
import type { App } from '../../convention/index.ts';
import { isIPv4, isIPv6 } from '../../fields/index.ts';
import { type Missed, missed } from './fragment.ts';
import type { FragmentSettings } from './fragment-options.ts';
import { isBelow, parseUrlPrefix, type UrlPrefix } from './url-prefix.ts';

export interface Destination {
	readonly ok: true;
	readonly app: App;
	/** The app of this process: it is asked under the page's own authority. */
	readonly own: boolean;
	readonly url: URL;
}

/** Stands for the app's own authority while a URL is put together; never looked up. */
const OWN = 'http://own.invalid';

/** What `allowPrivate` adds to the public addresses. */
const PRIVATE = ['loopback', 'private', '100.64.0.0/10'];

interface Peer {
	readonly guard: AddressGuard;
	/** Made when it is first asked. */
	upstream: Upstream | null;
}

export class Destinations {
	private readonly settings: FragmentSettings;
	private readonly inProcess: readonly UrlPrefix[];
	private readonly allow: readonly UrlPrefix[];
	/** By origin: there are never more than the allow-list names. */
	private readonly peers: Map<string, Peer> = new Map();

	/** Throws TypeError for a bad prefix. */
	constructor(settings: FragmentSettings) {
		this.settings = settings;
		this.inProcess = settings.inProcess.map(parseUrlPrefix);
		this.allow = settings.allow.map(({ url }) => parseUrlPrefix(url));
		for (const [at, { origin, hostname }] of this.allow.entries()) {
			const ours = settings.allow.filter((_entry, other) => this.allow[other]?.origin === origin);
			if (this.allow.findIndex((entry) => entry.origin === origin) !== at) continue;
			const allowPrivate = ours.some((entry) => entry.allowPrivate === true);
			this.peers.set(origin, { guard: settings.guard ?? guardFor(hostname, allowPrivate), upstream: null });
		}
	}

	/** The URL of an href on a page: relative ones are the app's own. */
	resolve(href: string, page: string): URL | Missed {
		const base = new URL(page);
		return this.against(href, `${OWN}${base.pathname}${base.search}`);
	}

	/** Where a redirect leads. Our own app may name itself as the client knows it. */
	redirected(location: string, { url, own }: Destination, page: string): URL | Missed {
		const next = this.against(location, url.href);
		if (!own || !(next instanceof URL) || next.origin !== new URL(page).origin) return next;
		return new URL(`${OWN}${next.pathname}${next.search}`);
	}

	private against(href: string, from: string): URL | Missed {
		const url = URL.canParse(href, from) ? new URL(href, from) : null;
		if (url === null) return missed('bad-href', `Not a URL: ${JSON.stringify(href)}`);
		if (url.protocol !== 'http:' && url.protocol !== 'https:') {
			return missed('bad-href', `A fragment is reached by http: or https:, not by ${url.protocol}`);
		}
		if (url.username !== '' || url.password !== '') return missed('bad-href', 'An href cannot hold credentials');
		url.hash = '';
		return url;
	}

	find(url: URL): Destination | Missed {
		const { app } = this.settings;
		if (url.origin === OWN || this.inProcess.some((prefix) => isBelow(url, prefix))) {
			return app === null ? missed('no-app', 'No app answers relative hrefs') : { ok: true, app, own: true, url };
		}
		if (!this.allow.some((prefix) => isBelow(url, prefix))) {
			return missed('not-allowed', `${url.origin}${url.pathname} is not on the list of what may be fetched`);
		}
		const peer = this.peers.get(url.origin) as Peer;
		peer.upstream ??= this.connect(url.origin, peer.guard);
		return { ok: true, app: peer.upstream, own: false, url };
	}

	private connect(origin: string, guard: AddressGuard): Upstream {
		const options = this.settings.upstream;
		const pool = { connections: 64, idle: 8, ...options.pool };
		return upstream(origin, { ...options, pool, guard });
	}

	upstreams(): Map<string, Upstream> {
		const made = new Map<string, Upstream>();
		for (const [origin, { upstream: one }] of this.peers) if (one !== null) made.set(origin, one);
		return made;
	}

	async close(): Promise<void> {
		await Promise.all([...this.upstreams().values()].map((one) => one.close()));
	}
}

/** Who lists an address, or localhost, means it, be it one of ours. A name that leads back here would have a page fetch itself. */
function guardFor(hostname: string, allowPrivate: boolean): AddressGuard {
	const host = hostname.replace(/^\[|\]$/g, '');
	const named = isIPv4(host) || isIPv6(host) ? [host] : /(?:^|\.)localhost\.?$/.test(host) ? ['loopback'] : [];
	const self = named.length > 0 ? ['self'] : [];
	return publicAddresses({ allow: [...named, ...self, ...(allowPrivate ? PRIVATE : [])] });
}
