/**
 * The ways to a destination: directly, or through a parent; several in order, where the first could not be reached. Each way
 * has its own connections, since what was let through by one parent says nothing of another.
 */
import {
	type Asked,
	type Connector,
	type ConnectorStatistics,
	type ConnectReceiver,
	connector,
	isParentUnreached,
	type Parent,
	parseParent,
	type Receiver,
	takesAbsoluteForm,
	type Upstream,
	type UpstreamOptions,
	type UpstreamStatistics,
	viaParent,
} from '../../client/index.ts';
import type { Context } from '../../convention/index.ts';
import { FieldList, tags } from '../../fields/index.ts';
import type { Destination } from './destination.ts';
import type { ChosenParents, ParentChoice } from './parents.ts';
import { Upstreams } from './upstreams.ts';

/** Milliseconds that a parent that could not be reached is tried last. */
const SHUNNED = 30_000;
/** Parents whose connections are kept. */
const MOST = 64;

/** The options of ways: a choice of parents in place of one. */
export type RouteOptions = Omit<UpstreamOptions, 'parent'> & {
	readonly parent?: Parent | string | ParentChoice | null;
};

interface Way {
	readonly connector: Connector;
	readonly upstreams: Upstreams;
	/** Plain http by a parent that is asked in absolute form. */
	readonly via: Upstream | null;
}

interface Failing {
	failed(error: unknown): void;
}

export class Routes {
	private readonly options: Omit<UpstreamOptions, 'parent'>;
	private readonly origins: number;
	private readonly choice: ParentChoice | null;
	private readonly direct: Way;
	private readonly ways: Map<Parent, Way> = new Map();
	/** Until when a parent is tried last. */
	private readonly shunned: WeakMap<Parent, number> = new WeakMap();

	constructor({ parent, ...options }: RouteOptions, origins: number) {
		this.options = options;
		this.origins = origins;
		const fixed = typeof parent === 'string' ? parseParent(parent) : (parent ?? null);
		this.choice = fixed === null ? null : typeof fixed === 'function' ? fixed : () => fixed;
		this.direct = this.wayBy(null);
		if (fixed !== null && typeof fixed !== 'function') this.wayTo(fixed);
	}

	send(to: Destination, asked: Asked, context: Context, receiver: Receiver): void {
		if (this.choice === null) return sendBy(this.direct, to, asked, context, receiver);
		// What has begun to be sent cannot be sent again.
		const again = asked.payload === null;
		this.chosen(this.choice, to, receiver, (steps) => {
			const received: Receiver['received'] = (response, version) => receiver.received(response, version);
			this.tryEach(again ? steps : steps.slice(0, 1), receiver, (way, failed) =>
				sendBy(way, to, asked, context, { received, failed }),
			);
		});
	}

	connect(to: Destination, context: Context, receiver: ConnectReceiver): void {
		const { host, port } = to;
		if (this.choice === null) return this.direct.connector.connect(host, port, context, receiver);
		this.chosen(this.choice, to, receiver, (steps) => {
			const connected: ConnectReceiver['connected'] = (tunnel, remote) => receiver.connected(tunnel, remote);
			this.tryEach(steps, receiver, (way, failed) => way.connector.connect(host, port, context, { connected, failed }));
		});
	}

	/** How a destination would be reached, as the end of a sentence. */
	describe(to: Destination): string {
		if (this.choice === null) return 'directly';
		const made = this.choice.asksOthers === true ? null : this.choice(to);
		if (made instanceof Promise) made.catch(() => {});
		if (made instanceof Promise || this.choice.asksOthers === true) return 'as `parent` says when it is asked';
		const steps = Array.isArray(made) ? (made as readonly (Parent | null)[]) : [made as Parent | null];
		return steps.map((parent) => (parent === null ? 'directly' : `through ${parent.name}`)).join(', or else ');
	}

