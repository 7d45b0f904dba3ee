/** What is measured of a group: names of upstreams are the operator's, and so are their number. */
import type { AnyMeasure } from '../observe/index.ts';
import type { Group } from './group.ts';
import type { Member } from './member.ts';

interface Row {
	readonly name: string;
	readonly help: string;
	readonly type: 'counter' | 'gauge';
	readonly of: (member: Member) => number;
}

const ROWS: readonly Row[] = [
	{
		name: 'turnabout_upstream_up',
		help: 'Processes that ask the upstream',
		type: 'gauge',
		of: (member) => (member.isReady ? 1 : 0),
	},
	{ name: 'turnabout_upstream_active', help: 'Exchanges under way', type: 'gauge', of: ({ active }) => active },
	{
		name: 'turnabout_upstream_requests_total',
		help: 'Exchanges with the upstream',
		type: 'counter',
		of: ({ requests }) => requests,
	},
	{
		name: 'turnabout_upstream_failures_total',
		help: 'Exchanges that failed',
		type: 'counter',
		of: ({ failures }) => failures,
	},
	{
		name: 'turnabout_upstream_ejections_total',
		help: 'How often the upstream was left alone',
		type: 'counter',
		of: ({ breaker }) => breaker?.ejections ?? 0,
	},
];

export function groupMeasures({ members, queued, retried, refused }: Group): AnyMeasure[] {
	const each = members.flatMap((member) =>
		ROWS.map(({ of, ...row }): AnyMeasure => ({ ...row, labels: { upstream: member.name }, value: of(member) })),
	);
	return [
		...each,
		{ name: 'turnabout_upstreams_queued', help: 'Requests that wait for room', type: 'gauge', value: queued },
		{ name: 'turnabout_upstreams_retried_total', help: 'Requests sent again', type: 'counter', value: retried },
		{ name: 'turnabout_upstreams_refused_total', help: 'Requests that nobody took', type: 'counter', value: refused },
	];
}
