export * from './forward/index.ts';
export { type Trust, type TrustPolicy, trustPolicy } from './forwarded.ts';
export * from './reverse/index.ts';
export * from './tunnels/index.ts';
