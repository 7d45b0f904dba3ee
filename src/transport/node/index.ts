export { type AcceptOptions, type Acceptor, accept, type Greeting, nameEnds, type SocketEnds } from './accept.ts';
export { addressRanges } from './address-ranges.ts';
export { isOwnListener, noteListener } from './own-listeners.ts';
export { resetSocket } from './reset.ts';
export { addressOf, dialledOnRead, NOBODY, SocketTransport } from './socket-transport.ts';
export { StreamTunnel, type StreamTunnelOptions } from './stream-tunnel.ts';
