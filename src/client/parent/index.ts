export { basicAuthorization } from './authorization.ts';
export { refusal } from './connect-handshake.ts';
export { type Onward, type ParentWay, parentDialler, wayThrough } from './dial-parent.ts';
export { type Environment, type Place, parentFromEnvironment } from './environment.ts';
export { type HostTest, hostList } from './host-list.ts';
export { noProxy } from './no-proxy.ts';
export { type Parent, type ParentOptions, parentOption, parseParent } from './parent.ts';
export { isParentUnreached, noteUnreached } from './unreached.ts';
