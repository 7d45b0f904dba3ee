export { bodyLimit } from './body-limit.ts';
export type { BodyLimitOptions } from './options.ts';
