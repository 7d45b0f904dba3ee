export { type Member, Roster } from './roster.ts';
export { Timer, type TimerOwner, TimerWheel, wheel } from './timer-wheel.ts';
export type { Transport, TransportHandler } from './transport.ts';
export { TransportTunnel, type TunnelOwner, type TunnelPatience } from './tunnel.ts';
export { type TunnelEnds, TunnelTransport } from './tunnel-transport.ts';
