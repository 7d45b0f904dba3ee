export { Certificates } from './certificates.ts';
export { tlsFaults } from './faults.ts';
export {
	type CertificateFiles,
	type CertificateOptions,
	type CertificatePem,
	certificatesIn,
	type TlsOptions,
	type TlsRules,
} from './options.ts';
export { TicketKeys } from './ticket-keys.ts';
