export { checkDestination, type TcpEngineOptions, tcp, tcpHost } from './tcp.ts';
