export { type ErrorLogEntry, type LeveledLogger } from './error-log.ts';
export { errors } from './errors.ts';
export type { ErrorFacts, ErrorPage, ErrorsOptions } from './options.ts';
