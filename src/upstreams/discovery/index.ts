export { type AddressesOptions, addresses } from './addresses.ts';
export { type EndpointSlicesOptions, endpointSlices } from './endpoint-slices.ts';
export type { Following } from './following.ts';
export { listed } from './listed.ts';
export { type ServicesOptions, services } from './services.ts';
