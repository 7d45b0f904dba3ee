export { takesAbsoluteForm } from './absolute-form.ts';
export type { Asked, Receiver, SpokenVersion } from './client-exchange.ts';
export {
	type Connector,
	type ConnectorOptions,
	type ConnectorStatistics,
	type ConnectReceiver,
	connector,
	type Reached,
} from './connect.ts';
export type { UpstreamStatistics } from './connection-pool.ts';
export type { Resolve } from './dial-guarded.ts';
export { type AddressGuard, OWN_LISTENER, type PublicAddressesOptions, publicAddresses } from './guard.ts';
export { GuardError } from './guard-error.ts';
export {
	type Guard,
	type GuardOptions,
	guard,
	type UndiciCallback,
	type UndiciConnector,
	type UndiciTarget,
} from './guarded/index.ts';
export { refusedLiteral } from './literal.ts';
export {
	HTTP_VERSIONS,
	type HttpVersion,
	type PoolLimits,
	poolLimits,
	type UpstreamOptions,
	type UpstreamTimeouts,
	type UpstreamTls,
	upstreamTimeouts,
} from './options.ts';
export { type Origin, parseOrigin } from './origin.ts';
export {
	type HostTest,
	hostList,
	isParentUnreached,
	noProxy,
	type Parent,
	type ParentOptions,
	type Place,
	parentFromEnvironment,
	parseParent,
} from './parent/index.ts';
export { type Question, type QuestionOptions, question, type Reply } from './question.ts';
export { reach } from './reach.ts';
export { type Upstream, upstream, upstreamsSharing } from './upstream.ts';
export { viaParent } from './via-parent.ts';
