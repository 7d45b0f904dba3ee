export type { FetchEngineOptions } from '../fetch-settings.ts';
export { denoServe } from './deno.ts';
