export { SocksClient, type SocksCredentials, type SocksFailure } from './client.ts';
