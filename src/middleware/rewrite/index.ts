export type { RewriteFunction, RewriteRules, RewriteTo } from './options.ts';
export { rewrite } from './rewrite.ts';
