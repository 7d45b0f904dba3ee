export type { ProxyLogEntry } from '../failure.ts';
export { allow, allowAll, deny, firstOf, upToDate } from './allow.ts';
export type { AuditRecord } from './audit.ts';
export { type AuditLog, type AuditLogOptions, auditLog } from './audit-log.ts';
export { type Destination, destination } from './destination.ts';
export { type Forward, forward } from './forward.ts';
export { type HostRule, HostRules, parseHostRule } from './host-rules.ts';
export type { Intercepted, Interceptor } from './interceptor.ts';
export type { ForwardOptions } from './options.ts';
export { isForUs } from './own-requests.ts';
export {
	type FollowedPac,
	type FollowPacOptions,
	followPac,
	type PacFileOptions,
	pacApp,
	pacFile,
} from './pac/index.ts';
export { byRule, type ChosenParents, type ParentChoice, type ParentRule } from './parents.ts';
export type { Policy, PolicyQuestion, Verdict } from './policy.ts';
export { type ReadHost, readHost } from './read-host.ts';
export type { RuleParts } from './rule-parts.ts';
export type { RuleTime, Weekday } from './rule-time.ts';
