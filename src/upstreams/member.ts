/** One upstream of a group: what is asked of it, how it is doing, and whether it is asked at all. Its name is what identifies it. */
import type { App } from '../convention/index.ts';
import type { Breaker } from './breaker.ts';

/** How an upstream is doing, for people and metrics. */
export interface MemberStatistics {
	/** `up`; `down` by a health check; `ejected` after failures, for a while; `trial`: one request decides whether it comes back; `leaving`. */
	readonly state: 'up' | 'down' | 'ejected' | 'trial' | 'leaving';
	readonly weight: number;
	/** Exchanges under way. */
	readonly active: number;
	/** Since the start: exchanges, those that failed, and how often it was ejected. */
	readonly requests: number;
	readonly failures: number;
	readonly ejections: number;
	/** Milliseconds to the head of an answer, weighted towards the latest; null before the first. */
	readonly latency: number | null;
	/** What the last health check said; null where there is none. */
	readonly health: string | null;
}

export interface MemberOptions {
	readonly name: string;
	readonly app: App;
	readonly weight: number;
	readonly close: () => Promise<void>;
	/** Where it is, for health checks; null for an app of this process. */
	readonly url: string | null;
}

/** How much the latest answer counts in the weighted latency. */
const LATEST = 0.2;

export class Member {
	readonly name: string;
	readonly app: App;
	readonly url: string | null;
	readonly close: () => Promise<void>;
	weight: number;
	/** The weight as it counts now: less while it starts slowly. */
	share: number;
	active = 0;
	requests = 0;
	failures = 0;
	latency = -1;
	/** What health checks say; true without them. */
	healthy = true;
	/** The last thing that a health check said. */
	verdict: string | null = null;
	leaving = false;
	/** For the weighted turn. */
	credit = 0;
	/** Set by the group as soon as it takes the member in. */
	breaker: Breaker | null = null;

	constructor({ name, app, weight, close, url }: MemberOptions) {
		this.name = name;
		this.app = app;
		this.weight = weight;
		this.share = weight;
		this.close = close;
		this.url = url;
	}

	/** Whether it is asked as things stand. */
	get isReady(): boolean {
		return this.healthy && !this.leaving && (this.breaker?.lets ?? true);
	}

	answeredIn(milliseconds: number): void {
		this.latency = this.latency < 0 ? milliseconds : this.latency + LATEST * (milliseconds - this.latency);
	}

	statistics(): MemberStatistics {
		const { weight, active, requests, failures, latency, verdict } = this;
		return {
			state: this.state,
			weight,
			active,
			requests,
			failures,
			ejections: this.breaker?.ejections ?? 0,
			latency: latency < 0 ? null : latency,
			health: verdict,
		};
	}

	private get state(): MemberStatistics['state'] {
		if (this.leaving) return 'leaving';
		if (!this.healthy) return 'down';
		return this.breaker?.state ?? 'up';
	}
}
