/** All middleware by its public names; each piece is a folder with a front of its own, `auth` and the keys that they share stand beside. */

export {
	type AccessLog,
	type AccessLogFormat,
	type AccessLogger,
	type AccessLogOptions,
	accessLog,
} from './access-log/index.ts';
export {
	type ApiKeyLayer,
	type ApiKeyOptions,
	apiKey,
	type GeneratedApiKey,
	generateApiKey,
	type StoredApiKey,
	type VerifiedKey,
	type VerifyKey,
} from './api-key/index.ts';
export { auth } from './auth.ts';
export {
	type BasicAuth,
	type BasicAuthOptions,
	type BasicAuthStatistics,
	basicAuth,
	type HashKind,
	hashPassword,
	type VerifyPassword,
} from './basic-auth/index.ts';
export {
	type Bearer,
	type BearerOptions,
	type BearerStatistics,
	bearer,
	type JsonWebKey,
	type JsonWebKeySet,
	type RequireScopesOptions,
	requireScopes,
} from './bearer/index.ts';
export { type BodyLimitOptions, bodyLimit } from './body-limit/index.ts';
export {
	type Budget,
	type BudgetLogEntry,
	type BudgetOptions,
	type BudgetStatistics,
	type BudgetStore,
	type BudgetUsed,
	budget,
	type MemoryBudgets,
	type MemoryBudgetsOptions,
	memoryBudgets,
} from './budget/index.ts';
export { type Client, type ClientAddressOptions, client, clientAddress } from './client-address/index.ts';
export {
	type AllowCertificate,
	type CertificateFacts,
	type ClientCertificateOptions,
	clientCertificate,
} from './client-certificate/index.ts';
export {
	type Compress,
	type CompressOptions,
	type CompressStatistics,
	type ContentCoding,
	compress,
} from './compress/index.ts';
export { type CorsOptions, cors, type OriginJudge } from './cors/index.ts';
export { type CsrfOptions, csrf } from './csrf/index.ts';
export { type Decompress, type DecompressOptions, decompress } from './decompress/index.ts';
export {
	type ErrorFacts,
	type ErrorLogEntry,
	type ErrorPage,
	type ErrorsOptions,
	errors,
	type LeveledLogger,
} from './errors/index.ts';
export { type FaultsOptions, faults } from './faults/index.ts';
export { type ForwardAuth, type ForwardAuthOptions, forwardAuth } from './forward-auth/index.ts';
export {
	type Inject,
	type InjectHosts,
	type InjectLogEntry,
	type InjectOptions,
	type InjectRule,
	type InjectStatistics,
	inject,
	type Secret,
	type SecretFileOptions,
	type SecretOf,
	secret,
} from './inject/index.ts';
export { type IpAllow, type IpAllowOptions, type IpAllowStatistics, ipAllow } from './ip-allow/index.ts';
export {
	type Identity,
	identity,
	requestId as requestIdKey,
	type Session,
	session,
	type TraceContext,
	traceContext,
} from './keys.ts';
export { type Maintenance, type MaintenanceOptions, maintenance } from './maintenance/index.ts';
export { type Mirror, type MirroredAnswer, type MirrorOptions, type MirrorStatistics, mirror } from './mirror/index.ts';
export { type Oidc, type OidcOptions, type OidcTokens, type OptionalOidc, oidc } from './oidc/index.ts';
export {
	type Bucket,
	type LimitStore,
	type LimitText,
	type MemoryLimits,
	type MemoryLimitsOptions,
	memoryLimits,
	type RateLimit,
	type RateLimitLogEntry,
	type RateLimitOptions,
	type RateLimitStatistics,
	type RedisLimits,
	type RedisLimitsOptions,
	rateLimit,
	redisLimits,
	type Verdict,
} from './rate-limit/index.ts';
export {
	type CanonicalHostOptions,
	canonicalHost,
	type HttpsRedirectOptions,
	httpsRedirect,
	type RedirectRules,
	type RedirectStatus,
	type RedirectTo,
	redirect,
	type TrailingSlashOptions,
	trailingSlash,
} from './redirect/index.ts';
export type { RedisClient } from './redis-client.ts';
export { type RequestIdOptions, requestId } from './request-id/index.ts';
export { type RewriteFunction, type RewriteRules, type RewriteTo, rewrite } from './rewrite/index.ts';
export {
	type ContentSecurityPolicy,
	nonce,
	type SecurityHeadersOptions,
	type StrictTransportSecurity,
	securityHeaders,
} from './security-headers/index.ts';
export {
	type MemorySessions,
	type MemorySessionsOptions,
	type MemorySessionsStatistics,
	memorySessions,
	type RedisSessionsOptions,
	redisSessions,
	type SessionCookieOptions,
	type SessionStore,
	type Sessions,
	type SessionsOptions,
	type SqliteSessionsOptions,
	sessions,
	sqliteSessions,
} from './sessions/index.ts';
export { type Timeout, type TimeoutOptions, type TimeoutStatistics, timeout } from './timeout/index.ts';
export {
	type Telemetry,
	type TelemetrySpan,
	type TelemetryTracer,
	type TracingOptions,
	tracing,
} from './tracing/index.ts';
export {
	type Begin,
	type FromPgOptions,
	fromDrizzle,
	fromKysely,
	fromPg,
	fromPostgres,
	type Occasion,
	type SqliteOptions,
	type SqlitePool,
	sqlite,
	type Transaction,
	TransactionError,
	type TransactionErrorCode,
	type TransactionOptions,
	type Transactor,
	transaction,
} from './transaction/index.ts';
