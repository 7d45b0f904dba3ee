export {
	byActive,
	byLatency,
	type Candidate,
	type HashKey,
	LeastActive,
	type Policy,
	RoundRobin,
	TwoChoices,
} from './balance/index.ts';
export {
	type AddressesOptions,
	addresses,
	type EndpointSlicesOptions,
	endpointSlices,
	type Following,
	listed,
	type ServicesOptions,
	services,
} from './discovery/index.ts';
export { HEALTH_PATH, type HealthOptions } from './health/index.ts';
export type { MemberStatistics } from './member.ts';
export type {
	AppSpec,
	BalanceName,
	Discovery,
	EjectionOptions,
	GroupLimits,
	GroupLogEntry,
	HashBalance,
	HedgeOptions,
	RetryOptions,
	StickyOptions,
	UpstreamSpec,
	UpstreamsOptions,
	UrlSpec,
} from './options.ts';
export { BALANCES } from './settings.ts';
export { type Upstreams, type UpstreamsStatistics, upstreams } from './upstreams.ts';
