export { type Oidc, type OidcExtras, type OidcTokens, type OptionalOidc, oidc } from './oidc.ts';
export type { OidcOptions } from './options.ts';
