export { type AcceptOptions, type Acceptor, accept } from './accept.ts';
export { addressRanges } from './address-ranges.ts';
export { isOwnListener, noteListener } from './own-listeners.ts';
export { resetSocket } from './reset.ts';
export { dialledOnRead, NOBODY, SocketTransport } from './socket-transport.ts';