	private chosen(
		choice: ParentChoice,
		to: Destination,
		receiver: Failing,
		go: (steps: readonly (Parent | null)[]) => void,
	): void {
		let made: ChosenParents | Promise<ChosenParents>;
		try {
			made = choice(to);
		} catch (error) {
			return receiver.failed(error);
		}
		const went = (parents: ChosenParents): void => {
			try {
				go(this.inOrder(parents));
			} catch (error) {
				receiver.failed(error);
			}
		};
		if (made instanceof Promise) made.then(went, (error: unknown) => receiver.failed(error));
		else went(made);
	}

	/** What could not be reached a moment ago goes to the end: nobody waits for it twice. */
	private inOrder(parents: ChosenParents): readonly (Parent | null)[] {
		if (parents === null || !Array.isArray(parents)) return [parents as Parent | null];
		const list = parents as readonly (Parent | null)[];
		if (list.length === 0) throw new TypeError('The choice of parents is empty; null is for directly.');
		const now = performance.now();
		const isShunned = (parent: Parent | null): boolean => parent !== null && (this.shunned.get(parent) ?? 0) > now;
		const well = list.filter((parent) => !isShunned(parent));
		return well.length === list.length ? list : [...well, ...list.filter(isShunned)];
	}

	/** One way after the other, as long as it is the parent that cannot be reached. */
	private tryEach(
		steps: readonly (Parent | null)[],
		receiver: Failing,
		begin: (way: Way, failed: (error: unknown) => void) => void,
	): void {
		const [parent = null, ...others] = steps;
		begin(this.wayTo(parent), (error) => {
			if (parent === null || !isParentUnreached(error)) return receiver.failed(error);
			this.shunned.set(parent, performance.now() + SHUNNED);
			if (others.length > 0) this.tryEach(others, receiver, begin);
			else receiver.failed(error);
		});
	}

	/** Throws TypeError for what is no parent. */
	private wayTo(parent: Parent | null): Way {
		if (parent === null) return this.direct;
		const found = this.ways.get(parent);
		if (found !== undefined) return found;
		const made = this.wayBy(parent);
		const [oldest] = this.ways;
		if (this.ways.size >= MOST && oldest !== undefined) {
			this.ways.delete(oldest[0]);
			// Its tunnels live on.
			void Promise.all([oldest[1].upstreams.close(), oldest[1].via?.close()]);
		}
		this.ways.set(parent, made);
		return made;
	}

	private wayBy(parent: Parent | null): Way {
		const all = { ...this.options, parent };
		return {
			connector: connector(all),
			upstreams: new Upstreams(all, this.origins),
			via: parent !== null && takesAbsoluteForm(parent) ? viaParent(parent, this.options) : null,
		};
	}

	statistics(): { tunnels: ConnectorStatistics; origins: Readonly<Record<string, UpstreamStatistics>> } {
		const origins: Record<string, UpstreamStatistics> = { ...this.direct.upstreams.statistics() };
		const tunnels = { ...this.direct.connector.statistics() };
		for (const [{ name }, { connector, upstreams, via }] of this.ways) {
			for (const [origin, one] of Object.entries(upstreams.statistics())) origins[`${origin} through ${name}`] = one;
			if (via !== null) origins[name] = via.statistics();
			const more = connector.statistics();
			for (const key of Object.keys(more) as (keyof ConnectorStatistics)[]) tunnels[key] += more[key];
		}
		return { tunnels, origins };
	}

	async close(): Promise<void> {
		for (const { connector, upstreams, via } of [this.direct, ...this.ways.values()])
			await Promise.all([connector.close(), upstreams.close(), via?.close() ?? null]);
	}
}

/** An upgrade goes from hop to hop: only a tunnel takes it past a parent. */
function sendBy({ via, upstreams }: Way, to: Destination, asked: Asked, context: Context, receiver: Receiver): void {
	const plain = to.scheme === 'http' && !FieldList.from(asked.fields).hasTagged(tags.upgrade);
	const upstream = plain && via !== null ? via : upstreams.to(`${to.scheme}://${to.authority}`);
	upstream.send(asked, context, receiver);
}
