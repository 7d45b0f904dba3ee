/** The pools of connections to whoever clients have asked for: one for each origin, and not more than a number of them. */
import { type Upstream, type UpstreamOptions, type UpstreamStatistics, upstream } from '../../client/index.ts';

export class Upstreams {
	private readonly options: UpstreamOptions;
	private readonly most: number;
	/** The one that was used longest ago is the first. */
	private readonly byOrigin: Map<string, Upstream> = new Map();

	constructor(options: UpstreamOptions, most: number) {
		this.options = options;
		this.most = most;
	}

	/** `origin`: scheme and authority. */
	to(origin: string): Upstream {
		const found = this.byOrigin.get(origin);
		if (found !== undefined) {
			this.byOrigin.delete(origin);
			this.byOrigin.set(origin, found);
			return found;
		}
		if (this.byOrigin.size >= this.most) this.forgetOldest();
		const made = upstream(origin, this.options);
		this.byOrigin.set(origin, made);
		return made;
	}

	/** Its idle connections end now, those in use behind their exchange. */
	private forgetOldest(): void {
		const [oldest] = this.byOrigin;
		if (oldest === undefined) return;
		this.byOrigin.delete(oldest[0]);
		void oldest[1].close();
	}

	statistics(): Readonly<Record<string, UpstreamStatistics>> {
		return Object.fromEntries([...this.byOrigin].map(([origin, one]) => [origin, one.statistics()]));
	}

	async close(): Promise<void> {
		await Promise.all([...this.byOrigin.values()].map((one) => one.close()));
		this.byOrigin.clear();
	}
}
