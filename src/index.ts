/**
 * Turnabout's public names, all from one import. The house has more rooms than this page shows: what is not listed here
 * may change from one release to the next.
 */

export type { FileRange, Sink, Source, Tunnel } from './bytes/index.ts';
export {
	bytesSource,
	chunks,
	collect,
	fromIterable,
	fromReadable,
	join,
	mapped,
	pipe,
	tee,
	toReadable,
} from './bytes/index.ts';
export {
	type FastCgi,
	type FastCgiEnv,
	type FastCgiLogEntry,
	type FastCgiOptions,
	type FastCgiPoolLimits,
	type FastCgiRequestBody,
	type FastCgiTimeouts,
	fastCgiPool,
	fastCgiTimeouts,
	fastcgi,
} from './client/fastcgi/index.ts';
export {
	type AddressGuard,
	noProxy,
	type Parent,
	type ParentOptions,
	type Place,
	parentFromEnvironment,
	parseParent,
	publicAddresses,
	refusedLiteral,
	type Upstream,
	type UpstreamOptions,
	type UpstreamStatistics,
	upstream,
} from './client/index.ts';
export {
	type Abilities,
	Abort,
	type Address,
	type AnswerStep,
	type App,
	type AppKnowing,
	type Composition,
	type Connection,
	type Context,
	DerivedContext,
	Disconnected,
	deadline,
	derive,
	type ExplainedStep,
	type Explanation,
	explain,
	type FieldNote,
	HttpError,
	installLightResponse,
	type Key,
	type Knowing,
	key,
	known,
	type Layer,
	type LayerNote,
	LintError,
	layer,
	lint,
	type Middleware,
	type Misfit,
	mount,
	type Need,
	type Outcome,
	type Part,
	type Payload,
	ProtocolError,
	type ProxyStatusError,
	partsOf,
	type RawRequest,
	type RawResponse,
	type ResponseOptions,
	raw,
	rawResponse,
	respond,
	type Served,
	type State,
	stack,
	UpstreamError,
	whenAnswered,
} from './convention/index.ts';
export { bunServe, type FetchEngineOptions } from './engine/bun/index.ts';
export { denoServe } from './engine/deno/index.ts';
export { type AlsoSpoken, type EngineLogEntry, type H1EngineOptions, h1 } from './engine/h1/index.ts';
export { type Http2EngineOptions, type Http2Limits, http2, http2Limits } from './engine/h2/index.ts';
export type { Engine, Listener, ListenerStatistics, ListenOptions, TlsOptions } from './engine/index.ts';
export { ask, exchange, type MemoryAnswer, type MemoryRequest, memory } from './engine/memory/index.ts';
export { nodeHttp } from './engine/node-http/index.ts';
export { socks } from './engine/socks/index.ts';
export {
	type CookieAttributes,
	FieldList,
	type Fields,
	type FieldsInit,
	formatSetCookie,
	parseCookies,
	type RawFields,
} from './fields/index.ts';
export { type FilesOptions, files, type Precompressed } from './files/index.ts';
export {
	type ThreadLogEntry,
	type Threads,
	type ThreadsOptions,
	type ThreadsStatistics,
	threads,
} from './frameworks/blocking/index.ts';
export {
	type ConnectMiddleware,
	connectLayer,
	type FetchExecution,
	type FetchHandler,
	type FromNodeOptions,
	type FromNodeUpgradeOptions,
	fetchEnvironment,
	fromNode,
	fromNodeUpgrade,
	type NodeApp,
	type NodeHandler,
	type NodeListener,
	type ToNodeOptions,
	toFetch,
	toNode,
	type UpgradeHandler,
} from './frameworks/node/index.ts';
export {
	type Program,
	type ProgramOptions,
	type ProgramState,
	type ProgramStatistics,
	type ProgramTimeouts,
	program,
} from './frameworks/program/index.ts';
export { asgi, type PythonOptions, wsgi } from './frameworks/python/index.ts';
export {
	type Authority,
	type CertificateAuthority,
	type CertificateAuthorityOptions,
	certificateAuthority,
	type Intercept,
	type InterceptLogEntry,
	type InterceptOptions,
	type InterceptStatistics,
	intercept,
} from './intercept/index.ts';
export {
	type AccessLog,
	type AccessLogFormat,
	type AccessLogger,
	type AccessLogOptions,
	accessLog,
} from './middleware/access-log/index.ts';
export {
	type ApiKeyLayer,
	type ApiKeyOptions,
	apiKey,
	type GeneratedApiKey,
	generateApiKey,
	type StoredApiKey,
	type VerifiedKey,
	type VerifyKey,
} from './middleware/api-key/index.ts';
export {
	type BasicAuth,
	type BasicAuthOptions,
	type BasicAuthStatistics,
	basicAuth,
	type HashKind,
	hashPassword,
	type VerifyPassword,
} from './middleware/basic-auth/index.ts';
export {
	type Bearer,
	type BearerOptions,
	type BearerStatistics,
	bearer,
	type JsonWebKey,
	type JsonWebKeySet,
	type RequireScopesOptions,
	requireScopes,
} from './middleware/bearer/index.ts';
export { type BodyLimitOptions, bodyLimit } from './middleware/body-limit/index.ts';
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
} from './middleware/budget/index.ts';
export { type Client, type ClientAddressOptions, client, clientAddress } from './middleware/client-address/index.ts';
export {
	type AllowCertificate,
	type CertificateFacts,
	type ClientCertificateOptions,
	clientCertificate,
} from './middleware/client-certificate/index.ts';
export {
	type Compress,
	type CompressOptions,
	type CompressStatistics,
	type ContentCoding,
	compress,
} from './middleware/compress/index.ts';
export { type CorsOptions, cors, type OriginJudge } from './middleware/cors/index.ts';
export { type CsrfOptions, csrf } from './middleware/csrf/index.ts';
export { type Decompress, type DecompressOptions, decompress } from './middleware/decompress/index.ts';
export {
	type ErrorFacts,
	type ErrorLogEntry,
	type ErrorPage,
	type ErrorsOptions,
	errors,
	type LeveledLogger,
} from './middleware/errors/index.ts';
export { type ForwardAuth, type ForwardAuthOptions, forwardAuth } from './middleware/forward-auth/index.ts';
export {
	auth,
	type Identity,
	identity,
	type RedisClient,
	requestIdKey,
	type Session,
	session,
} from './middleware/index.ts';
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
} from './middleware/inject/index.ts';
export { type IpAllow, type IpAllowOptions, type IpAllowStatistics, ipAllow } from './middleware/ip-allow/index.ts';
export { type Maintenance, type MaintenanceOptions, maintenance } from './middleware/maintenance/index.ts';
export { type Oidc, type OidcOptions, type OidcTokens, type OptionalOidc, oidc } from './middleware/oidc/index.ts';
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
} from './middleware/rate-limit/index.ts';
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
} from './middleware/redirect/index.ts';
export { type RequestIdOptions, requestId } from './middleware/request-id/index.ts';
export { type RewriteFunction, type RewriteRules, type RewriteTo, rewrite } from './middleware/rewrite/index.ts';
export {
	type ContentSecurityPolicy,
	nonce,
	type SecurityHeadersOptions,
	type StrictTransportSecurity,
	securityHeaders,
} from './middleware/security-headers/index.ts';
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
} from './middleware/sessions/index.ts';
export { type Timeout, type TimeoutOptions, type TimeoutStatistics, timeout } from './middleware/timeout/index.ts';
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
} from './middleware/transaction/index.ts';
export {
	type AuditLog,
	type AuditLogOptions,
	type AuditRecord,
	allow,
	allowAll,
	auditLog,
	byRule,
	type ChosenParents,
	type Destination,
	deny,
	destination,
	type FollowedPac,
	type FollowPacOptions,
	type Forward,
	type ForwardOptions,
	firstOf,
	followPac,
	forward,
	type Intercepted,
	type Interceptor,
	type OutgoingRequest,
	type PacFileOptions,
	type ParentChoice,
	type ParentRule,
	type Policy,
	type PolicyQuestion,
	type ProxyLogEntry,
	pacApp,
	pacFile,
	type Reverse,
	type ReverseOptions,
	type RuleParts,
	type RuleTime,
	reverse,
	type Trust,
	trustPolicy,
	type Verdict as PolicyVerdict,
	type Weekday,
} from './proxy/index.ts';
export {
	explainRoutes,
	type ParamsOf,
	params,
	type RouteApp,
	type RouteContext,
	type RouteRow,
	type RouteServable,
	type RoutesOptions,
	type RouteTarget,
	routes,
} from './routing/index.ts';
export {
	type Config,
	defineConfig,
	type EngineName,
	type Resource,
	type Running,
	type ServeOptions,
	StartError,
	serve,
} from './serve/index.ts';
