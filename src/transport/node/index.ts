export { type AcceptOptions, type Acceptor, accept } from './accept.ts';
export { dialledOnRead, SocketTransport } from './socket-transport.ts';
