export { type AcceptOptions, type Acceptor, accept } from './accept.ts';
export { addressRanges } from './address-ranges.ts';
export { dialledOnRead, NOBODY, SocketTransport } from './socket-transport.ts';
