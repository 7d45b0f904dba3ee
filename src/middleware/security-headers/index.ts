export { nonce } from './nonce.ts';
export type { ContentSecurityPolicy, SecurityHeadersOptions, StrictTransportSecurity } from './options.ts';
export { securityHeaders } from './security-headers.ts';
