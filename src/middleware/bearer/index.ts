export { type Bearer, type BearerStatistics, bearer } from './bearer.ts';
export type { BearerOptions, JsonWebKey, JsonWebKeySet } from './options.ts';
export { type RequireScopesOptions, requireScopes } from './require-scopes.ts';
