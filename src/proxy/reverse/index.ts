export type { ProxyLogEntry } from '../failure.ts';
export type { CookieMapping, ForwardedOptions, OutgoingRequest, ReverseOptions } from './options.ts';
export { type Reverse, reverse } from './reverse.ts';
