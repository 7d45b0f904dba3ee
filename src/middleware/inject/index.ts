export { type Inject, type InjectStatistics, inject } from './inject.ts';
export type { InjectHosts, InjectLogEntry, InjectOptions, InjectRule } from './options.ts';
export type { Secret } from './secret.ts';
export { type SecretFileOptions, type SecretOf, secret } from './secret-of.ts';
