/** Looks into the TLS of tunnels that lead to certain hosts. What becomes of one is in interception.ts. */

import type { App } from '../convention/index.ts';
import { type H1Host, h1Host, type SocketHost } from '../engine/h1/index.ts';
import { http2Host } from '../engine/h2/index.ts';
import type { Destination, Intercepted, Interceptor } from '../proxy/index.ts';
import { Interception } from './interception.ts';
import { Leaves, type LeavesStatistics } from './leaves.ts';
import { type InterceptOptions, type InterceptSettings, interceptSettings } from './options.ts';
import { Rejections } from './rejections.ts';

export interface InterceptStatistics {
	/** Tunnels that were taken and are open, but for those passed through. */
	readonly open: number;
	/** Since the start: tunnels taken; of those, looked into, passed through unread, refused by us, and refused by their clients for our certificate. */
	readonly taken: number;
	readonly intercepted: number;
	readonly passed: number;
	readonly refused: number;
	readonly rejected: number;
	readonly certificates: LeavesStatistics;
}

export interface Intercept extends Interceptor {
	/** Reads the authority, or makes it, so that what is wrong with it is known before there are clients. */
	start(): Promise<void>;
	/** Cuts off what is looked into. */
	close(): Promise<void>;
	statistics(): InterceptStatistics;
}

/**
 * An interceptor for `forward({ intercept })`: TLS to `hosts` ends here, with certificates of `ca`, and the requests inside are
 * exchanges as any other. Whoever does not trust `ca` sees an error of its own. Throws TypeError or RangeError for an option that is none.
 */
export function intercept(options: InterceptOptions): Intercept {
	return new Interceptions(interceptSettings(options));
}

export class Interceptions implements Intercept {
	readonly settings: InterceptSettings;
	readonly leaves: Leaves;
	readonly rejections: Rejections;
	readonly http1: (app: App, secure: boolean) => H1Host;
	readonly http2: ((app: App) => SocketHost) | null;
	readonly counts: { intercepted: number; passed: number; refused: number; rejected: number } = {
		intercepted: 0,
		passed: 0,
		refused: 0,
		rejected: 0,
	};
	private readonly open: Set<Interception> = new Set();
	private taken = 0;
	private closed = false;

	constructor(settings: InterceptSettings) {
		const { timeouts } = settings;
		this.settings = settings;
		this.leaves = new Leaves(settings.certificates, settings.days);
		this.rejections = new Rejections(settings.remember);
		this.http1 = h1Host({ timeouts });
		this.http2 = settings.http2 ? http2Host({ timeouts }) : null;
	}

	/** Those that are excepted, too: a name of SNI that is not theirs would be somebody else's tunnel, unread. */
	wants({ scheme, host }: Destination): boolean {
		return scheme === 'tunnel' && this.settings.hosts.has(host);
	}

	take(intercepted: Intercepted): void {
		this.taken++;
		if (this.closed) return intercepted.client.destroy();
		const one = new Interception(this, intercepted);
		this.open.add(one);
		one.begin();
	}

	over(one: Interception): void {
		this.open.delete(one);
	}

	async start(): Promise<void> {
		await this.settings.ca.load();
	}

	async close(): Promise<void> {
		this.closed = true;
		for (const one of [...this.open]) one.destroy();
	}

	statistics(): InterceptStatistics {
		const { open, taken, counts, leaves } = this;
		return { open: open.size, taken, ...counts, certificates: leaves.statistics() };
	}
}
