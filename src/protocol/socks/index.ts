export { SocksClient, type SocksCredentials, type SocksFailure } from './client.ts';
export type { SocksReply, SocksVersion } from './numbers.ts';
export { socksReply } from './replies.ts';
export { type SocksRequest, SocksServer } from './server.ts';
