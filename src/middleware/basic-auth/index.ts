export { type BasicAuth, type BasicAuthStatistics, basicAuth } from './basic-auth.ts';
export { type HashKind, hashPassword } from './hash-password.ts';
export type { BasicAuthOptions, VerifyPassword } from './options.ts';
