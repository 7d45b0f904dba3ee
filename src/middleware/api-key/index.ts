export { type ApiKeyLayer, apiKey } from './api-key.ts';
export { type GeneratedApiKey, generateApiKey } from './generate.ts';
export type { ApiKeyOptions, VerifiedKey, VerifyKey } from './options.ts';
export type { StoredApiKey } from './stored-keys.ts';
