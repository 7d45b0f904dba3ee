/** Many upstreams as one app: each request goes to one of them, and to another when that one fails. */
import {
	type App,
	type Context,
	type Explanation,
	noteComposition,
	type RawRequest,
	raw,
} from '../convention/index.ts';
import type { AnyMeasure } from '../observe/index.ts';
import { Group } from './group.ts';
import { GroupExchange } from './group-exchange.ts';
import { groupMeasures } from './group-measures.ts';
import { HedgedExchange } from './hedged-exchange.ts';
import type { MemberStatistics } from './member.ts';
import { membersOf } from './members-of.ts';
import type { Discovery, UpstreamSpec, UpstreamsOptions } from './options.ts';
import { groupSettings } from './settings.ts';
import { Watch } from './watch.ts';

export interface UpstreamsStatistics {
	/** By name. */
	readonly members: Readonly<Record<string, MemberStatistics>>;
	/** Requests that wait for room now. */
	readonly queued: number;
	/** Since the start: sent again, and refused because nobody was up or had room. */
	readonly retried: number;
	/** Sent to a second one because the first took long. */
	readonly hedged: number;
	readonly refused: number;
}

export interface Upstreams extends App {
	statistics(): UpstreamsStatistics;
	/** The same for Prometheus: a server with an admin listener asks it. */
	measures(): readonly AnyMeasure[];
	/** Begins to look after them and to follow a discovery, whose first list is waited for. A server does it for what it serves. */
	start(): Promise<void>;
	/** Ends that, and closes the connections: idle ones now, the others behind their exchange. */
	close(): Promise<void>;
}

/**
 * An app over several upstreams. URLs are asked as `reverse` asks them, with all duties of a gateway; other apps are called as they are.
 * Failures that cannot be hidden are answered 502, 503 or 504 with Proxy-Status. Throws TypeError or RangeError for a bad
 * upstream or option.
 */
export function upstreams(of: readonly UpstreamSpec[] | Discovery, options: UpstreamsOptions = {}): Upstreams {
	const settings = groupSettings(options);
	const group = new Group(settings);
	const discovery = isDiscovery(of) ? of : null;
	if (discovery === null) group.replace(membersOf(listOf(of), [], settings));
	const watch = new Watch(group, discovery);
	const { sticky } = settings;
	const app = (given: Request, context: Context): Promise<Response> => {
		const request = raw(given);
		const first = sticky === null ? null : sticky.memberFor(request, group);
		const patience = group.latencies?.time ?? null;
		if (patience !== null && request.payload === null && HEDGED.has(request.method) && context.offers.length === 0) {
			const hedged = new HedgedExchange(group, request, context);
			hedged.begin(first, patience);
			return hedged;
		}
		const exchange = new GroupExchange(group, request, context);
		exchange.begin(first);
		return exchange;
	};
	const explain = (request: RawRequest): Explanation => explained(group, request);
	// Apps of this process begin and end with the group; what speaks to URLs is the group's own.
	const inner = group.members.filter(({ url }) => url === null).map((member) => member.app);
	noteComposition(app, { note: { name: 'upstreams', explain }, layer: null, inner });
	return Object.assign(app, {
		statistics: () => statisticsOf(group),
		measures: () => groupMeasures(group),
		start: () => watch.start(),
		close: async () => {
			await watch.stop();
			await group.close();
		},
	});
}

/** What changes nothing may come twice. */
const HEDGED: ReadonlySet<string> = new Set(['GET', 'HEAD']);

function listOf(of: unknown): readonly UpstreamSpec[] {
	if (Array.isArray(of) && of.length > 0) return of;
	throw new TypeError(
		'upstreams: there are none; give a list of URLs, such as ["http://127.0.0.1:3000"], or a discovery',
	);
}

function isDiscovery(of: unknown): of is Discovery {
	return typeof of === 'object' && of !== null && Symbol.asyncIterator in of;
}

function statisticsOf(group: Group): UpstreamsStatistics {
	const { members, queued, retried, hedged, refused } = group;
	return {
		members: Object.fromEntries(members.map((member) => [member.name, member.statistics()])),
		queued,
		retried,
		hedged,
		refused,
	};
}

/** What would become of a request. Whose turn it is cannot be told, for then it would be the next one's: it goes on with one of those who are up. */
function explained(group: Group, { method }: RawRequest): Explanation {
	const { settings, members } = group;
	const states = members.map((member) => `${member.name} (${member.statistics().state})`).join(', ');
	const does = [
		members.length === 0 ? 'Knows no upstream yet.' : `Asks one of ${states}, by ${settings.balance}.`,
		...(settings.sticky === null ? [] : ['Sets a cookie, by which the client stays with it.']),
	];
	const { retries } = settings;
	if (retries !== null && retries.times > 0) {
		const what = settings.retryMethods.has(method) ? 'fails' : 'cannot be reached';
		does.push(`Asks another when that one ${what}, ${retries.times} times at the most.`);
	}
	const next = members.find(({ isReady }) => isReady)?.app;
	return next === undefined ? { does } : { does, next };
}
