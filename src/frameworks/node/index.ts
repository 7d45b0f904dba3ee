export { type ConnectMiddleware, connectLayer } from './connect-layer.ts';
export { type FastifyLike, type FromNodeOptions, fromNode, type NodeApp } from './from-node.ts';
export { type FromNodeUpgradeOptions, fromNodeUpgrade, type UpgradeHandler } from './from-node-upgrade.ts';
export type { NodeHandler } from './node-exchange.ts';
export { type FetchExecution, type FetchHandler, fetchEnvironment, toFetch } from './to-fetch.ts';
export { type NodeListener, type ToNodeOptions, toNode } from './to-node.ts';
