export * from './forward/index.ts';
export { forwardedAddress, type Trust, type TrustPolicy, trustPolicy } from './forwarded.ts';
export * from './reverse/index.ts';
