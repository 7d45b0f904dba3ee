/** How the processes that answer are doing, at one moment. */
import type { ListenerStatistics } from '../../engine/index.ts';
import { type AnyMeasure, summed } from '../../observe/index.ts';

/** A part of the app that has something to tell. */
export interface PartStatus {
	/** As in code: `cache`, `upstreams`. */
	readonly name: string;
	readonly statistics: unknown;
}

export interface ProcessStatus {
	readonly pid: number;
	/** Seconds. */
	readonly uptime: number;
	readonly listeners: Readonly<Record<string, ListenerStatistics>>;
	readonly parts: readonly PartStatus[];
}

export interface Snapshot {
	readonly processes: readonly ProcessStatus[];
	readonly measures: readonly AnyMeasure[];
}

/** Several processes together. */
export function together(snapshots: readonly Snapshot[]): Snapshot {
	return {
		processes: snapshots.flatMap(({ processes }) => processes),
		measures: summed(snapshots.map(({ measures }) => measures)),
	};
}

/** What listeners have counted, as measures. */
export function listenerMeasures(listeners: ProcessStatus['listeners']): AnyMeasure[] {
	return Object.entries(listeners).flatMap(([listener, statistics]) =>
		COUNTED.map(({ from, ...measure }): AnyMeasure => ({ ...measure, labels: { listener }, value: statistics[from] })),
	);
}

type Counted = {
	readonly from: keyof ListenerStatistics;
	readonly name: string;
	readonly help: string;
	readonly type: 'counter' | 'gauge';
};

const COUNTED: readonly Counted[] = [
	{ from: 'connections', name: 'turnabout_connections', help: 'Open connections', type: 'gauge' },
	{ from: 'active', name: 'turnabout_requests_active', help: 'Exchanges under way', type: 'gauge' },
	{ from: 'accepted', name: 'turnabout_connections_accepted_total', help: 'Connections accepted', type: 'counter' },
	{
		from: 'refused',
		name: 'turnabout_connections_refused_total',
		help: 'Connections refused by a limit',
		type: 'counter',
	},
	{ from: 'requests', name: 'turnabout_requests_total', help: 'Requests whose head was read', type: 'counter' },
	{
		from: 'violations',
		name: 'turnabout_violations_total',
		help: 'Connections ended because the client broke a rule',
		type: 'counter',
	},
	{ from: 'timeouts', name: 'turnabout_timeouts_total', help: 'Connections ended by a time-out', type: 'counter' },
];
