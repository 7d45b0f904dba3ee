export type { RequestIdOptions } from './options.ts';
export { requestId } from './request-id.ts';
