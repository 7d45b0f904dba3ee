export type { ProxyLogEntry } from '../failure.ts';
export type { AuditRecord } from './audit.ts';
export { type Destination, destination } from './destination.ts';
export { type Forward, forward } from './forward.ts';
export type { Intercepted, Interceptor } from './interceptor.ts';
export type { ForwardOptions } from './options.ts';
export { byRule, type ParentChoice, type ParentRule } from './parents.ts';
export type { Policy, PolicyQuestion, Verdict } from './policy.ts';
export { type ReadHost, readHost } from './read-host.ts';
