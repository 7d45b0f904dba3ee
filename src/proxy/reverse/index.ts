export type { CookieMapping, ForwardedOptions, OutgoingRequest, ProxyLogEntry, ReverseOptions } from './options.ts';
export { type Reverse, reverse } from './reverse.ts';
