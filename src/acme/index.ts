export { type Acme, type AcmeStatistics, acme } from './acme.ts';
export type { AcmeClientModule, AcmeOptions, DnsHook } from './options.ts';
