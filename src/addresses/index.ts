export { checkedRanges } from './address-range.ts';
export { AddressSet } from './address-set.ts';
export { customerNetwork, normalAddress } from './normal-address.ts';
export { peerHost } from './peer-host.ts';
export { type Family, readAddress } from './read-address.ts';
