export { type Client, client } from '../keys.ts';
export { clientAddress } from './client-address.ts';
export type { ClientAddressOptions } from './options.ts';
