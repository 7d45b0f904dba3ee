export { csrf } from './csrf.ts';
export type { CsrfOptions } from './options.ts';
