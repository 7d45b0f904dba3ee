export type { FetchEngineOptions } from '../fetch-settings.ts';
export { bunServe } from './bun.ts';
