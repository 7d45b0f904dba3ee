export type { CertificateFacts } from './certificate-facts.ts';
export { clientCertificate } from './client-certificate.ts';
export type { AllowCertificate, ClientCertificateOptions } from './options.ts';
