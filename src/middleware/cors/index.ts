export { cors } from './cors.ts';
export type { CorsOptions, OriginJudge } from './options.ts';
