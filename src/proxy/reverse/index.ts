export type { ProxyLogEntry } from '../failure.ts';
export { type FailureTeller, failureTeller, type ReverseMember, reverseMember } from './member.ts';
export type { CookieMapping, ForwardedOptions, OutgoingRequest, ReverseOptions } from './options.ts';
export { type Reverse, reverse } from './reverse.ts';
