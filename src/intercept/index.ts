export {
	type Authority,
	type CertificateAuthority,
	type CertificateAuthorityOptions,
	certificateAuthority,
} from './certificate-authority.ts';
export { describeAuthority } from './describe-authority.ts';
export { developmentTls } from './development-tls.ts';
export { type Intercept, type InterceptStatistics, intercept } from './intercept.ts';
export type { InterceptLogEntry, InterceptOptions } from './options.ts';
export { type TrustNote, trustNotes } from './trust-notes.ts';
