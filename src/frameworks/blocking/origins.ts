/** The connections by which threads ask other servers: upstreams of this process, one for each origin. */
import { type Upstream, type UpstreamOptions, upstream } from '../../client/index.ts';

/** Origins whose connections are kept; of more, the one that was asked longest ago is closed. */
const ORIGINS = 256;

/** Connections to the servers that the threads of one pool have asked. */
export class Origins {
	private readonly options: UpstreamOptions;
	private readonly known: Map<string, Upstream> = new Map();

	constructor(options: UpstreamOptions) {
		this.options = options;
	}

	/** Throws TypeError for a URL that is none. */
	at(origin: string): Upstream {
		const found = this.known.get(origin) ?? upstream(origin, this.options);
		// Last in the map is asked last.
		this.known.delete(origin);
		this.known.set(origin, found);
		if (this.known.size > ORIGINS) this.forget();
		return found;
	}

	async close(): Promise<void> {
		const all = [...this.known.values()];
		this.known.clear();
		await Promise.all(all.map((one) => one.close()));
	}

	private forget(): void {
		const [oldest] = this.known;
		if (oldest === undefined) return;
		this.known.delete(oldest[0]);
		void oldest[1].close();
	}
}
