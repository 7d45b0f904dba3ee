export type { Asked, Receiver } from './client-exchange.ts';
export {
	type Connector,
	type ConnectorOptions,
	type ConnectorStatistics,
	type ConnectReceiver,
	connector,
} from './connect.ts';
export type { UpstreamStatistics } from './connection-pool.ts';
export type { Resolve } from './dial-guarded.ts';
export { type AddressGuard, type PublicAddressesOptions, publicAddresses } from './guard.ts';
export {
	type PoolLimits,
	poolLimits,
	type UpstreamOptions,
	type UpstreamTimeouts,
	type UpstreamTls,
	upstreamTimeouts,
} from './options.ts';
export { type Origin, parseOrigin } from './origin.ts';
export { type Question, type QuestionOptions, question, type Reply } from './question.ts';
export { type Upstream, upstream } from './upstream.ts';
