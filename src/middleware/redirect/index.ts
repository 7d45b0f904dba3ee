export { type CanonicalHostOptions, canonicalHost } from './canonical-host.ts';
export { type HttpsRedirectOptions, httpsRedirect } from './https-redirect.ts';
export type { RedirectStatus } from './location.ts';
export { type RedirectRules, type RedirectTo, redirect } from './redirect.ts';
export { type TrailingSlashOptions, trailingSlash } from './trailing-slash.ts';
