export {
	type Authority,
	type CertificateAuthority,
	type CertificateAuthorityOptions,
	certificateAuthority,
} from './certificate-authority.ts';
export { type Intercept, type InterceptStatistics, intercept } from './intercept.ts';
export type { InterceptLogEntry, InterceptOptions } from './options.ts';
